"""Each rule of the conformance run bites: planted in the dummy, which keeps them all."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from niwari.host.discovery import Found, located
from niwari.testing.conformance import Bench, Rule, all_rules
from niwari.testing.engines import Engines
from niwari.testing.workshop import forgotten_imports
from tests.core.testing.leaks import LEAKS, SOUND, Leak

pytestmark = pytest.mark.slow

PLUGINS = Path(__file__).parents[2] / "plugins"
# The one that needs a browser is tried in tests/browser.
RULES = {rule.code: rule for rule in all_rules() if rule.code != "accessible"}

MakeBench = Callable[[Leak | None], Bench]


@pytest.fixture
def bench_with(database_engines: Engines, tmp_path: Path) -> Iterator[MakeBench]:
    """A bench for a copy of the dummy into which a leak was planted."""
    site = tmp_path / "site"

    def make(leak: Leak | None) -> Bench:
        name = leak.plugin if leak is not None else "dummy"
        shutil.copytree(PLUGINS / f"niwari_{name}", site / f"niwari_{name}")
        if leak is not None:
            leak.plant(site / f"niwari_{name}")
        (found,) = located([(name, f"niwari_{name}")])
        template = "" if leak is not None and leak.changes_tables else f"conformance-{name}"
        return Bench(found, database_engines, tmp_path, _beside(leak), template=template)

    site.mkdir()
    with forgotten_imports((site, PLUGINS)):
        yield make


def _beside(leak: Leak | None) -> tuple[Found, ...]:
    return located([("neighbour", "niwari_neighbour")]) if leak and leak.has_neighbour else ()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_dummy_keeps_every_rule(bench_with: MakeBench, rule: Rule) -> None:
    assert rule.problems(bench_with(None)) == []


def test_what_a_rule_finds_does_not_hang_on_those_before_it(bench_with: MakeBench) -> None:
    """The application is lent from rule to rule, and remembers what the roles of a town bring."""
    bench = bench_with(None)
    for code in ("opens", "wrong-role", "opens"):
        assert RULES[code].problems(bench) == [], code


@pytest.mark.parametrize("change", SOUND, ids=[f"{item.rule}-{item.name}" for item in SOUND])
def test_the_rule_lets_pass_what_only_looks_like_a_leak(
    bench_with: MakeBench, change: Leak
) -> None:
    assert RULES[change.rule].problems(bench_with(change)) == []


def test_a_leak_is_planted_for_every_rule() -> None:
    assert {leak.rule for leak in LEAKS} == set(RULES)


@pytest.mark.parametrize(
    "leak",
    [
        # What is wrong with tables is found in another way on each engine.
        pytest.param(
            leak,
            id=f"{leak.rule}-{leak.name}",
            marks=() if leak.changes_tables else pytest.mark.of_the_tests,
        )
        for leak in LEAKS
    ],
)
def test_the_rule_finds_the_leak_and_names_it(
    bench_with: MakeBench, leak: Leak, monkeypatch: pytest.MonkeyPatch
) -> None:
    if leak.in_the_gate:
        monkeypatch.setattr("niwari.host.gate.active", lambda *_given: True)
    problems = RULES[leak.rule].problems(bench_with(leak))
    assert any(leak.says in problem for problem in problems), problems
