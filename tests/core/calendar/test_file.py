"""A row as a calendar file: to whom it is given, and what is in it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event

from niwari.calendar.events import CalendarEvent
from niwari.calendar.ics import written
from niwari.clock import TOKYO, FrozenClock
from niwari.dates.recurrence import Occurrence
from niwari.testing.world import KORIYAMA, World

OpenDesk = Callable[..., int]
OWNER, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"
NOW = datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO)
DAY = date(2026, 11, 18)


def _get(world: World, desk: int, login: str = OWNER) -> Any:
    return world.client_for(login).get(f"/calendar/rows/desk.desk/{desk}.ics")


def _events(file: bytes) -> list[Event]:
    return list(Calendar.from_ical(file).walk("VEVENT"))


def _written(*events: CalendarEvent, at: datetime = NOW) -> bytes:
    return written(
        events, name="予定", host="niwari.example", revised_at=at, address_of=lambda _: ""
    )


def test_the_page_of_a_row_leads_to_its_file(desks: World, open_desk: OpenDesk) -> None:
    desk = open_desk()

    page = desks.client_for(OWNER).get(f"/desk/{desk}").get_data(as_text=True)

    assert f'href="/calendar/rows/desk.desk/{desk}.ics"' in page
    assert "カレンダーに入れる" in page


def test_a_row_is_a_file_with_a_time_zone_and_a_link(desks: World, open_desk: OpenDesk) -> None:
    desk = open_desk()

    answer = _get(desks, desk)

    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=desk.desk-{desk}.ics"
    calendar = Calendar.from_ical(answer.get_data())
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == "Asia/Tokyo"
    assert event.decoded("DTSTART") == datetime(2026, 11, 18, 13, 30, tzinfo=TOKYO)
    assert event.decoded("DTEND") == datetime(2026, 11, 18, 14, 30, tzinfo=TOKYO)
    assert str(event["URL"]) == f"http://localhost/desk/{desk}"


def test_it_is_as_the_row_is_now_and_not_as_it_was_indexed(
    desks: World, open_desk: OpenDesk
) -> None:
    from niwari_desk.models import Desk

    desk = open_desk()
    Desk.update(title="場所が変わりました", place="中央公民館").execute()

    (event,) = _events(_get(desks, desk).get_data())

    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("場所が変わりました", "中央公民館")


def test_what_is_fetched_again_takes_the_place_of_what_was(
    desks: World, open_desk: OpenDesk, clock: FrozenClock
) -> None:
    from niwari_desk.models import Desk

    desk = open_desk()
    (before,) = _events(_get(desks, desk).get_data())
    clock.advance(minutes=1)
    moved = datetime(2026, 11, 20, 13, 30, tzinfo=TOKYO)
    Desk.update(starts_at=moved, ends_at=moved + timedelta(hours=1)).execute()
    (after,) = _events(_get(desks, desk).get_data())

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")
    assert after.decoded("DTSTART") == moved


def test_a_row_is_no_file_for_whom_it_is_not_shown(desks: World, open_desk: OpenDesk) -> None:
    own = open_desk(audience="municipality")

    assert _get(desks, own, "staff2@koriyama").status_code == 200
    assert _get(desks, own, NEIGHBOUR).status_code == 404


@pytest.mark.parametrize(
    "address", ["desk.desk/999999", "desk.nothing/1", "nothing.desk/1", "x/1", "desk.desk/0"]
)
def test_what_is_not_there_is_no_file(desks: World, open_desk: OpenDesk, address: str) -> None:
    open_desk()

    assert desks.client_for(OWNER).get(f"/calendar/rows/{address}.ics").status_code == 404


def test_a_row_of_a_feature_that_is_off_is_no_file(desks: World, open_desk: OpenDesk) -> None:
    desk = open_desk()
    desks.switch(KORIYAMA, "desk", on=False)

    assert _get(desks, desk).status_code == 404


def test_whole_days_end_before_the_day_after_the_last() -> None:
    (event,) = _events(_written(CalendarEvent("a", "研修", Occurrence(DAY, date(2026, 11, 19)))))

    assert event.decoded("DTSTART") == DAY
    assert event.decoded("DTEND") == date(2026, 11, 20)


def test_long_lines_are_folded_and_signs_come_back_as_they_were() -> None:
    title = "相談; 場所は、会議室\\2, " + "とても長い題名" * 20
    file = _written(CalendarEvent("a", title, Occurrence(DAY, DAY)))

    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert b"\n" not in file.replace(b"\r\n", b"")
    (event,) = _events(file)
    assert str(event["SUMMARY"]) == title.strip()


def test_a_title_cannot_write_lines_of_the_file() -> None:
    title = "相談\r\nATTENDEE:mailto:a@example.jp\u2028\x00\u202eEND:VEVENT"

    (event,) = _events(_written(CalendarEvent("a", title, Occurrence(DAY, DAY))))

    assert "ATTENDEE" not in event
    assert str(event["SUMMARY"]) == "相談 ATTENDEE:mailto:a@example.jp END:VEVENT"


def test_the_same_events_as_of_the_same_instant_are_the_same_file() -> None:
    event = CalendarEvent("a", "相談", Occurrence(DAY, DAY))

    assert _written(event) == _written(event)
