"""Tokens of a municipality whose maker can make none any more: marked, and ended after a grace."""

from datetime import date, timedelta
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import database
from niwari.directory.models import Appointment, Municipality
from niwari.host.models import RolePermission
from niwari.identity.models import ApiToken, RoleGrant
from niwari.identity.tokens.maker_gone import GRACE, look_after_makers
from niwari.identity.tokens.reading import read_token
from niwari.identity.tokens.service import NewToken, create_token, system_tokens
from niwari.testing.world import World

IT = "it@koriyama"
KEY = "6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a00"


@pytest.fixture
def token(world: World) -> str:
    """A token of 郡山市, made by its IT, good for 180 days."""
    return made(world.ctx_for(IT), of_municipality=True)


def made(ctx: Any, number: int = 1, *, of_municipality: bool) -> str:
    new = NewToken("連携", ["rest.read"], 180, f"{KEY}{number:02}")
    return create_token(ctx, new, ["rest.read"], of_municipality=of_municipality)


def look(world: World) -> int:
    return look_after_makers(world.clock(), world.host.permissions())


def take_role_away(world: World) -> None:
    RoleGrant.delete().where(RoleGrant.appointment == world.ctx_for(IT).acting.id).execute()


def end_post(world: World) -> None:
    ctx = world.ctx_for(IT)
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.id == ctx.acting.id
    ).execute()


def gone_on() -> date | None:
    found: date | None = ApiToken.get().maker_gone_on
    return found


def opens(world: World, token: str) -> bool:
    return read_token(world.clock(), token) is not None


def acts() -> list[str]:
    kind = AuditEntry.object_kind == "api_token"
    return [row.action for row in AuditEntry.select().where(kind).order_by(AuditEntry.id)]


def test_as_long_as_its_maker_can_make_tokens_nothing_is_said_of_it(
    world: World, token: str
) -> None:
    assert look(world) == 0
    assert gone_on() is None


@pytest.mark.parametrize("gone", [take_role_away, end_post])
def test_when_post_or_role_of_its_maker_ends_it_is_marked_once_and_goes_on(
    world: World, token: str, gone: Any
) -> None:
    gone(world)
    assert [look(world), look(world)] == [1, 0]
    assert gone_on() == world.ctx_for("staff@koriyama").today
    assert opens(world, token)
    assert acts() == ["identity.create_token", "identity.token_maker_gone"]


def test_it_ends_after_the_time_of_grace(world: World, token: str) -> None:
    end_post(world)
    look(world)
    world.clock.advance(days=GRACE.days - 1)
    assert opens(world, token)
    world.clock.advance(days=1)
    assert not opens(world, token)
    assert system_tokens(world.ctx_for("staff@koriyama")) == []
    assert look(world) == 0


def test_where_the_role_was_taken_by_a_slip_giving_it_back_takes_the_mark_off(
    world: World, token: str
) -> None:
    take_role_away(world)
    look(world)
    RoleGrant.insert(appointment=world.ctx_for(IT).acting.id, role="it").execute()
    assert look(world) == 1
    assert gone_on() is None
    assert acts()[-1] == "identity.token_maker_back"


def test_what_counts_is_what_the_town_lets_the_role_do(world: World, token: str) -> None:
    ctx = world.ctx_for(IT)
    take_role_away(world)
    RoleGrant.insert(appointment=ctx.acting.id, role="hr").execute()
    RolePermission.insert(
        municipality_id=ctx.municipality.id,
        role="hr",
        permission="identity.system_tokens",
        is_given=True,
        changed_at=ctx.now,
    ).execute()
    Municipality.update(revision=Municipality.revision + 1).execute()
    assert look(world) == 0


def test_personal_tokens_are_no_matter_of_it(world: World) -> None:
    made(world.ctx_for(IT), of_municipality=False)
    take_role_away(world)
    assert look(world) == 0


def test_the_list_marks_it_and_says_from_when_on_it_is_of_no_use(world: World, token: str) -> None:
    RoleGrant.insert(appointment=world.ctx_for("staff@koriyama").acting.id, role="it").execute()
    end_post(world)
    look(world)
    page = world.client_for("staff@koriyama").get("/admin/tokens").text
    assert "作った人が担当外" in page
    assert "2026年12月10日（木）から使えなくなります。" in page
    assert "下に示した日の前日までに、新しいトークンを作って" in page


def test_a_town_beside_it_is_told_nothing(world: World, token: str) -> None:
    end_post(world)
    look(world)
    (entry,) = AuditEntry.select().where(AuditEntry.action == "identity.token_maker_gone")
    assert entry.municipality_id == world.ctx_for("staff@koriyama").municipality.id
    assert "離任" not in world.client_for("it@sukagawa").get("/admin/tokens").text


def test_who_can_make_tokens_is_asked_once_for_all_makers(world: World, queries: Any) -> None:
    for number, login in enumerate((IT, IT, "it@sukagawa"), 1):
        made(world.ctx_for(login), number, of_municipality=True)
        look(world)
        with queries() as log:
            assert look(world) == 0
        assert len(log) <= 4, log.statements


def test_what_was_revoked_while_it_was_looked_at_is_not_marked(world: World, token: str) -> None:
    end_post(world)

    def revoke(event: Any) -> None:
        if "identity_role_grant" in event.sql:  # its tokens have been read by then
            database.query_hooks.remove(revoke)
            ApiToken.update(revoked_at=world.clock()).execute()

    database.query_hooks.append(revoke)
    assert look(world) == 0
    assert gone_on() is None
    assert acts() == ["identity.create_token"]
