"""Who is a section's clerk has the role clerk (庶務担当) while it lasts, and nobody else."""

from datetime import date, timedelta
from typing import Any

import pytest

from niwari.clock import tokyo_day
from niwari.directory.clerks import end_clerk, name_clerk
from niwari.identity.roles.explaining import Reason, explain
from niwari.identity.roles.holders import posts_in
from niwari.identity.roles.mapping import change
from niwari.identity.roles.rules import roles_of
from niwari.identity.sessions.stored import open_session, read_session

CLERK = "staff3@koriyama"


@pytest.fixture
def named(world: Any) -> Any:
    """Somebody who is named clerk of the own section from tomorrow to the day after."""
    hr = world.ctx_for("hr@koriyama")
    section = world.ctx_for(CLERK).acting.section_id
    first = hr.today + timedelta(days=1)
    return name_clerk(hr, section, login=CLERK, starts_on=first, ends_on=first + timedelta(days=1))


def roles_in_session(world: Any, login: str) -> frozenset[str]:
    """Return the roles that a session reads: by another query than ``roles_of``."""
    token = open_session(
        world.settings, world.clock(), appointment_id=world.ctx_for(login).acting.id
    )
    state = read_session(world.settings, world.clock(), token)
    assert state is not None
    assert state.person is not None
    return state.person.roles


@pytest.mark.parametrize(("days", "is_clerk"), [(0, False), (1, True), (2, True), (3, False)])
def test_on_its_days_alone(world: Any, named: Any, days: int, is_clerk: bool) -> None:
    world.clock.advance(days=days)
    post = world.ctx_for(CLERK).acting.id
    assert ("clerk" in roles_in_session(world, CLERK)) is is_clerk
    assert ("clerk" in roles_of(post, world.clock())) is is_clerk
    day: date = tokyo_day(world.clock())
    holders = {row[0] for row in posts_in(["clerk"], [named.section.municipality_id], day).tuples()}
    assert holders == ({post} if is_clerk else set())


def test_not_once_it_has_been_ended(world: Any, named: Any) -> None:
    world.clock.advance(days=1)
    end_clerk(world.ctx_for("hr@koriyama"), named.id)
    assert "clerk" not in roles_in_session(world, CLERK)
    assert "clerk" not in roles_of(world.ctx_for(CLERK).acting.id, world.clock())


def test_it_is_explained_and_brings_entering_for_others(world: Any, named: Any) -> None:
    world.clock.advance(days=1)
    ctx = world.ctx_for(CLERK)
    found = explain(ctx, world.host.permissions(), ctx.acting.id)
    assert Reason("clerk") in found.reasons
    (ability,) = [one for one in found.held if one.permission.code == "ledger.enter"]
    assert [way.role for way in ability.ways] == ["clerk"]
    assert (
        "代わりに入力する庶務担当の役割です" in world.client_for(CLERK).get("/my/permissions").text
    )


def test_a_municipality_can_map_it(world: Any, named: Any) -> None:
    world.clock.advance(days=1)
    it = world.ctx_for("it@koriyama")
    declared = world.host.plugins["ledger"].contributions.permissions
    kept = {(role, one.code) for one in declared for role in one.roles if role != "clerk"}
    change(it, "ledger", declared, kept, it.municipality.revision)
    assert world.client_for(CLERK).get("/ledger/entering").status_code == 403
