"""What a provider opened in a town that it loses, and what is opened while somebody changes it."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from peewee import OperationalError

from niwari.audit.models import AuditEntry
from niwari.db import connection, database, is_postgresql, transaction
from niwari.identity.models import Provider
from niwari.identity.providers.changes import edit
from niwari.identity.providers.drafts import Draft
from niwari.identity.providers.holding import NotVouchedFor
from niwari.identity.providers.stop import stop
from niwari.identity.sessions.acting import act_in
from niwari.identity.sessions.stored import SessionEnded, open_session
from niwari.testing.world import MIHARU, SUKAGAWA, World
from tests.core.identity.rogue import ISSUER, Rogue, live_tokens, made, post_of, town_id

STAFF, IT = "staff@sukagawa", "it@sukagawa"


@pytest.fixture
def provider(world: World) -> Rogue:
    """The provider of 須賀川市 alone; beside it there is that of the region."""
    return Rogue.of(world, SUKAGAWA)


def taken_from(world: World, provider: Rogue, **options: bool) -> None:
    """Take 須賀川市 from the provider, which serves 三春町 from then on."""
    draft = Draft(
        "三春町", ISSUER, "niwari", "preferred_username", (), (town_id(MIHARU),), secret=None
    )
    assert edit(world.system_context(), provider.id, draft, **options)


def test_a_town_that_is_taken_from_it_loses_the_personal_tokens_made_through_it(
    world: World, provider: Rogue
) -> None:
    provider.client_for(post_of(world, STAFF))
    made(provider.ctx(STAFF, post_of(world, STAFF)), 1)
    other = made(world.ctx_for(STAFF), 2)
    of_town = made(provider.ctx(IT, post_of(world, IT)), 3, of_municipality=True)
    taken_from(world, provider)
    assert live_tokens() == {other, of_town}
    entries = AuditEntry.select().where(AuditEntry.action == "identity.provider_edit")
    said = {row.municipality_id: json.loads(row.details) for row in entries}
    counts = {"sessions": 1, "tokens": 1, "system_tokens": 0}
    assert counts.items() <= said[town_id(SUKAGAWA)].items()
    assert counts.keys().isdisjoint(said[town_id(MIHARU)])


def test_and_the_towns_own_where_that_is_asked_for(world: World, provider: Rogue) -> None:
    made(provider.ctx(IT, post_of(world, IT)), 1, of_municipality=True)
    other = made(world.ctx_for(IT), 2, of_municipality=True)
    taken_from(world, provider, system_tokens=True)
    assert live_tokens() == {other}


def test_the_page_asks_for_it_and_where_the_issuer_changes_too_it_is_the_same(
    world: World, provider: Rogue
) -> None:
    client, page = world.client_for("secretariat"), f"/providers/{provider.id}"
    made(provider.ctx(STAFF, post_of(world, STAFF)), 1)
    made(provider.ctx(IT, post_of(world, IT)), 2, of_municipality=True)
    fields = {
        "label": "三春町",
        "issuer": "https://new.miharu.example.jp",
        "client_id": "niwari",
        "secret": "y",
        "login_claim": "preferred_username",
        "municipality_ids": [town_id(MIHARU)],
        "system_tokens": "y",
        "revision": "1",
    }
    assert client.submit(page, fields).status_code == 303
    assert live_tokens() == set()


# -- what is opened while it is stopped -----------------------------------------------------------


def wait_no_longer_than(milliseconds: int) -> None:
    """Let this connection give up where somebody else holds what it needs."""
    setting = "SET lock_timeout" if is_postgresql() else "PRAGMA busy_timeout"
    database.execute_sql(f"{setting} = {milliseconds}")


@pytest.fixture
def being_changed(world: World, provider: Rogue) -> Iterator[None]:
    """Somebody else is just changing the provider, and whoever must wait for them is told so."""
    with ThreadPoolExecutor(1) as pool:
        release = Event()
        changing = Event()

        def change() -> None:
            with connection(), database.atomic():
                Provider.update(revision=99).where(Provider.id == provider.id).execute()
                changing.set()
                assert release.wait(60)

        running = pool.submit(change)
        assert changing.wait(60)
        wait_no_longer_than(100)
        yield
        wait_no_longer_than(10_000)
        release.set()
        running.result()


@pytest.mark.usefixtures("being_changed")
@pytest.mark.parametrize("opening", ["session", "token", "post"])
def test_what_is_opened_by_its_word_waits_for_whoever_changes_it(
    world: World, provider: Rogue, opening: str
) -> None:
    post = post_of(world, STAFF)
    acts: dict[str, Callable[[], object]] = {
        "session": lambda: open_session(
            world.settings,
            world.clock(),
            appointment_id=post,
            issuer=ISSUER,
            provider_id=provider.id,
        ),
        "token": lambda: made(provider.ctx(STAFF, post), 1),
        "post": lambda: act_in(provider.ctx(STAFF, post), "a token", post),
    }
    with pytest.raises(OperationalError, match="lock"):
        acts[opening]()


def test_who_signs_in_while_the_town_is_taken_from_it_gets_no_session(
    world: World, provider: Rogue
) -> None:
    post = post_of(world, STAFF)

    def sign_in() -> None:
        with connection():
            open_session(
                world.settings,
                world.clock(),
                appointment_id=post,
                issuer=ISSUER,
                provider_id=provider.id,
            )

    with ThreadPoolExecutor(1) as pool:
        with transaction(world.system_context()):
            taken_from(world, provider)
            signing_in = pool.submit(sign_in)
            while is_postgresql() and not somebody_waits():
                assert not signing_in.done()
        with pytest.raises(SessionEnded):
            signing_in.result(60)


def somebody_waits() -> bool:
    """Whether another connection waits for a lock of this one."""
    found = database.execute_sql("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
    return bool(found.fetchone()[0])


def test_no_token_is_made_by_the_word_of_one_that_was_stopped(
    world: World, provider: Rogue
) -> None:
    ctx = provider.ctx(STAFF, post_of(world, STAFF))
    stop(world.system_context(), provider.id, sessions=True)
    with pytest.raises(NotVouchedFor):
        made(ctx, 1)
    assert live_tokens() == set()


def test_neither_token_nor_session_is_in_a_town_that_was_taken_from_it(
    world: World, provider: Rogue
) -> None:
    post = post_of(world, STAFF)
    ctx = provider.ctx(STAFF, post)
    taken_from(world, provider)
    with pytest.raises(NotVouchedFor):
        made(ctx, 1)
    with pytest.raises(SessionEnded):
        open_session(
            world.settings,
            world.clock(),
            appointment_id=post,
            issuer=ISSUER,
            provider_id=provider.id,
        )
