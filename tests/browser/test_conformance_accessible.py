"""The conformance rule that needs a browser: the dummy keeps it, and it finds what is planted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from niwari.host.discovery import located
from niwari.testing.conformance import Bench, all_rules
from niwari.testing.engines import Engines
from niwari.testing.workshop import forgotten_imports
from tests.browser.chromium import launch_options

DUMMY = Path(__file__).parents[1] / "plugins" / "niwari_dummy"
PROBLEMS = next(rule.problems for rule in all_rules() if rule.code == "accessible")

MakeBench = Callable[[str], Bench]


@pytest.fixture
def bench_with(database_engines: Engines, tmp_path: Path) -> Iterator[MakeBench]:
    """A bench for a copy of the dummy whose list has some HTML more."""
    site = tmp_path / "site"

    def make(planted: str) -> Bench:
        shutil.copytree(DUMMY, site / "niwari_dummy")
        board = site / "niwari_dummy" / "templates" / "dummy" / "board.html"
        text = board.read_text(encoding="utf-8")
        board.write_text(text.replace("<ul>", f"{planted}<ul>"), encoding="utf-8")
        (found,) = located([("dummy", "niwari_dummy")])
        chromium = launch_options()["executable_path"]
        return Bench(found, database_engines, tmp_path, chromium=chromium)

    site.mkdir()
    with forgotten_imports((site,)):
        yield make


def test_the_dummy_can_be_used_by_everyone(bench_with: MakeBench) -> None:
    assert PROBLEMS(bench_with("")) == []


def test_a_field_without_a_name_and_something_too_wide_are_found(bench_with: MakeBench) -> None:
    planted = '<input name="day"><canvas width="900" height="5"></canvas>'
    found = PROBLEMS(bench_with(planted))
    assert any(problem.startswith("GET dummy.board at 1360 px: label") for problem in found)
    assert any("at 360 px: sticks out sideways" in problem for problem in found), found
