"""The conformance run itself: each rule against each plugin that ``--niwari-conformance`` names."""

import pytest

from niwari.testing.conformance.bench import Bench
from niwari.testing.conformance.rule import Rule


def test_conformance(conformance_bench: Bench, conformance_rule: Rule) -> None:
    """The plugin keeps to the rule."""
    problems = conformance_rule.problems(conformance_bench)
    if problems:
        lines = [
            f"{conformance_bench.name}: {conformance_rule.promise}",
            *(f"- {p}" for p in problems),
        ]
        pytest.fail("\n".join(lines), pytrace=False)
