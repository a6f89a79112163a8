"""What the browser tests share: a Chromium, running demos, and people in front of them.

Each demo is the real command in a process of its own, and people sign in at it at its provider. A
page that writes an error to the console, breaks its policy or asks another machine fails its test.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from niwari.testing.engines import Engines
from tests.browser.chromium import READER, launch_options
from tests.browser.demo import (
    BROKEN_PLUGIN,
    HIDDEN_PLUGIN,
    OFFERING_PLUGIN,
    Demo,
    Filled,
    fill,
)
from tests.browser.disposal_scene import set_disposals
from tests.browser.handover_screens import set_handover
from tests.browser.hosted_scene import OFFERED, set_hosted
from tests.browser.ledger_scene import set_ledger
from tests.browser.screens import (
    BROKEN_SCREENS,
    HIDDEN_SCREENS,
    Scene,
    Screen,
    set_openings,
    set_scene,
    set_trouble,
)
from tests.browser.visitors import PATIENCE, NewContext, Visitors

expect.set_options(timeout=PATIENCE)

MAKING = 600.0
"""Seconds for which a process waits for another one to make what they share."""


LONGEST = (
    "test_screens.py",
    "test_ledger_screens.py",
    "test_other_screens.py",
    "test_handover_screens.py",
    "test_notices_journey.py",
)
"""The files that take longest begin first, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files come first; xdist hands whole files out in this order."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


@dataclass(frozen=True)
class Gallery:
    """A demo in which everything has happened that screens need; its data lies in ``home``.

    ``words`` are those that a plugin of the demo says in Japanese alone, as if somebody had written them.
    """

    visitors: Visitors
    scene: Scene
    home: Path
    words: tuple[str, ...] = ()

    @contextmanager
    def showing(self, screen: Screen) -> Iterator[Page]:
        """Show one screen for a block, after it has done nothing that no page may do."""
        with self.visitors.at_window(screen.login, for_findings=True) as page:
            screen.open(page, self.scene)
            assert self.visitors.take_problems() == []
            try:
                yield page
            finally:
                # What the block itself made the page do (axe-core sets styles) is not the page's.
                self.visitors.take_problems()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium; without one the tests fail and say what mends it."""
    try:
        return {**browser_type_launch_args, **launch_options()}
    except LookupError as error:
        mend = str(error)
    pytest.fail(mend, pytrace=False)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Let every visitor be a Japanese one."""
    return {**browser_context_args, **READER}


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder that the first process of the run fills, for all of them to copy.

    Beside it lies what ``make`` returned, as JSON.
    """
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, told = root / name, root / f"{name}.json"
    # A lock that every system has; it goes with its process.
    with closing(
        sqlite3.connect(root / f"{name}.lock", timeout=MAKING, isolation_level=None)
    ) as at:
        at.execute("BEGIN EXCLUSIVE")
        if not told.exists():
            shutil.rmtree(folder, ignore_errors=True)
            told.write_text(json.dumps(make(folder)), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo on SQLite that has been started once, and that nobody has used."""
    return made_once(tmp_path_factory, "filled", fill)


@pytest.fixture(scope="session")
def filled(
    request: pytest.FixtureRequest,
    database_engines: Engines,
    tmp_path_factory: pytest.TempPathFactory,
) -> Filled:
    """A demo on the chosen engine that nobody has used; on PostgreSQL each process has its own."""
    if database_engines.kind == "sqlite":
        return Filled(request.getfixturevalue("filled_home"), database_engines)
    return Filled(tmp_path_factory.mktemp("filled") / "home", database_engines)


@pytest.fixture
def demo(filled: Filled, tmp_path: Path) -> Iterator[Demo]:
    """A demo of the test's own, for what changes data."""
    with filled.begun(tmp_path / "home") as running:
        yield running


@pytest.fixture(scope="session")
def standing_demo(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that all tests share which only look and sign in."""
    folder = tmp_path_factory.mktemp("standing")
    with Demo(shutil.copytree(filled_home, folder / "home")) as running:
        yield running


@pytest.fixture
def visitors(demo: Demo, new_context: NewContext) -> Iterator[Visitors]:
    """The people at the test's own demo."""
    yield from watched(Visitors(demo.address, new_context))


@pytest.fixture
def readers(standing_demo: Demo, new_context: NewContext) -> Iterator[Visitors]:
    """The people at the shared demo."""
    yield from watched(Visitors(standing_demo.address, new_context))


def watched(visitors: Visitors) -> Iterator[Visitors]:
    """Yield the visitors, and then expect their pages to have done nothing that no page may do."""
    yield visitors
    assert visitors.take_problems() == []


@pytest.fixture(scope="session")
def gallery(
    filled_home: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Gallery]:
    """Every screen, filled, for the tests that look at all of them."""

    def prepare(home: Path) -> dict[str, Any]:
        others = list(browser.contexts)
        with Demo(shutil.copytree(filled_home, home)) as running:
            visitors = _visitors_of(running, browser)
            told = {"scene": set_scene(visitors), "signed_in": visitors.signed_in}
        for context in browser.contexts:
            if context not in others:
                context.close()
        return told

    filled = made_once(tmp_path_factory, "gallery", prepare)
    told = json.loads(filled.with_suffix(".json").read_text(encoding="utf-8"))
    home = shutil.copytree(filled, tmp_path_factory.mktemp("gallery") / "home")
    with Demo(home) as running:
        # Whoever has signed in there is signed in here too: the sessions lie in the home.
        visitors = _visitors_of(running, browser, told["signed_in"])
        yield Gallery(visitors, told["scene"], home)


@pytest.fixture(scope="session")
def broken_gallery(
    filled_home: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Gallery]:
    """The screens that a plugin in trouble leaves, and those about it."""
    home = shutil.copytree(filled_home, tmp_path_factory.mktemp("broken") / "home")
    with Demo(home, BROKEN_PLUGIN) as running:
        visitors = _visitors_of(running, browser)
        yield Gallery(visitors, set_trouble(visitors), home)


@pytest.fixture(scope="session")
def hidden_gallery(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Gallery]:
    """The screens about a row whose author is hidden."""
    home = tmp_path_factory.mktemp("hidden") / "home"
    with Demo(home, HIDDEN_PLUGIN) as running:
        visitors = _visitors_of(running, browser)
        yield Gallery(visitors, set_openings(visitors), home)


@pytest.fixture(scope="session")
def ledger_gallery(
    filled_home: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Gallery]:
    """The ledger's screens after a month gone by."""
    home = shutil.copytree(filled_home, tmp_path_factory.mktemp("ledger") / "home")
    with Demo(home) as running:
        visitors = _visitors_of(running, browser)
        yield Gallery(visitors, set_ledger(visitors), home)


@pytest.fixture(scope="session")
def disposal_gallery(
    filled_home: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Gallery]:
    """The screens of a fiscal year that is disposed of."""
    home = shutil.copytree(filled_home, tmp_path_factory.mktemp("disposal") / "home")
    with Demo(home) as running:
        visitors = _visitors_of(running, browser)
        yield Gallery(visitors, set_disposals(visitors), home)


@pytest.fixture(scope="session")
def hosted_gallery(
    filled_home: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Gallery]:
    """The screens on which hosts say who was there, and what people see of it."""
    home = shutil.copytree(filled_home, tmp_path_factory.mktemp("hosted") / "home")
    with Demo(home, OFFERING_PLUGIN) as running:
        visitors = _visitors_of(running, browser)
        yield Gallery(visitors, set_hosted(visitors, home), home, OFFERED)


@pytest.fixture(scope="session")
def handover_gallery(
    filled_home: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Gallery]:
    """The screens of notebooks, of which one has passed to its successor."""
    home = shutil.copytree(filled_home, tmp_path_factory.mktemp("handover") / "home")
    with Demo(home) as running:
        visitors = _visitors_of(running, browser)
        yield Gallery(visitors, set_handover(visitors), home)


def _visitors_of(
    running: Demo, browser: Browser, signed_in: dict[str, Any] | None = None
) -> Visitors:
    def new_context(**more: Any) -> BrowserContext:
        return browser.new_context(**{**READER, **more})

    return Visitors(running.address, new_context, signed_in)


@pytest.fixture
def gallery_of(request: pytest.FixtureRequest, browser: Browser) -> Callable[[Screen], Gallery]:
    """Return the gallery in which a screen hangs; one that no test asks for is never opened.

    ``browser`` is asked for here too: pytest else takes what it asks for later for another one.
    """

    def find(screen: Screen) -> Gallery:
        others = {"broken_gallery": BROKEN_SCREENS, "hidden_gallery": HIDDEN_SCREENS}
        name = next((name for name, screens in others.items() if screen in screens), "gallery")
        found: Gallery = request.getfixturevalue(name)
        return found

    return find


@pytest.fixture
def broken_visitors(
    filled_home: Path, tmp_path: Path, new_context: NewContext
) -> Iterator[Visitors]:
    """The people at a demo with a further plugin whose card and page fail."""
    with Demo(shutil.copytree(filled_home, tmp_path / "home"), BROKEN_PLUGIN) as running:
        yield from watched(Visitors(running.address, new_context))
