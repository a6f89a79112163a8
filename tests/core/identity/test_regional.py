"""The region's own role: who gives it in which towns, with whom it does not meet, what always stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from niwari.audit.models import AuditEntry
from niwari.audit.values import changes
from niwari.context import Context
from niwari.directory.models import Municipality, Region, RegionMembership
from niwari.directory.system import system_context
from niwari.errors import NotFound
from niwari.identity.models import RoleGrant
from niwari.identity.roles.grants import (
    KeptApart,
    KeptApartInRegion,
    NoReason,
    OwnRole,
    RegionalRole,
    grant_role,
    revoke_role,
)
from niwari.identity.roles.regional import LastOfRegion, candidate, region_holders
from niwari.testing.world import MIHARU, World

SECRETARIAT, OTHER, STAFF = "secretariat", "staff@sukagawa", "staff@koriyama"

Ctx = Callable[[str], Context]


def give(ctx: Context, post: int, reason: str = "担当の交代", **more: object) -> bool:
    return grant_role(ctx, post, "secretariat", reason=reason, **more)  # type: ignore[arg-type]


def holders_of(ctx: Context) -> list[str]:
    return [one.person_name for one in region_holders(ctx).people]


def leave_the_region(code: str) -> None:
    """Let the town be of a region of its own."""
    town = Municipality.get(Municipality.code == code)
    other = Region.create(code="elsewhere", name="別の広域圏")
    RegionMembership.update(region=other).where(RegionMembership.municipality == town).execute()


def test_the_secretariat_gives_its_role_in_another_town_and_says_why(ctx_for: Ctx) -> None:
    ctx, post = ctx_for(SECRETARIAT), ctx_for(OTHER).acting.id
    assert give(ctx, post)
    (new,) = [one for one in region_holders(ctx).people if one.appointment_id == post]
    assert (new.municipality, new.granted_by, new.reason, new.granted_at) == (
        "須賀川市",
        "事務局一",
        "担当の交代",
        ctx.now,
    )
    entry = AuditEntry.get(AuditEntry.values_hash.is_null(False))
    assert (entry.action, entry.object_id) == ("identity.grant_role", post)
    assert entry.municipality_id == ctx_for(OTHER).municipality.id
    assert changes([entry.id])[entry.id].after == {"reason": "担当の交代"}
    assert "担当の交代" not in entry.details


def test_giving_it_again_changes_nothing(ctx_for: Ctx) -> None:
    ctx, post = ctx_for(SECRETARIAT), ctx_for(OTHER).acting.id
    assert give(ctx, post)
    assert not give(ctx, post)


@pytest.mark.parametrize("reason", ["", "  ", "あ" * 201])
def test_without_a_reason_that_fits_nothing_is_given(ctx_for: Ctx, reason: str) -> None:
    with pytest.raises(NoReason):
        give(ctx_for(SECRETARIAT), ctx_for(OTHER).acting.id, reason)
    assert RoleGrant.select().where(RoleGrant.role == "secretariat").count() == 1


def test_nobody_gives_it_to_themself(ctx_for: Ctx) -> None:
    ctx = ctx_for(SECRETARIAT)
    with pytest.raises(OwnRole):
        give(ctx, ctx.acting.id, ends_on=ctx.today)


@pytest.mark.parametrize("login", ["it@koriyama", "hr@koriyama"])
def test_a_towns_it_and_hr_neither_give_nor_take_it(ctx_for: Ctx, login: str) -> None:
    with pytest.raises(RegionalRole):
        give(ctx_for(login), ctx_for(STAFF).acting.id)
    with pytest.raises(RegionalRole):
        revoke_role(ctx_for(login), ctx_for(SECRETARIAT).acting.id, "secretariat")


def test_another_regions_secretariat_finds_nobody_here(world: World, ctx_for: Ctx) -> None:
    leave_the_region(MIHARU)
    give(system_context(world.clock(), "test"), ctx_for("staff@miharu").acting.id)
    theirs, post = ctx_for("staff@miharu"), ctx_for(SECRETARIAT).acting.id
    assert holders_of(theirs) == [theirs.acting.person_name]
    assert theirs.acting.person_name not in holders_of(ctx_for(SECRETARIAT))
    with pytest.raises(NotFound):
        candidate(theirs, post)
    with pytest.raises(NotFound):
        give(theirs, ctx_for(STAFF).acting.id)
    with pytest.raises(NotFound):
        revoke_role(theirs, post, "secretariat")


def test_the_last_one_does_not_take_their_own_role(ctx_for: Ctx) -> None:
    ctx, other = ctx_for(SECRETARIAT), ctx_for(OTHER)
    with pytest.raises(LastOfRegion):
        revoke_role(ctx, ctx.acting.id, "secretariat")
    give(ctx, other.acting.id, ends_on=ctx.today + timedelta(days=30))
    with pytest.raises(LastOfRegion):
        revoke_role(ctx, ctx.acting.id, "secretariat")
    give(ctx, other.acting.id)
    assert revoke_role(ctx, ctx.acting.id, "secretariat")
    assert holders_of(ctx_for(OTHER)) == [other.acting.person_name]


def test_a_secretariat_of_another_region_does_not_count_as_one_that_stays(
    world: World, ctx_for: Ctx
) -> None:
    leave_the_region(MIHARU)
    give(system_context(world.clock(), "test"), ctx_for("staff@miharu").acting.id)
    ctx = ctx_for(SECRETARIAT)
    with pytest.raises(LastOfRegion):
        revoke_role(ctx, ctx.acting.id, "secretariat")


def test_an_auditor_is_not_of_the_secretariat_nor_the_other_way(world: World, ctx_for: Ctx) -> None:
    auditor = ctx_for("director-seisaku@koriyama").acting.id
    with pytest.raises(KeptApartInRegion):
        give(ctx_for(SECRETARIAT), auditor)
    with pytest.raises(KeptApart):
        grant_role(ctx_for("it@koriyama"), ctx_for(SECRETARIAT).acting.id, "auditor")
    with pytest.raises(KeptApart):
        grant_role(system_context(world.clock(), "test"), ctx_for(SECRETARIAT).acting.id, "auditor")
