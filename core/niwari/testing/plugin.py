"""Fixtures: an installation with people of three municipalities, on either engine.

Clock, network and mail are fixtures of their own: what touches them unexpectedly fails its test.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from niwari.clock import TOKYO, FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.db.counting import QueryLog, counted_queries
from niwari.testing.engines import Engines, engines
from niwari.testing.network import staying_here

if TYPE_CHECKING:
    # Not at run time: every test run loads this module, also those that need no application.
    from niwari.testing.lent import Lent
    from niwari.testing.told import Told
    from niwari.testing.world import World

pytest_plugins = ("niwari.testing.conforming",)

START = datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO)

TEMPLATES = "PYTEST_NIWARI_TEMPLATES"
"""Names the folder of compiled templates in the environment of a run, its processes and theirs.

What begins with NIWARI_ is a setting, of which an unknown one is refused.
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one run be on one engine."""
    parser.addoption(
        "--engine",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the engine on which tests with a database run",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let each template be compiled once for all processes of the run."""
    if TEMPLATES not in os.environ:
        folder = TemporaryDirectory(prefix="niwari-templates-")
        os.environ[TEMPLATES] = folder.name

        def remove() -> None:
            os.environ.pop(TEMPLATES, None)
            folder.cleanup()

        config.add_cleanup(remove)


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Let the garbage collector rest while tests are collected: nearly all that is made then stays."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let the garbage collector pass over modules and tests: they stay until the run ends.

    Garbage is not collected first: there is little of it, and to look for it takes as long as ten tests.
    What tests make and lose is collected as before, only less often: an application is so many
    objects that each would else call for a full collection. What such a one finds in use stays, nearly
    always: applications that are lent, and what pytest notes of each test. The next passes over it.
    """
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)
    gc.callbacks.append(_pass_over_what_stays)
    gc.enable()


def _pass_over_what_stays(phase: str, info: dict[str, int]) -> None:
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Let each test begin on one processor with its PostgreSQL server, where it has one."""
    if (found := sys.modules.get("niwari.testing.processors")) is not None:
        found.gather()


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Refuse what would leave this machine; the test fails, whoever caught what was raised."""
    with staying_here() as tried:
        yield
    if tried:
        pytest.fail(
            f"the test tried to reach {', '.join(sorted(set(tried)))}; nothing may leave this "
            "machine: let what the plugin reaches be a setting, and answer on 127.0.0.1",
            pytrace=False,
        )


@pytest.fixture(scope="session")
def database_engines(request: pytest.FixtureRequest) -> Iterator[Engines]:
    """The chosen engine, started once."""
    with engines(request.config.getoption("--engine")) as found:
        yield found


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at 10 November 2026, 9:00 in Tokyo."""
    return FrozenClock(START)


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, database_engines: Engines, clock: FrozenClock
) -> Iterator[str]:
    """The URL of a database with the current tables and the people of three towns, and no more.

    In a test with a ``world`` the database has begun already: what that takes is done once a run.
    """
    from niwari.testing.world import prepare_town

    town = ("town", prepare_town)
    if "world" in request.fixturenames and clock() == START:
        lent: Lent = request.getfixturevalue("lent_application")
        url = lent.begun(database_engines.copy_of("world", lent.begin, onto=[town]))
    else:
        url = database_engines.copy_of(*town)
    yield url
    database_engines.drop(url)


@pytest.fixture
def empty_database_url(database_engines: Engines) -> Iterator[str]:
    """The URL of a database without any table."""
    url = database_engines.empty()
    yield url
    database_engines.drop(url)


@pytest.fixture
def empty_database(empty_database_url: str) -> Iterator[str]:
    """A database without any table, bound to the models and connected; its URL."""
    open_database(empty_database_url)
    with connection():
        yield empty_database_url


@pytest.fixture(scope="session")
def lent_application(tmp_path_factory: pytest.TempPathFactory) -> "Lent":
    """The application of the installed plugins, which the tests of a run use one after another."""
    from niwari.testing.lent import Lent

    return Lent(tmp_path_factory.mktemp("home"))


@pytest.fixture
def world(database_url: str, clock: FrozenClock, lent_application: "Lent") -> Iterator["World"]:
    """An application with all installed plugins, on for the towns 郡山市, 須賀川市 and 三春町."""
    with lent_application.world(database_url, clock) as opened:
        yield opened


@pytest.fixture
def ctx_for(world: "World") -> Callable[[str], Context]:
    """Make the context of a person by login, at the clock's time."""
    return world.ctx_for


@pytest.fixture
def client_for(world: "World") -> Callable[[str], Any]:
    """Make a test client in which a person is signed in."""
    return world.client_for


@pytest.fixture
def outbox(world: "World") -> Callable[[], list[object]]:
    """Return the events that were published so far, the oldest first, as the plugins' own types."""
    return world.published


@pytest.fixture
def deliver(world: "World") -> Callable[[], int]:
    """Hand what was published to its subscribers, as the worker does; returns how many ended."""
    return world.deliver


@pytest.fixture
def work(world: "World") -> Callable[[], int]:
    """Run the jobs that are due and do the tasks, as the worker does; returns how many were done."""
    return world.work


@pytest.fixture
def move_to(world: "World") -> Callable[[date], None]:
    """Move the clock to nine in the morning of a day, and let the worker do what was due until then."""

    def do(day: date) -> None:
        world.clock.set(datetime.combine(day, time(9), TOKYO))
        world.work()
        world.deliver()

    return do


@pytest.fixture
def send() -> Callable[..., Any]:
    """Open a page, fill its form in and send it, with what the form hides: its token, its key.

    ``send(client, page, address, name="…")``: without an ``address`` to the page itself.
    """
    from niwari.testing.conformance.forms import posting_forms

    def fill_and_send(client: Any, page: str, address: str = "", **typed: Any) -> Any:
        forms = posting_forms(client.get(page).get_data(as_text=True), page)
        # Of a page without such a form everything: so one sends what the page does not offer.
        own = [form for form in forms if form.action == (address or page)] or forms
        hidden = {name: value for form in own for name, value in form.hidden.items()}
        return client.post(address or page, data={**hidden, **typed})

    return fill_and_send


@pytest.fixture
def told(world: "World") -> "Callable[[], list[Told]]":
    """Return what people were told so far by ``notify``, the oldest first."""
    from niwari.testing.told import told

    return told


@pytest.fixture
def queries() -> Callable[[], AbstractContextManager[QueryLog]]:
    """Count the statements of a block: ``with queries() as log: …; len(log)``."""
    return counted_queries
