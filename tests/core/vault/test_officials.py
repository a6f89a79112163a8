"""Whom a region names to open envelopes: by its secretariat alone, in its towns alone, never oneself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from niwari.audit.models import AuditEntry
from niwari.audit.values import changes
from niwari.directory.models import Appointment
from niwari.errors import NotFound
from niwari.identity.roles.grants import grant_role
from niwari.testing.world import World
from niwari.vault import officials as service
from niwari.vault.officials import (
    NamesThemself,
    NoReason,
    TooMany,
    is_official,
    name_official,
    officials,
    want_other_towns,
    withdraw_official,
)

from .openings import FIRST, SECOND, SECRETARIAT, Office, name


def logins(world: World) -> list[str]:
    return [one.person_name for one in officials(world.ctx_for(SECRETARIAT))]


def test_an_official_stands_there_with_who_named_them_when_and_why(world: World) -> None:
    name(world, SECOND)
    ctx = world.ctx_for(SECRETARIAT)
    (one,) = officials(ctx)
    assert (one.municipality, one.named_by, one.named_at, one.reason) == (
        "須賀川市",
        "事務局一",
        ctx.now,
        "輪番のため",
    )
    (entry,) = AuditEntry.select().where(AuditEntry.action == "vault.name_official")
    assert entry.municipality_id == world.ctx_for(SECOND).municipality.id
    assert changes([entry.id])[entry.id].after == {"reason": "輪番のため"}


def test_naming_and_withdrawing_again_change_nothing(world: World) -> None:
    ctx, post = world.ctx_for(SECRETARIAT), world.ctx_for(FIRST).acting.id
    assert [name_official(ctx, post, "輪番のため") for _ in range(2)] == [True, False]
    assert [withdraw_official(ctx, post) for _ in range(2)] == [True, False]
    assert officials(ctx) == ()
    assert name_official(ctx, post, "もう一度")
    assert [one.reason for one in officials(ctx)] == ["もう一度"]


def test_nobody_makes_themself_an_official(world: World) -> None:
    with pytest.raises(NamesThemself):
        name(world, SECRETARIAT)


@pytest.mark.parametrize("reason", ["", " ", "あ" * 201])
def test_an_official_is_named_for_a_reason(world: World, reason: str) -> None:
    with pytest.raises(NoReason):
        name_official(world.ctx_for(SECRETARIAT), world.ctx_for(FIRST).acting.id, reason)


def test_nobody_of_another_region_is_named_or_withdrawn(world: World, apart: str) -> None:
    ctx = world.ctx_for(SECRETARIAT)
    theirs = world.ctx_for(apart)
    grant_role(world.system_context(), theirs.acting.id, "secretariat")
    name(world, FIRST)
    with pytest.raises(NotFound):
        name_official(ctx, theirs.acting.id, "輪番のため")
    with pytest.raises(NotFound):
        withdraw_official(theirs, world.ctx_for(FIRST).acting.id)
    assert officials(world.ctx_for(apart)) == ()


def test_a_region_has_no_endless_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    name(world, FIRST)
    with pytest.raises(TooMany):
        name(world, SECOND)


def test_an_official_is_one_in_the_named_post_alone(world: World) -> None:
    login = "staff5@koriyama"
    assert not is_official(world.ctx_for(login))
    name(world, login)
    ctx = world.ctx_for(login)
    assert is_official(ctx)
    assert not is_official(replace(ctx, appointment=replace(ctx.acting, id=ctx.acting.id + 1)))
    withdraw_official(world.ctx_for(SECRETARIAT), ctx.acting.id)
    assert not is_official(ctx)


def test_who_has_left_is_no_official_any_more(office: Office) -> None:
    world = office.world
    assert len(logins(world)) == 3
    world.clock.advance(days=1)
    end(world, SECOND)
    assert len(logins(world)) == 2


def test_a_rule_is_kept_once_and_stands_in_the_audit(world: World) -> None:
    ctx = world.ctx_for(SECRETARIAT)
    assert not want_other_towns(ctx, wanted=True)
    assert [want_other_towns(ctx, wanted=False) for _ in range(2)] == [True, False]
    assert want_other_towns(ctx, wanted=True)
    found = AuditEntry.select().where(AuditEntry.action == "vault.opening_rule")
    assert [entry.details for entry in found.order_by(AuditEntry.id)] == [
        '{"other_towns": false}',
        '{"other_towns": true}',
    ]


def end(world: World, login: str) -> None:
    ctx = world.ctx_for(login)
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.id == ctx.acting.id
    ).execute()
