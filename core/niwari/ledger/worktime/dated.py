"""Rules that are valid from one Tokyo date to another, as in the directory: both days included."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, pairwise
from typing import TypeVar

from niwari.ledger.worktime.errors import WorkTimeError


@dataclass(frozen=True, slots=True)
class Dated:
    """Valid from `starts_on` to `ends_on`, both included. None: until further notice.

    Raises `WorkTimeError` when it ends before it starts.
    """

    starts_on: date
    ends_on: date | None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise WorkTimeError(
                f"{type(self).__name__} from {self.starts_on} to {self.ends_on}: "
                "ends_on is the last valid day, so it must not be before starts_on"
            )

    def covers(self, day: date) -> bool:
        """Whether the rule is valid on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


D = TypeVar("D", bound=Dated)


def latest_first(rules: Iterable[D]) -> tuple[D, ...]:
    """Return the rules with the latest start first, so that the first that covers a day applies."""
    return tuple(sorted(rules, key=lambda rule: rule.starts_on, reverse=True))


def valid_on(rules_latest_first: Iterable[D], day: date) -> D | None:
    """Return the rule that applies: of those that cover the day, the one that started last.

    When a later rule has ended, an earlier one that is still open applies again. Expects the
    order of `latest_first`.
    """
    for rule in rules_latest_first:
        if rule.covers(day):
            return rule
    return None


def stretches(first: date, last: date, *rules: Iterable[Dated]) -> Iterator[tuple[date, date]]:
    """Yield the stretches of `first` to `last`, as (first, last) days, in which no rule changes.

    What is valid on the first day of a stretch is valid on all its days, so it is looked up once.
    """
    begins = {first}
    for rule in chain(*rules):
        begins.add(rule.starts_on)
        if rule.ends_on is not None and rule.ends_on < last:
            begins.add(rule.ends_on + timedelta(days=1))
    inside = sorted(day for day in begins if first <= day <= last)
    for begin, following in pairwise(inside):
        yield begin, following - timedelta(days=1)
    for begin in inside[-1:]:
        yield begin, last


def check_starts(rules: Iterable[Dated], of_what: str) -> None:
    """Raise `WorkTimeError` when two rules start on the same day: neither would be the later."""
    for one, other in pairwise(sorted(rule.starts_on for rule in rules)):
        if one == other:
            raise WorkTimeError(f"{of_what}: two start on {one}; end or remove one of them")
