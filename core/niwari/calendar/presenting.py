"""The days of a calendar as ``ui.month_calendar`` draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import format_date

from niwari.calendar.events import CalendarEvent
from niwari.calendar.months import Day, Stretch, weeks_of
from niwari.clock import tokyo_wall_time
from niwari.pages.texts import gettext as _
from niwari.pages.texts import ngettext
from niwari.pages.wording import is_english

MOST_IN_CELL = 4
"""How many things a day of the month names; the week shows all."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line in a day."""

    label: str
    href: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the table."""

    number: int
    date_label: str
    in_month: bool
    closed: bool
    today: bool
    note: str
    items: Sequence[Item]


def cells(days: Sequence[Day], today: date, chosen: Mapping[str, Any]) -> list[Sequence[Cell]]:
    """Return the weeks of a month; ``chosen`` are the parts of an address that keep the filter."""
    return [[_cell(one, today, chosen) for one in week] for week in weeks_of(days)]


def weekdays(stretch: Stretch) -> list[str]:
    """Return the short names of the days of the week in the order of the table."""
    monday = stretch.grid[0].toordinal()
    return [format_date(date.fromordinal(monday + number), "E") for number in range(7)]


def holiday(day: Day) -> str:
    """Return the name of the holiday in the reader's language, empty for none."""
    return day.holiday_english if is_english() else day.holiday


def _cell(one: Day, today: date, chosen: Mapping[str, Any]) -> Cell:
    # What does not fit is one line too, so only what is two or more is left out.
    shown = one.events if len(one.events) <= MOST_IN_CELL else one.events[: MOST_IN_CELL - 1]
    items = [_item(event, one.day) for event in shown]
    if rest := len(one.events) - len(shown):
        label = ngettext("ほか%(num)d件", "ほか%(num)d件", rest)
        items.append(Item(label, url_for("calendar.week", day=one.day, **chosen), ""))
    return Cell(
        one.day.day,
        format_date(one.day, _("M月d日（E）")),
        one.is_inside,
        one.is_closed,
        one.day == today,
        holiday(one),
        items,
    )


def _item(event: CalendarEvent, day: date) -> Item:
    starts_at = event.at.starts_at
    if starts_at is not None and event.at.day == day:
        wall = tokyo_wall_time(starts_at)
        label = f"{wall.hour}:{wall.minute:02d} {event.title}"
    else:
        label = event.title
    href = url_for(event.endpoint, **event.values) if event.endpoint else ""
    return Item(label, href, "agreed" if event.is_own else "")
