"""An issue of the digest with everything in it, at both widths: axe-core finds nothing, nothing sticks out.

No demo has one: it is made on a Monday, by the worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from niwari.app import load_host, migrate_all
from niwari.clock import TOKYO, FrozenClock
from niwari.db import connection
from niwari.digest.choosing import choose
from niwari.digest.making import make_due
from niwari.host.discovery import Found, located
from niwari.testing.accessibility import findings, sticking_out
from niwari.testing.engines import Engines
from niwari.testing.workshop import forgotten_imports
from niwari.testing.world import World, prepare_town
from tests.browser.chromium import READER, SIZES

PLUGINS = Path(__file__).parents[1] / "plugins"
READER_OF_IT = "staff@sukagawa"
LONG = "年度末の引継ぎ書を、どこまで詳しく書けばよいか、様式を持ち寄って確かめる会のお知らせ"


@pytest.fixture
def world(database_engines: Engines, clock: FrozenClock, tmp_path: Path) -> Iterator[World]:
    """A world in which the first issue was made on Monday 16 November."""
    with forgotten_imports((PLUGINS,)):
        plugins = located([("desk", "niwari_desk"), ("dummy", "niwari_dummy")])
        url = database_engines.copy_of(
            "town+dummy+desk for pages", lambda url: prepare(url, plugins)
        )
        with World.open(url, clock, tmp_path / "home", plugins) as world:
            fill(world)
            yield world
        database_engines.drop(url)


def prepare(url: str, plugins: Sequence[Found]) -> None:
    """Make the database of a town with the tables of ``plugins``."""
    prepare_town(url)
    with connection():
        migrate_all(load_host(plugins))


def fill(world: World) -> None:
    """Let something be shared and something come up, and the first issue be made."""
    from niwari_desk.service import open_desk
    from niwari_dummy.service import write

    choose(world.ctx_for("secretariat"), "week")
    ctx = world.ctx_for("staff@koriyama")
    for title in ("会議室の鍵", LONG):
        write(ctx, title=title, body="総務にあります。", audience="region", form_key=str(uuid4()))
    open_desk(ctx, title=LONG[:40])
    open_desk(
        ctx, title="毎日の相談", rule="FREQ=DAILY", until=date(2026, 12, 31), on_holiday="keep"
    )
    world.index()
    world.clock.set(datetime(2026, 11, 16, 8, 0, tzinfo=TOKYO))
    make_due(world.clock())


@contextmanager
def window(world: World, browser: Browser, size: ViewportSize) -> Iterator[Page]:
    """Open a window in which somebody is signed in; the application answers without a server."""
    client = world.client_for(READER_OF_IT)

    def answer(route: Route) -> None:
        with client.get(urlsplit(route.request.url).path) as given:
            body = given.get_data()
            route.fulfill(status=given.status_code, headers=dict(given.headers), body=body)

    with browser.new_context(**READER, base_url="http://localhost", viewport=size) as context:
        context.route("**/*", answer)
        yield context.new_page()


@pytest.mark.parametrize("size", SIZES)
def test_an_issue_and_its_text_can_be_used_by_everyone(
    world: World, browser: Browser, size: ViewportSize
) -> None:
    with window(world, browser, size) as page:
        for path, said in (
            ("/digest/", "広域通信"),
            ("/digest/1", "広域通信 第1号"),
            ("/digest/1/board", "掲示板用の文章"),
        ):
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_have_text(said)
            assert findings(page) == []
            assert sticking_out(page) == []
