"""Sealed files of transfers: kept, moved, replaced, withdrawn, by whom and how they lie there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from peewee import IntegrityError

from niwari.audit.models import AuditEntry, AuditValue
from niwari.clock import TOKYO
from niwari.context import Context
from niwari.db import database, transaction
from niwari.directory.transfers import keeping, listing, towns
from niwari.directory.transfers.keeping import (
    MOST_OPEN,
    BadRelease,
    NotOpen,
    SealDoesNotOpen,
    TooManySealed,
)
from niwari.directory.transfers.models import SealedTransfer
from niwari.directory.transfers.releasing import release_due
from niwari.errors import NotFound
from niwari.identity.models import RoleGrant
from niwari.identity.roles.mapping import NotForChanging, change
from niwari.keyring import keyring
from niwari.rest.scopes import offered_scopes
from niwari.rest.views import operations
from niwari.specs.contributions import ROLES
from niwari.testing.world import World
from tests.core.directory.sealed import (
    HR,
    NEIGHBOUR,
    RELEASE,
    WORDS,
    keep,
    people,
    plan_ahead,
    row_of,
)

Act = Callable[[Context, int], object]

ACTS: list[Any] = [
    pytest.param(keeping.open_transfer, id="open"),
    pytest.param(lambda ctx, one: keeping.move_release(ctx, one, LATER), id="move"),
    pytest.param(lambda ctx, one: keeping.replace(ctx, one, "x", people({}), LATER), id="replace"),
    pytest.param(keeping.withdraw, id="withdraw"),
]
LATER = RELEASE + timedelta(days=1)


def acts() -> list[str]:
    """The acts about sealed files in the audit, the oldest first."""
    query = AuditEntry.select().where(AuditEntry.object_kind == "sealed_transfer")
    return [entry.action.rpartition("_")[2] for entry in query.order_by(AuditEntry.id)]


def neighbour(world: World) -> Context:
    """HR of the town beside it, which plans ahead too."""
    RoleGrant.insert(appointment=world.ctx_for(NEIGHBOUR).acting.id, role="hr").execute()
    plan_ahead(world, NEIGHBOUR)
    return world.ctx_for(NEIGHBOUR)


def test_it_is_off_until_hr_switches_it_on(world: World) -> None:
    ctx = world.ctx_for(HR)
    with pytest.raises(NotFound):
        keeping.keep(ctx, "表.csv", people({}), RELEASE)
    with pytest.raises(NotFound):
        listing.open_transfers(ctx)
    plan_ahead(world)
    assert listing.open_transfers(world.ctx_for(HR)) == []


def test_a_kept_file_is_listed_by_name_release_and_keeper(world: World) -> None:
    keep(world)
    (one,) = listing.open_transfers(world.ctx_for(HR))
    assert (one.name, one.state) == ("百年史.csv", "sealed")
    assert one.kept_by == world.ctx_for(HR).acting.person_name
    assert one.release_at == RELEASE


def test_it_opens_as_it_was_kept_and_that_is_in_the_audit(world: World) -> None:
    one = keep(world)
    opened = keeping.open_transfer(world.ctx_for(HR), one)
    assert (opened.name, opened.data) == ("百年史.csv", people({}))
    assert acts() == ["keep", "open"]


def test_the_audit_names_nobody_no_file_and_no_release(world: World) -> None:
    one = keep(world)
    ctx = world.ctx_for(HR)
    keeping.open_transfer(ctx, one)
    keeping.move_release(ctx, one, LATER)
    keeping.replace(ctx, one, "別.csv", people({}), LATER)
    keeping.withdraw(ctx, one)
    assert acts() == ["keep", "open", "move", "replace", "withdraw"]
    rows = AuditEntry.select().where(AuditEntry.object_kind == "sealed_transfer")
    assert {(row.details, row.values_hash, row.actor_id) for row in rows} == {
        ("{}", None, ctx.acting.id)
    }
    assert AuditValue.select().count() == 0


@pytest.mark.parametrize("act", ACTS)
def test_for_the_neighbours_hr_there_is_no_such_file(world: World, act: Act) -> None:
    one = keep(world)
    with pytest.raises(NotFound):
        act(neighbour(world), one)
    assert acts() == ["keep"]
    assert listing.open_transfers(world.ctx_for(NEIGHBOUR)) == []


@pytest.mark.parametrize("act", ACTS[:3])
def test_what_was_withdrawn_is_not_touched_any_more(world: World, act: Act) -> None:
    one = keep(world)
    keeping.withdraw(world.ctx_for(HR), one)
    with pytest.raises(NotOpen):
        act(world.ctx_for(HR), one)
    assert acts() == ["keep", "withdraw"]


@pytest.mark.parametrize("act", ACTS)
def test_what_was_released_is_not_touched_any_more(world: World, act: Act) -> None:
    one = keep(world)
    release_due(RELEASE)
    with pytest.raises(NotOpen):
        act(world.ctx_for(HR), one)


def test_withdrawing_erases_the_file_and_once_more_changes_nothing(world: World) -> None:
    one = keep(world)
    keeping.withdraw(world.ctx_for(HR), one)
    keeping.withdraw(world.ctx_for(HR), one)
    row = row_of(one)
    assert (row.state, row.name, row.content) == ("withdrawn", "", "")
    assert acts() == ["keep", "withdraw"]


@pytest.mark.parametrize("state", ["released", "withdrawn"])
def test_the_database_refuses_a_last_state_with_a_file_in_it(world: World, state: str) -> None:
    one = keep(world)
    added = 1 if state == "released" else None
    change = SealedTransfer.update(state=state, added=added).where(SealedTransfer.id == one)
    with pytest.raises(IntegrityError), transaction(world.ctx_for(HR)):
        change.execute()
    assert row_of(one).state == "sealed"


def test_moving_to_the_same_instant_is_no_act(world: World) -> None:
    one = keep(world)
    keeping.move_release(world.ctx_for(HR), one, RELEASE)
    assert acts() == ["keep"]


@pytest.mark.parametrize(
    "release_at",
    [
        datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO),
        datetime(2026, 11, 10, 8, 59, tzinfo=TOKYO),
        datetime(2027, 11, 12, 9, 0, tzinfo=TOKYO),
        datetime(1, 1, 1, tzinfo=TOKYO),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_a_release_that_is_over_or_too_far_away_is_refused(
    world: World, release_at: datetime
) -> None:
    with pytest.raises(BadRelease):
        keep(world, release_at=release_at)
    one = keep(world)
    with pytest.raises(BadRelease):
        keeping.move_release(world.ctx_for(HR), one, release_at)
    assert row_of(one).release_at == RELEASE


def test_a_town_keeps_a_bounded_number_at_a_time(world: World) -> None:
    ones = [keep(world) for _ in range(MOST_OPEN)]
    with pytest.raises(TooManySealed):
        keep(world)
    keeping.withdraw(world.ctx_for(HR), ones[0])
    keep(world)


def test_no_word_of_the_file_and_not_its_length_lies_in_the_row(world: World) -> None:
    short = row_of(keep(world))
    many = people(*({"login": f"n{n}@koriyama", "name": f"職員{n}"} for n in range(400)))
    long = row_of(keep(world, many))
    assert len(short.content) == len(long.content)
    assert not [word for word in WORDS for row in (short, long) if word in row.content + row.name]
    assert (short.added, short.changed, short.ended) == (None, None, None)


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param({"release_at": RELEASE - timedelta(days=3)}, id="its release"),
        pytest.param({"content": "", "name": ""}, id="its content"),
    ],
)
def test_a_row_that_was_changed_in_the_database_does_not_open(
    world: World, moved: dict[str, Any]
) -> None:
    one = keep(world)
    SealedTransfer.update(**moved).where(SealedTransfer.id == one).execute()
    ctx = world.ctx_for(HR)
    assert keeping.open_transfer(ctx, one).data is None
    with pytest.raises(SealDoesNotOpen):
        keeping.move_release(ctx, one, LATER)
    keeping.replace(ctx, one, "表.csv", people({}), LATER)
    assert keeping.open_transfer(ctx, one).data == people({})


def test_a_seal_that_is_moved_into_another_row_does_not_open(world: World) -> None:
    one, other = keep(world), keep(world, people({"login": "b@koriyama"}))
    SealedTransfer.update(content=row_of(one).content).where(SealedTransfer.id == other).execute()
    assert keeping.open_transfer(world.ctx_for(HR), other).data is None


def test_a_new_key_opens_what_an_older_one_sealed(world: World) -> None:
    one = keep(world)
    keyring().rotate()
    assert keeping.open_transfer(world.ctx_for(HR), one).data == people({})


def test_switching_off_is_refused_while_a_file_is_sealed(world: World) -> None:
    one = keep(world)
    with pytest.raises(towns.StillSealed):
        towns.choose(world.ctx_for(HR), planned=False)
    assert towns.is_planning(world.ctx_for(HR))
    keeping.withdraw(world.ctx_for(HR), one)
    towns.choose(world.ctx_for(HR), planned=False)
    assert not towns.is_planning(world.ctx_for(HR))


def test_whoever_began_before_it_was_switched_off_keeps_nothing_after(world: World) -> None:
    plan_ahead(world)
    began_before = world.ctx_for(HR)
    towns.choose(world.ctx_for(HR), planned=False)
    with pytest.raises(NotFound):
        keeping.keep(began_before, "表.csv", people({}), RELEASE)
    assert SealedTransfer.select().count() == 0


def test_the_list_of_what_is_done_goes_on_below_a_page(world: World) -> None:
    plan_ahead(world)
    post = world.ctx_for(HR).acting.id
    town = world.ctx_for(HR).municipality.id
    values = {"municipality": town, "kept_by": post, "kept_at": RELEASE, "release_at": RELEASE}
    states = [{"state": "withdrawn", "added": None}, {"state": "released", "added": 1}]
    SealedTransfer.insert_many([values | states[n % 2] for n in range(120)]).execute()
    found: list[int] = []
    before: int | None = 2**31 - 1
    for _page in range(3):
        assert before is not None
        shown, before = listing.closed_transfers(world.ctx_for(HR), before)
        found += [one.id for one in shown]
    assert before is None
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 120


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"hr"}))
def test_no_role_map_hands_it_to_another_role(world: World, role: Any) -> None:
    declared = world.host.plugins["directory"].contributions.permissions
    given = {(r, one.code) for one in declared for r in one.roles}
    ctx = world.ctx_for("it@koriyama")
    with pytest.raises(NotForChanging):
        change(
            ctx, "directory", declared, given | {(role, towns.MANAGE)}, ctx.municipality.revision
        )


def test_a_row_in_the_role_map_gives_it_to_nobody(world: World) -> None:
    database.execute_sql(
        "INSERT INTO host_role_permission "
        "(municipality_id, role, permission, is_given, changed_at) SELECT id, 'it', "
        "'directory.transfers.manage', TRUE, '2026-11-10' FROM directory_municipality"
    )
    database.execute_sql("UPDATE directory_municipality SET revision = revision + 1")
    assert not world.ctx_for("it@koriyama").may(towns.MANAGE)
    assert world.ctx_for(HR).may(towns.MANAGE)


def test_no_api_token_can_be_given_it(world: World) -> None:
    for of_municipality in (False, True):
        offered = offered_scopes(
            world.ctx_for(HR), operations.all.values(), of_municipality=of_municipality
        )
        assert towns.MANAGE not in offered
