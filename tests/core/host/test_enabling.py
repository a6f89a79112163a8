"""Enabling per municipality, through the whole stack and over several processes."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from peewee import IntegrityError

from niwari.context import Context
from niwari.db import connection, open_database, transaction
from niwari.directory import enabling
from niwari.directory.models import Municipality
from niwari.host.discovery import Found
from niwari.host.enablement import active, enablements, set_state
from niwari.host.models import Enablement
from niwari.host.town_state import OFF, ON
from niwari.testing.engines import Engines
from niwari.testing.world import KORIYAMA, SUKAGAWA, World, prepare_town


@pytest.fixture
def town(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """A world with the neighbour, on everywhere."""
    return open_world([trial_plugins["neighbour"]])


def it(town: World, login: str = "it@sukagawa") -> Context:
    return town.ctx_for(login)


def home(town: World, login: str) -> str:
    return str(town.client_for(login).get("/").get_data(as_text=True))


def status(town: World, login: str) -> int:
    return int(town.client_for(login).get("/neighbour/").status_code)


# -- the rows -------------------------------------------------------------------------------------


def test_a_plugin_without_a_row_is_off(town: World) -> None:
    ctx = it(town)
    assert not active(ctx.municipality, "never_seen")
    assert "never_seen" not in enablements(ctx.municipality.id)


def test_every_switch_lets_the_revision_grow_and_the_answer_belongs_to_the_revision(
    town: World,
) -> None:
    before = it(town).municipality
    assert active(before, "neighbour")
    town.switch(SUKAGAWA, "neighbour", on=False)
    after = it(town).municipality
    assert after.revision == before.revision + 1
    assert not active(after, "neighbour")


def test_switching_to_where_it_stands_changes_nothing(town: World) -> None:
    ctx = it(town)
    before = Municipality.get_by_id(ctx.municipality.id).revision
    since = Enablement.get(Enablement.municipality_id == ctx.municipality.id).since
    town.clock.advance(hours=1)
    assert not enabling.switch(it(town), ctx.municipality.id, "neighbour", ON)
    row = Enablement.get(Enablement.municipality_id == ctx.municipality.id)
    assert (Municipality.get_by_id(ctx.municipality.id).revision, row.since) == (before, since)


def test_who_switched_when_and_why_is_kept(town: World) -> None:
    ctx = it(town)
    town.clock.advance(hours=1)
    later = it(town)
    assert enabling.switch(later, ctx.municipality.id, "neighbour", OFF, reason="春まで")
    row = enablements(ctx.municipality.id)["neighbour"]
    assert (row.state, row.since, row.changed_by_id, row.reason) == (
        "off",
        later.now,
        ctx.acting.id,
        "春まで",
    )


def test_a_switch_that_fails_halfway_leaves_row_and_revision_as_they_were(town: World) -> None:
    ctx = it(town)
    with pytest.raises(LookupError), transaction(ctx):
        enabling.switch(ctx, ctx.municipality.id, "neighbour", OFF)
        raise LookupError
    assert it(town).municipality.revision == ctx.municipality.revision
    assert status(town, "staff@sukagawa") == 200


def test_an_unknown_state_and_an_unknown_municipality_are_refused(town: World) -> None:
    ctx = it(town)
    with pytest.raises(ValueError, match="state 'maybe' is unknown"):
        set_state(ctx, ctx.municipality.id, "neighbour", "maybe", "")
    with pytest.raises(IntegrityError):
        set_state(ctx, 999_999, "neighbour", "on", "")


def test_a_paused_plugin_is_not_active(town: World) -> None:
    ctx = it(town)
    set_state(ctx, ctx.municipality.id, "neighbour", "paused", "")
    assert not active(it(town).municipality, "neighbour")
    assert status(town, "staff@sukagawa") == 404


def test_one_revision_is_asked_for_once(town: World, queries: Callable[[], Any]) -> None:
    ref = replace(it(town).municipality, revision=2_000_000_000)  # of which nothing is known
    with queries() as log:
        assert active(ref, "neighbour")
        assert not active(ref, "other")
        assert active(ref, "neighbour")
    assert len(log) == 1


def test_another_database_is_not_answered_from_the_former_one(
    town: World, database_engines: Engines
) -> None:
    ref = it(town).municipality
    assert active(ref, "neighbour")
    other = database_engines.copy_of("town", prepare_town)
    try:
        open_database(other)
        with connection():
            assert not active(ref, "neighbour")
    finally:
        database_engines.drop(other)
        open_database(town.settings.database_url)


# -- the whole stack ------------------------------------------------------------------------------


def test_a_plugin_that_nobody_switched_on_is_off(town: World) -> None:
    with connection():
        Enablement.delete().execute()
        Municipality.update(revision=Municipality.revision + 1).execute()
    assert "となりの戸口" not in home(town, "staff@koriyama")
    assert status(town, "staff@koriyama") == 404


def test_off_for_one_municipality_is_off_at_its_next_request_and_the_others_notice_nothing(
    town: World,
) -> None:
    sukagawa, koriyama = (town.client_for(f"staff@{name}") for name in ("sukagawa", "koriyama"))
    for client in (sukagawa, koriyama):
        assert client.get("/neighbour/").status_code == 200
    town.switch(SUKAGAWA, "neighbour", on=False)
    assert sukagawa.get("/neighbour/").status_code == 404
    page = sukagawa.get("/").get_data(as_text=True)
    assert "となりの戸口" not in page
    assert "ノックの数" not in page
    assert koriyama.get("/neighbour/").status_code == 200
    assert "ノックの数" in koriyama.get("/").get_data(as_text=True)


def test_switching_on_again_brings_everything_back(town: World) -> None:
    client = town.client_for("staff@sukagawa")
    client.submit("/neighbour/knock", {}, form_at="/neighbour/")
    town.switch(SUKAGAWA, "neighbour", on=False)
    assert client.get("/neighbour/").status_code == 404
    town.switch(SUKAGAWA, "neighbour", on=True)
    assert client.get("/neighbour/").status_code == 200
    assert "1回たたきました" in client.get("/").get_data(as_text=True)


def test_municipal_it_switches_its_own_municipality_on_the_feature_page(town: World) -> None:
    client = town.client_for("it@sukagawa")
    response = client.submit(
        "/admin/features/neighbour/off", {"reason": ""}, form_at="/admin/features/neighbour/off"
    )
    assert response.status_code == 303
    assert status(town, "staff@sukagawa") == 404
    assert status(town, "staff@koriyama") == 200
    assert (
        client.submit("/admin/features/neighbour/on", {}, form_at="/admin/features").status_code
        == 303
    )
    assert status(town, "staff@sukagawa") == 200


# -- several processes ----------------------------------------------------------------------------

PROCESS = """
import json, sys
from niwari.app import create_app
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.host.discovery import located
from datetime import datetime
from pathlib import Path

given = json.loads(sys.stdin.readline())
sys.path.insert(0, given["plugins"])
settings = Settings(
    home=Path(given["home"]), environment="test", database_url=given["url"],
    base_url="http://localhost",
)
app = create_app(
    settings,
    clock=FrozenClock(datetime.fromisoformat(given["now"])),
    plugins=located([("neighbour", "niwari_neighbour")]),
)
print("ready", flush=True)
for token in sys.stdin:
    client = app.test_client()
    client.set_cookie("niwari_session", token.strip())
    menu = "/neighbour/" in client.get("/").get_data(as_text=True)
    print(json.dumps([client.get("/neighbour/").status_code, menu]), flush=True)
"""


@contextmanager
def process(town: World, plugins: str) -> Iterator[Callable[[str], list[Any]]]:
    """A second application in a process of its own; ask it with a session's token."""
    running = subprocess.Popen(
        [sys.executable, "-c", PROCESS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdin is not None
    assert running.stdout is not None

    def say(line: str) -> str:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(line + "\n")
        running.stdin.flush()
        return running.stdout.readline()

    given = {
        "plugins": plugins,
        "home": str(town.settings.home),
        "url": town.settings.database_url,
        "now": town.clock().isoformat(),
    }
    try:
        assert say(json.dumps(given)).strip() == "ready"
        yield lambda token: list(json.loads(say(token)))
        running.stdin.close()
        assert running.wait(timeout=30) == 0
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()
        running.stdout.close()


@pytest.mark.slow
def test_two_processes_agree_at_their_next_request(
    town: World, trial_plugins: Mapping[str, Found]
) -> None:
    folder = trial_plugins["neighbour"].folder
    assert folder is not None

    def token(login: str) -> str:
        cookie = town.client_for(login).get_cookie("niwari_session")
        assert cookie is not None
        return str(cookie.value)

    sukagawa, koriyama = token("staff@sukagawa"), token("staff@koriyama")
    with (
        process(town, str(folder.parent)) as one,
        process(town, str(folder.parent)) as other,
    ):
        on, off = [200, True], [404, False]
        assert [one(sukagawa), other(sukagawa)] == [on, on]
        town.switch(SUKAGAWA, "neighbour", on=False)
        assert [one(sukagawa), other(sukagawa)] == [off, off]
        assert [one(koriyama), other(koriyama)] == [on, on]
        town.switch(SUKAGAWA, "neighbour", on=True)
        town.switch(KORIYAMA, "neighbour", on=False)
        assert [one(sukagawa), other(sukagawa)] == [on, on]
        assert [one(koriyama), other(koriyama)] == [off, off]
