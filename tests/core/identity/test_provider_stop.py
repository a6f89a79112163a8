"""Stopping a provider with all that was opened through it: what IT needs when it is not to be trusted."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory.models import Municipality
from niwari.identity.models import Provider, Session
from niwari.identity.providers.changes import NoWayIn, edit, set_active
from niwari.identity.providers.drafts import Draft
from niwari.identity.providers.stop import Stopped, stop
from niwari.identity.sessions.stored import SessionEnded, open_session
from niwari.identity.sign_in.accounts import Account, acting_context
from niwari.testing.world import SUKAGAWA, Browser, World
from tests.core.identity.rogue import ISSUER, Rogue, live_tokens, made, post_of, town_id

STAFF, IT, OTHER_IT = "staff@sukagawa", "it@sukagawa", "it@koriyama"
A_PAGE = {"Accept": "text/html"}
ALL = {"sessions": "y", "system_tokens": "y"}


@pytest.fixture
def provider(world: World) -> Rogue:
    """The provider of 須賀川市 alone; beside it there is that of the region."""
    return Rogue.of(world, SUKAGAWA)


def send(client: Browser, provider: Rogue, fields: dict[str, str]) -> Any:
    page = f"/providers/{provider.id}"
    return client.submit(f"{page}/deactivate", fields, form_at=page)


def notes() -> list[AuditEntry]:
    return list(AuditEntry.select().where(AuditEntry.action == "identity.provider_end"))


def test_sessions_through_it_end_and_others_go_on(world: World, provider: Rogue) -> None:
    through, beside = provider.client_for(post_of(world, STAFF)), world.client_for(STAFF)
    client = world.client_for(IT)
    send(client, provider, {"sessions": "y"})
    assert not Provider.get_by_id(provider.id).is_active
    assert through.get("/", headers=A_PAGE).status_code == 302
    assert beside.get("/", headers=A_PAGE).status_code == 200
    assert "終わらせたサインインは1件" in client.get(f"/providers/{provider.id}").text


def test_personal_tokens_made_in_them_are_revoked_and_others_stay(
    world: World, provider: Rogue
) -> None:
    made(provider.ctx(STAFF, post_of(world, STAFF)), 1)
    other = made(world.ctx_for(STAFF), 2)
    of_town = made(provider.ctx(IT, post_of(world, IT)), 3, of_municipality=True)
    send(world.client_for(IT), provider, {"sessions": "y"})
    assert live_tokens() == {other, of_town}


def test_the_towns_tokens_made_in_them_are_revoked_where_that_is_ticked(
    world: World, provider: Rogue
) -> None:
    made(provider.ctx(IT, post_of(world, IT)), 1, of_municipality=True)
    other = made(world.ctx_for(IT), 2, of_municipality=True)
    send(world.client_for(IT), provider, ALL)
    assert live_tokens() == {other}


def test_with_neither_tick_it_only_lets_nobody_in(world: World, provider: Rogue) -> None:
    through = provider.client_for(post_of(world, STAFF))
    client = world.client_for(IT)
    send(client, provider, {})
    assert through.get("/", headers=A_PAGE).status_code == 200
    assert "そのまま使い続けられます" in client.get(f"/providers/{provider.id}").text
    assert notes() == []


def test_the_page_has_the_sessions_ticked_and_the_towns_tokens_not(
    world: World, provider: Rogue
) -> None:
    page = world.client_for(IT).get(f"/providers/{provider.id}").text
    ticked = {
        name: "checked" in found
        for found, name in re.findall(r'(<input[^>]*name="(sessions|system_tokens)"[^>]*>)', page)
    }
    assert ticked == {"sessions": True, "system_tokens": False}


def test_what_was_left_is_ended_later(world: World, provider: Rogue) -> None:
    through, client = provider.client_for(post_of(world, STAFF)), world.client_for(IT)
    send(client, provider, {})
    assert "残っているサインインを終わらせる" in client.get(f"/providers/{provider.id}").text
    send(client, provider, {"sessions": "y"})
    assert through.get("/", headers=A_PAGE).status_code == 302
    page = client.get(f"/providers/{provider.id}").text
    assert "残っていたサインインを終わらせました。終わらせたサインインは1件" in page
    assert "窓口を止めました。" not in page


def test_where_nothing_was_left_the_page_says_so(world: World, provider: Rogue) -> None:
    client = world.client_for(IT)
    send(client, provider, {})
    client.get(f"/providers/{provider.id}")
    send(client, provider, ALL)
    page = client.get(f"/providers/{provider.id}").text
    assert "窓口はすでに止まっています。何も終わらせていません。" in page


def test_the_audit_says_what_ended_and_a_second_click_says_nothing(
    world: World, provider: Rogue
) -> None:
    provider.client_for(post_of(world, STAFF))
    made(provider.ctx(STAFF, post_of(world, STAFF)), 1)
    client = world.client_for(IT)
    for _click in range(2):
        send(client, provider, ALL)
    (entry,) = notes()
    assert (entry.municipality_id, entry.object_id) == (town_id(SUKAGAWA), provider.id)
    assert json.loads(entry.details) == {"sessions": 1, "tokens": 1, "system_tokens": 0}


def test_whoever_is_signed_in_through_it_is_signed_out_with_the_others(
    world: World, provider: Rogue
) -> None:
    client = provider.client_for(post_of(world, IT))
    answer = send(client, provider, {"sessions": "y"})
    assert answer.location == "/signed-out"
    assert client.get("/", headers=A_PAGE).status_code == 302
    assert not Session.select().where(Session.issuer == ISSUER).exists()


def test_nobody_locks_their_town_out_and_then_nothing_ends(world: World, provider: Rogue) -> None:
    through = provider.client_for(post_of(world, STAFF))
    Provider.update(is_active=False).where(Provider.id == 1).execute()
    with pytest.raises(NoWayIn):
        stop(world.ctx_for(IT), provider.id, sessions=True)
    assert through.get("/", headers=A_PAGE).status_code == 200


def test_it_of_another_town_ends_nothing(world: World, provider: Rogue) -> None:
    through, other = provider.client_for(post_of(world, STAFF)), world.client_for(OTHER_IT)
    address = f"/providers/{provider.id}/deactivate"
    assert other.submit(address, ALL, form_at="/my/sessions").status_code == 404
    assert through.get("/", headers=A_PAGE).status_code == 200


def test_a_sign_in_that_was_under_way_opens_no_session(world: World, provider: Rogue) -> None:
    account = Account(provider.id, ISSUER, "subject-1", STAFF)
    post = acting_context(account, world.clock()).acting.id
    stop(world.system_context(), provider.id, sessions=True)
    with pytest.raises(SessionEnded):
        open_session(
            world.settings,
            world.clock(),
            appointment_id=post,
            issuer=ISSUER,
            provider_id=provider.id,
        )
    assert Session.select().count() == 0


def test_a_token_follows_its_provider_to_a_new_issuer(world: World, provider: Rogue) -> None:
    made(provider.ctx(STAFF, post_of(world, STAFF)), 1)
    moved = Draft(
        "須賀川市",
        "https://new.miharu.example.jp",
        "niwari",
        "preferred_username",
        (),
        (town_id(SUKAGAWA),),
        "x",
    )
    edit(world.system_context(), provider.id, moved)
    assert stop(world.system_context(), provider.id, sessions=True) == Stopped(True, tokens=1)


def test_starting_it_again_brings_nothing_back(world: World, provider: Rogue) -> None:
    through = provider.client_for(post_of(world, STAFF))
    ctx = world.system_context()
    stop(ctx, provider.id, sessions=True)
    set_active(ctx, provider.id, active=True)
    assert through.get("/", headers=A_PAGE).status_code == 302


def test_each_town_reads_in_its_audit_of_its_own_alone(
    world: World, with_provider: Callable[..., Any]
) -> None:
    shared = with_provider("https://id.region.example.jp")
    for login in ("staff@miharu", "staff@sukagawa", "head@sukagawa"):
        ctx = world.ctx_for(login)
        Session.insert(
            token_hash=login.ljust(64, "x"),
            appointment=ctx.acting.id,
            created_at=ctx.now,
            seen_at=ctx.now,
            expires_at=ctx.now.replace(hour=20),
            issuer=shared.issuer,
        ).execute()
    stop(world.system_context(), shared.id, sessions=True)
    codes = dict(Municipality.select(Municipality.id, Municipality.code).tuples())
    counted = {codes[row.municipality_id]: json.loads(row.details)["sessions"] for row in notes()}
    assert counted == {"075213": 1, "072079": 2}
