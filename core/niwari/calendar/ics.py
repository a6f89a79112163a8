"""Calendars as files: iCalendar (RFC 5545), one event for each time at which something takes place.

A series is written out and not as RRULE: what closed days do to it, no rule of RFC 5545 says, so a
program that worked it out by itself would show other days than Niwari (docs/decisions/0033).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from niwari.calendar.events import CalendarEvent
from niwari.clock import TOKYO
from niwari.texts import is_invisible

if TYPE_CHECKING:
    # Imported where it is used: that takes a fourteenth of a start, and few processes write a calendar.
    from icalendar import Component, Event

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Niwari//Niwari//JA"

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)
_REFRESH = timedelta(hours=1)

AddressOf = Callable[[CalendarEvent], str]
"""Returns the full address of an event's page, empty for none."""


def written(
    events: Iterable[CalendarEvent],
    *,
    name: str,
    host: str,
    revised_at: datetime,
    address_of: AddressOf,
) -> bytes:
    """Return a calendar file of ``events``, called ``name``.

    ``host`` makes the UIDs unique in the world. ``revised_at`` is an aware instant: from it come
    DTSTAMP, LAST-MODIFIED and SEQUENCE, so that what was written later takes the place of what a
    program has under the same UID. The same values give the same bytes.
    """
    from icalendar import Calendar, vDuration

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", TOKYO.key)
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add_component(_time_zone())
    for event in events:
        calendar.add_component(_event(event, host, revised_at, address_of(event)))
    file: bytes = calendar.to_ical(sorted=False)
    return file


def _time_zone() -> "Component":
    from icalendar import Component

    # Written out: Japan has known one time only since 1951, and programs need no table for it.
    return Component.from_ical(
        "BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nTZNAME:JST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )


def _event(event: CalendarEvent, host: str, revised_at: datetime, address: str) -> "Event":
    from icalendar import Event, vDatetime

    made = Event()
    made.add("uid", f"{event.uid}@{host}")
    made.add("dtstamp", vDatetime(revised_at.astimezone(UTC)))
    made.add("last-modified", vDatetime(revised_at.astimezone(UTC)))
    made.add("sequence", max(0, int((revised_at - _BEGINNING).total_seconds()) // 60))
    made.add("summary", _line(event.title))
    if event.at.starts_at is None:
        made.add("dtstart", event.at.day)
        made.add("dtend", event.at.last_day + _ONE_DAY)  # the first day that is not part of it
        made.add("transp", "TRANSPARENT")
    else:
        made.add("dtstart", event.at.starts_at.astimezone(TOKYO))
        if event.at.ends_at is not None:
            made.add("dtend", event.at.ends_at.astimezone(TOKYO))
    if event.place:
        made.add("location", _line(event.place))
    if address:
        made.add("url", address)
        made.add("description", address)  # many programs do not show the url
    return made


def _line(text: str) -> str:
    """Return a text as one line, without what cannot be seen."""
    return " ".join("".join(" " if is_invisible(char) else char for char in text).split())
