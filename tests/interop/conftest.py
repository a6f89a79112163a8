"""A Niwari, a provider that is not ours, and people in front of Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import FLAGS, READER, launch_options
from tests.interop.running import SECRET, ForeignProvider, Niwari, free_port

expect.set_options(timeout=15_000)

# Beside 127.0.0.1 also localhost is this machine; no other name is looked up.
_RULES = "--host-resolver-rules=MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium; without one the tests fail and say what mends it."""
    try:
        found = launch_options()
    except LookupError as error:
        pytest.fail(str(error), pytrace=False)
    return {**browser_type_launch_args, **found, "args": [*FLAGS, _RULES]}


@pytest.fixture
def niwari_port() -> int:
    """Where the test's Niwari listens."""
    return free_port()


@pytest.fixture
def provider(niwari_port: int, tmp_path: Path) -> Iterator[ForeignProvider]:
    """The provider, running; it knows one client, at ``niwari_port``."""
    niwari = f"http://localhost:{niwari_port}"
    with ForeignProvider(free_port(), niwari, tmp_path / "provider.log") as running:
        yield running


@pytest.fixture
def start_niwari(
    niwari_port: int, provider: ForeignProvider, database_url: str, tmp_path: Path
) -> Iterator[Callable[..., Niwari]]:
    """Start the test's Niwari, with the provider's client secret unless another is given."""
    with ExitStack() as running:

        def start(secret: str = SECRET) -> Niwari:
            found = Niwari(niwari_port, tmp_path / "home", database_url)
            found.told("migrate")  # which also makes its first key
            found.name_provider(provider.address, "072036", secret=secret)
            return running.enter_context(found)

        yield start


@pytest.fixture
def niwari(start_niwari: Callable[..., Niwari]) -> Niwari:
    """A Niwari as it is to be, running."""
    return start_niwari()


@pytest.fixture
def visitor(niwari_port: int, new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """The window of somebody who is not signed in anywhere; no page may break its policy."""
    context = new_context(base_url=f"http://localhost:{niwari_port}", **READER)
    context.set_default_timeout(15_000)
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    yield context.new_page()
    assert [text for text in said if "Content Security Policy" in text] == []
