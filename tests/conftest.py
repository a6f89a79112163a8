"""Which of the tests a run collects."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from niwari.testing.engines import memory

INTEROP = Path(__file__).with_name("interop")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``make test-interop`` ask for what no other run may collect."""
    parser.addoption(
        "--interop",
        action="store_true",
        help="collect tests/interop too: it needs node and what make test-interop installs",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let commands speak Japanese, and tests keep their files in memory, on whatever machine."""
    os.environ["NIWARI_LOCALE"] = "ja"
    # In a fresh clone the first draw of a text makes Hypothesis's table of all characters.
    settings.register_profile("niwari", suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("niwari")
    folder = memory()
    if folder and not os.statvfs(folder).f_flag & os.ST_NOEXEC:  # programs are installed there too
        # Where pytest makes the folders of tests: nothing there waits for a disk.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_unconfigure() -> None:
    """Let the last look for what nobody holds any more be one: pytest looks at all of it twice."""
    gc.collect()
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out tests/interop, because it needs programs from elsewhere, unless it is asked for."""
    if collection_path == INTEROP and not config.getoption("--interop"):
        return True
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of a run on PostgreSQL what the run on SQLite has done.

    That is what opens no database, and what tries tests rather than Niwari.
    """
    if config.getoption("--engine") != "postgresql":
        return
    known = {True: [], False: []}
    for item in items:
        opens = "database_engines" in getattr(item, "fixturenames", ())
        known[opens and item.get_closest_marker("of_the_tests") is None].append(item)
    config.hook.pytest_deselected(items=known[False])
    items[:] = known[True]
