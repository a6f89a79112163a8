"""What stands in a calendar: shared rows on their days, and the person's own plans."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from niwari.context import Context
from niwari.dates.recurrence import Occurrence


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One time at which something takes place, as the acting person sees it.

    ``uid`` is the same whenever it is asked for. ``where`` names the municipality that shares it,
    empty where that is hidden. ``endpoint`` with ``values`` is its page. ``is_own`` tells a plan of
    the person, which nobody else sees here, ``is_paused`` that the municipality has the feature off.
    """

    uid: str
    title: str
    at: Occurrence
    place: str = ""
    where: str = ""
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    is_own: bool = False
    is_paused: bool = False

    @property
    def order(self) -> tuple[date, bool, datetime | date, str]:
        """Sorts events as a day goes: whole days first, then by time."""
        return (
            self.at.day,
            self.at.starts_at is not None,
            self.at.starts_at or self.at.day,
            self.uid,
        )


OwnPlans = Callable[[Context, date, date], Sequence[CalendarEvent]]
_own_plans: list[OwnPlans] = []


def own_plans_from(source: OwnPlans) -> None:
    """Let the calendar ask ``source``, of an area above, for the plans of the acting person.

    It is called with the first and the last Tokyo day and returns what touches them.
    """
    _own_plans[:] = [source]


def own_plans(ctx: Context, first: date, last: date) -> list[CalendarEvent]:
    """Return the acting person's own plans that touch the days from ``first`` to ``last``."""
    return [event for source in _own_plans for event in source(ctx, first, last)]
