"""Giving roles and taking them away: who may, to whom, and what always remains."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.context import Context
from niwari.directory.models import Appointment
from niwari.directory.system import system_context
from niwari.errors import NotFound
from niwari.identity.models import RoleGrant
from niwari.identity.roles.grants import (
    EndsTooEarly,
    KeptApart,
    LastKeeper,
    NotHere,
    OwnRole,
    RegionalRole,
    UnknownRole,
    grant_role,
    post_of,
    revoke_role,
)
from niwari.identity.roles.rules import roles_of
from niwari.testing.world import World

IT, HR, STAFF = "it@koriyama", "hr@koriyama", "staff@koriyama"

Ctx = Callable[[str], Context]


def grants(post: int) -> list[str]:
    return [grant.role for grant in RoleGrant.select().where(RoleGrant.appointment == post)]


def acts(action: str) -> list[dict[str, Any]]:
    query = AuditEntry.select().where(
        (AuditEntry.action == action) & AuditEntry.actor_id.is_null(False)
    )
    return [json.loads(entry.details) for entry in query.order_by(AuditEntry.id)]


def system(world: World) -> Context:
    return system_context(world.clock(), "test")


def test_a_role_tells_who_gave_it_when_and_until_when(world: World, ctx_for: Ctx) -> None:
    it, post = ctx_for(IT), ctx_for(STAFF).acting.id
    assert grant_role(it, post, "hr", ends_on=it.today)
    grant = RoleGrant.get(RoleGrant.appointment == post)
    assert (grant.granted_by_id, grant.granted_at, grant.ends_on) == (
        it.acting.id,
        it.now,
        it.today,
    )
    assert acts("identity.grant_role") == [{"role": "hr", "until": it.today.isoformat()}]


def test_a_role_works_on_its_last_day_and_not_after(world: World, ctx_for: Ctx) -> None:
    it, post = ctx_for(IT), ctx_for(STAFF).acting.id
    grant_role(it, post, "it", ends_on=it.today)
    client = world.client_for(STAFF)
    assert client.get("/admin/features").status_code == 200
    world.clock.advance(days=1)
    assert world.client_for(STAFF).get("/admin/features").status_code == 403
    assert roles_of(post, world.clock()) == {"staff"}


def test_giving_a_role_again_changes_nothing(ctx_for: Ctx) -> None:
    it, post = ctx_for(IT), ctx_for(STAFF).acting.id
    assert grant_role(it, post, "hr")
    assert not grant_role(it, post, "hr")
    assert len(acts("identity.grant_role")) == 1


def test_a_role_that_has_ended_can_be_given_again(world: World, ctx_for: Ctx) -> None:
    it, post = ctx_for(IT), ctx_for(STAFF).acting.id
    grant_role(it, post, "hr", ends_on=it.today)
    world.clock.advance(days=3)
    assert grant_role(ctx_for(IT), post, "hr")
    assert roles_of(post, world.clock()) == {"staff", "hr"}


def test_who_loses_a_role_feels_it_at_the_next_request(world: World, ctx_for: Ctx) -> None:
    it, post = ctx_for(IT), ctx_for(STAFF).acting.id
    grant_role(it, post, "it")
    client = world.client_for(STAFF)
    assert client.get("/admin/features").status_code == 200
    assert revoke_role(it, post, "it")
    assert client.get("/admin/features").status_code == 403
    assert not revoke_role(it, post, "it")
    assert acts("identity.revoke_role") == [{"role": "it", "until": None}]


@pytest.mark.parametrize("role", ["auditor", "hr", "it"])
def test_nobody_gives_a_role_to_themself(ctx_for: Ctx, role: str) -> None:
    it = ctx_for(IT)
    with pytest.raises(OwnRole):
        grant_role(it, it.acting.id, role)


def test_also_not_to_another_of_ones_own_posts(world: World, ctx_for: Ctx) -> None:
    post = ctx_for("staff5@koriyama")
    other = Appointment.get(
        (Appointment.person == post.person_id) & (Appointment.id != post.acting.id)
    )
    with pytest.raises(OwnRole):
        grant_role(post, other.id, "auditor")


@pytest.mark.parametrize("login", [IT, HR])
def test_who_looks_after_accounts_or_people_is_no_auditor(
    world: World, ctx_for: Ctx, login: str
) -> None:
    with pytest.raises(KeptApart):
        grant_role(system(world), ctx_for(login).acting.id, "auditor")
    with pytest.raises(KeptApart):
        grant_role(
            system(world),
            ctx_for("director-seisaku@koriyama").acting.id,
            login.split("@")[0],
        )


@pytest.mark.parametrize("change", [grant_role, revoke_role])
def test_the_secretariats_role_is_not_the_towns_to_give_or_take(
    ctx_for: Ctx, change: Callable[..., bool]
) -> None:
    with pytest.raises(RegionalRole):
        change(ctx_for(IT), ctx_for(STAFF).acting.id, "secretariat")


def test_a_command_may_give_and_take_the_secretariats_role(world: World, ctx_for: Ctx) -> None:
    post = ctx_for(STAFF).acting.id
    assert grant_role(system(world), post, "secretariat")
    assert grants(post) == ["secretariat"]
    assert revoke_role(system(world), post, "secretariat")
    assert grants(post) == []


def test_a_town_keeps_its_last_it_also_against_a_command(world: World, ctx_for: Ctx) -> None:
    it = ctx_for(IT)
    for ctx in (it, system(world)):
        with pytest.raises(LastKeeper):
            revoke_role(ctx, it.acting.id, "it")
    assert grants(it.acting.id) == ["it"]


def test_a_stand_in_for_a_time_does_not_count_as_the_last_it(ctx_for: Ctx) -> None:
    it, post = ctx_for(IT), ctx_for(STAFF).acting.id
    grant_role(it, post, "it", ends_on=it.today + timedelta(days=30))
    with pytest.raises(LastKeeper):
        revoke_role(it, it.acting.id, "it")
    grant_role(it, post, "it")
    assert revoke_role(it, it.acting.id, "it")


def test_the_last_it_gets_no_last_day_either(world: World, ctx_for: Ctx) -> None:
    it = ctx_for(IT)
    with pytest.raises(LastKeeper):
        grant_role(system(world), it.acting.id, "it", ends_on=it.today + timedelta(days=1))


def test_the_it_of_the_neighbour_town_does_not_count(ctx_for: Ctx) -> None:
    it = ctx_for("it@sukagawa")
    with pytest.raises(LastKeeper):
        revoke_role(it, it.acting.id, "it")


@pytest.mark.parametrize("change", [grant_role, revoke_role])
def test_a_post_of_the_neighbour_town_is_not_found(
    ctx_for: Ctx, change: Callable[..., bool]
) -> None:
    with pytest.raises(NotFound):
        change(ctx_for(IT), ctx_for("staff@sukagawa").acting.id, "hr")


def test_a_post_that_has_ended_gets_no_role(ctx_for: Ctx) -> None:
    it, post = ctx_for(IT), ctx_for(STAFF).acting.id
    Appointment.update(ends_on=it.today - timedelta(days=1)).where(Appointment.id == post).execute()
    with pytest.raises(NotFound):
        grant_role(it, post, "hr")


def test_an_end_before_today_is_refused(ctx_for: Ctx) -> None:
    it, post = ctx_for(IT), ctx_for(STAFF).acting.id
    with pytest.raises(EndsTooEarly):
        grant_role(it, post, "hr", ends_on=it.today - timedelta(days=1))
    assert grants(post) == []


@pytest.mark.parametrize("change", [grant_role, revoke_role])
@pytest.mark.parametrize("role", ["staff", "head", "mayor"])
def test_what_is_no_granted_role_is_refused(
    ctx_for: Ctx, change: Callable[..., bool], role: str
) -> None:
    with pytest.raises(UnknownRole):
        change(ctx_for(IT), ctx_for(STAFF).acting.id, role)


@pytest.mark.parametrize("login", ["nobody@koriyama", "staff@sukagawa", ""])
def test_an_account_that_is_not_of_the_town_is_named(ctx_for: Ctx, login: str) -> None:
    with pytest.raises(NotHere):
        post_of(ctx_for(IT), login)


def test_of_several_posts_the_main_one_is_meant(ctx_for: Ctx) -> None:
    assert post_of(ctx_for(IT), "staff5@koriyama") == ctx_for("staff5@koriyama").acting.id
