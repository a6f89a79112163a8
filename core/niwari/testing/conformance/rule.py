"""What a rule is, and the list of all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from niwari.testing.conformance.bench import Bench

Check = Callable[["Bench"], Iterator[str]]

_rules: dict[str, "Rule"] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its code; ``promise`` is what holds for a plugin that keeps to it."""

    code: str
    promise: str
    check: Check

    def problems(self, bench: "Bench") -> list[str]:
        """Return what breaks the rule: sentences that name the thing and the mend."""
        return list(self.check(bench))


def rule(promise: str) -> Callable[[Check], Check]:
    """Make a rule of a function; its name with dashes is the rule's code."""

    def register(check: Check) -> Check:
        code = check.__name__.replace("_", "-")
        _rules[code] = Rule(code, promise, check)
        return check

    return register


def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in the order in which they were written."""
    return tuple(_rules.values())
