"""What a person fills in to ask for 20% time."""

from dataclasses import dataclass
from datetime import date, datetime, time

from niwari.clock import TOKYO

LONGEST_PURPOSE = 400
"""Characters of what is going to be done."""


@dataclass(frozen=True, slots=True)
class OralOk:
    """That somebody who answers said yes already: in the post ``by``, at the instant ``at`` (rule L1)."""

    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person fills in: an interval of ``work_date`` (``starts``, ``ends``) or ``minutes``.

    Times are Tokyo wall time. ``form_key`` makes a double click one request. With ``oral`` it is agreed
    to at once, and the head confirms later; ``after_fact`` asks for time that is over (事後の申込み).
    ``travel_there`` and ``travel_back`` are minutes of the ways, which end where the interval begins and
    begin where it ends (rule L16).
    """

    activity: str
    purpose: str
    place: str
    work_date: date
    minutes: int | None
    starts: time | None
    ends: time | None
    form_key: str
    oral: OralOk | None = None
    after_fact: bool = False
    travel_there: int | None = None
    travel_back: int | None = None

    @property
    def travel(self) -> dict[str, int]:
        """The minutes of each way that is asked for: there, back."""
        asked = {"there": self.travel_there, "back": self.travel_back}
        return {way: minutes for way, minutes in asked.items() if minutes is not None}

    @property
    def interval(self) -> tuple[datetime, datetime] | None:
        """The start and end as aware instants, where both are given."""
        if self.starts is None or self.ends is None:
            return None
        return (
            datetime.combine(self.work_date, self.starts, TOKYO),
            datetime.combine(self.work_date, self.ends, TOKYO),
        )
