"""Meetings of a pair: in both calendars, moved and called off, and the time from each one's own head."""

from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import NotFound
from niwari.ledger.models import Request
from niwari_mentoring.errors import (
    BadTimes,
    BeyondPair,
    MeetingOver,
    NotGoingOn,
    TooLongMeeting,
    TooManyMeetings,
)
from niwari_mentoring.models import AskedTime, Meeting
from niwari_mentoring.service import meetings, pairs, reading
from niwari_mentoring.service.meetings import Planned

from .conftest import COLLEAGUE, HEAD, NEIGHBOUR, STAFF, Do, Send, page_of

WEEK = "/calendar/week?day=2026-11-18"
DAY = date(2026, 11, 18)


def test_a_meeting_stands_in_the_calendars_of_the_two_alone(
    world: Any, client_for: Any, pair: int, send: Send, told: Any
) -> None:
    place = f"/mentoring/pairs/{pair}"
    answer = send(
        client_for(STAFF),
        place,
        f"{place}/meetings",
        topic="関数の基本",
        day="2026-11-18",
        starts="14:00",
        ends="15:30",
        place="オンライン",
    )
    assert answer.status_code == 303
    world.index()
    seen = {
        login
        for login in (STAFF, NEIGHBOUR, COLLEAGUE, HEAD, "head@sukagawa")
        if "関数の基本" in page_of(client_for(login), WEEK)
    }
    assert seen == {STAFF, NEIGHBOUR}
    assert (NEIGHBOUR, "mentoring.meeting_set") in [(one.login, one.code) for one in told()]
    assert "1時間30分" in page_of(client_for(NEIGHBOUR), answer.location)


def test_one_tap_asks_the_own_head_who_reads_neither_with_whom_nor_why(
    client_for: Any, pair: int, plan: Do, send: Send
) -> None:
    page = f"/mentoring/meetings/{plan(pair)}"
    for login in (STAFF, NEIGHBOUR):
        assert send(client_for(login), page, f"{page}/time").status_code == 303
        assert "申し込んであります" in page_of(client_for(login), page)
    asked = list(Request.select().order_by(Request.id))
    assert [one.minutes for one in asked] == [60, 60]
    assert {one.purpose for one in asked} == {"学び・相談"}
    assert {(one.source_kind, one.source_id) for one in asked} == {(None, None)}
    assert [one.starts_at is not None for one in asked] == [True, True]
    own = page_of(client_for(HEAD), f"/ledger/requests/{asked[0].id}")
    assert "学び・相談" in own
    assert "学び合い" not in own.partition("<main")[2]
    assert "最初の回" not in own
    assert client_for("head@sukagawa").get(f"/ledger/requests/{asked[0].id}").status_code == 404


def test_asking_for_the_time_twice_is_once(ctx_for: Any, pair: int, plan: Do) -> None:
    meeting, key = plan(pair), str(uuid4())
    first = meetings.ask_for_time(ctx_for(STAFF), meeting, form_key=key)
    assert meetings.ask_for_time(ctx_for(STAFF), meeting, form_key=key) == first
    assert (Request.select().count(), AskedTime.select().count()) == (1, 1)


def test_what_the_ledger_refuses_is_said_on_the_page(
    ctx_for: Any, client_for: Any, pair: int, plan: Do, send: Send
) -> None:
    first = plan(pair, hours=(14, 15))
    meetings.ask_for_time(ctx_for(STAFF), first, form_key=str(uuid4()))
    other = f"/mentoring/meetings/{plan(pair, hours=(14, 16), topic='重なる回')}"
    answer = send(client_for(STAFF), other, f"{other}/time")
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
    assert "重なる回" in answer.get_data(as_text=True)
    assert Request.select().count() == 1


def test_moved_meetings_are_asked_for_anew_and_called_off_ones_leave_the_calendar(
    world: Any, ctx_for: Any, client_for: Any, pair: int, plan: Do, told: Any
) -> None:
    meeting = plan(pair)
    meetings.ask_for_time(ctx_for(STAFF), meeting, form_key=str(uuid4()))
    moved = Planned("最初の回", "三春町役場", DAY, time(10), time(11))
    for _twice in range(2):
        meetings.move(ctx_for(NEIGHBOUR), meeting, moved)
    assert not reading.get_meeting(ctx_for(STAFF), meeting).time_asked
    assert [one.code for one in told() if one.login == STAFF][-1] == "mentoring.meeting_set"
    for _twice in range(2):
        meetings.call_off(ctx_for(STAFF), meeting)
    world.index()
    assert "最初の回" not in page_of(client_for(NEIGHBOUR), WEEK)
    assert [one.code for one in told() if one.login == NEIGHBOUR][-1] == "mentoring.meeting_off"
    with pytest.raises(MeetingOver):
        meetings.ask_for_time(ctx_for(STAFF), meeting, form_key=str(uuid4()))


@pytest.mark.parametrize(
    ("planned", "refusal"),
    [
        (Planned("話", "", None, time(14), time(15)), BadTimes),
        (Planned("話", "", DAY, time(15), time(14)), BadTimes),
        (Planned("話", "", date(2026, 11, 9), time(14), time(15)), BadTimes),
        (Planned("話", "", DAY, time(9), time(14)), TooLongMeeting),
        (Planned("話", "", date(2027, 4, 1), time(9), time(10)), BeyondPair),
    ],
)
def test_times_that_cannot_be_are_refused(
    ctx_for: Any, pair: int, planned: Planned, refusal: type[Any]
) -> None:
    with pytest.raises(refusal):
        meetings.plan(ctx_for(STAFF), pair, planned, form_key=str(uuid4()))
    assert not Meeting.select().exists()


def test_a_pair_has_a_dozen_meetings_ahead_at_most(pair: int, plan: Do) -> None:
    for number in range(12):
        plan(pair, day=date(2026, 11, 11 + number))
    with pytest.raises(TooManyMeetings):
        plan(pair)


def test_nobody_else_and_no_pair_that_ended_has_meetings(
    ctx_for: Any, pair: int, plan: Do, move_to: Callable[[date], None]
) -> None:
    meeting = plan(pair)
    with pytest.raises(NotFound):
        plan(pair, COLLEAGUE)
    with pytest.raises(NotFound):
        meetings.call_off(ctx_for(COLLEAGUE), meeting)
    move_to(date(2026, 11, 19))
    with pytest.raises(MeetingOver):
        meetings.call_off(ctx_for(STAFF), meeting)
    pairs.end(ctx_for(NEIGHBOUR), pair)
    with pytest.raises(NotGoingOn):
        plan(pair, day=date(2026, 12, 1))


def test_a_form_that_cannot_be_keeps_what_was_typed(client_for: Any, pair: int, send: Send) -> None:
    place = f"/mentoring/pairs/{pair}"
    answer = send(
        client_for(STAFF),
        place,
        f"{place}/meetings",
        topic="関数の基本",
        day="2026-11-18",
        starts="15:00",
        ends="14:00",
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "始まりはこれからの時刻に、終わりは始まりより後にしてください。" in text
    assert 'value="関数の基本"' in text
