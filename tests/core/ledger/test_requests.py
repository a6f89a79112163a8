"""Asking for time, rule by rule; nothing is written where a rule says no."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import Invalid
from niwari.ledger.asking import requests
from niwari.ledger.errors import (
    AlreadyAsked,
    BadMinutes,
    DayFull,
    InsideLeave,
    NoBase,
    NoScheduledTime,
    NotAppointed,
    OverCap,
    Overlap,
    TooLate,
    UnknownActivity,
    UnknownCalendar,
)
from niwari.ledger.models import Account, Request, State

from .conftest import OFFERED, WEDNESDAY

THURSDAY = date(2026, 11, 19)
TODAY = date(2026, 11, 10)


def refused(ledger, error, *args, **kwargs):
    """Ask, expect ``error``, and see that nothing was written; returns what was raised."""
    before = (Request.select().count(), Account.select().count(), AuditEntry.select().count())
    with pytest.raises(error) as raised:
        ledger.ask(*args, **kwargs)
    after = (Request.select().count(), Account.select().count(), AuditEntry.select().count())
    assert after == before
    return raised.value


def test_a_request_reserves_nothing(ledger):
    request = ledger.ask(WEDNESDAY, 120)
    assert (request.state, request.minutes) == (State.REQUESTED, 120)
    assert ledger.amounts() == (0, 0, 1767)
    assert ledger.balance().asked == 120
    assert ledger.journal() == []


def test_an_audit_row_tells_who_asked_for_what(ledger):
    request = ledger.ask(WEDNESDAY, 120)
    row = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (row.action, row.object_id) == ("ledger.ask", request.id)
    assert row.actor_id == ledger.ctx("staff@koriyama").acting.id
    assert "学び" not in row.details


class TestOnlyWhatIsAhead:
    """L1: the head's OK exists before the start."""

    def test_yesterday(self, ledger):
        assert refused(ledger, TooLate, date(2026, 11, 9), 60).rule == "L1"

    def test_an_interval_that_has_begun(self, ledger):
        assert refused(ledger, TooLate, TODAY, at=("09:00", "10:00")).field == "starts"

    def test_an_interval_that_begins_in_a_minute(self, ledger):
        assert ledger.ask(TODAY, at=("09:01", "10:00")).minutes == 59

    def test_today_holds_what_is_left_of_it(self, ledger):
        ledger.now(11, 10, 16)
        assert refused(ledger, TooLate, TODAY, 76).params == {"left": 75}
        assert ledger.ask(TODAY, 75).minutes == 75

    def test_the_minute_that_has_begun_is_over(self, ledger):
        ledger.now(11, 10, 16)
        ledger.world.clock.advance(seconds=1)
        refused(ledger, TooLate, TODAY, 75)
        assert ledger.ask(TODAY, 74).minutes == 74

    def test_after_work_nothing_of_today_is_left(self, ledger):
        ledger.now(11, 10, 17, 15)
        refused(ledger, TooLate, TODAY, 1)


class TestScheduledTime:
    """L10: an interval counts inside scheduled hours."""

    def test_a_meeting_from_17_to_18_counts_15(self, ledger):
        assert ledger.ask(at=("17:00", "18:00")).minutes == 15

    def test_a_break_does_not_count(self, ledger):
        assert ledger.ask(at=("11:30", "13:30")).minutes == 60

    def test_outside_hours(self, ledger):
        assert refused(ledger, NoScheduledTime, at=("18:00", "19:00")).field == "starts"

    def test_a_sunday_and_a_holiday(self, ledger):
        refused(ledger, NoScheduledTime, date(2026, 11, 22), 60)
        refused(ledger, NoScheduledTime, date(2026, 11, 23), 60)

    def test_the_office_is_closed(self, ledger):
        refused(ledger, NoScheduledTime, date(2026, 12, 29), 60)

    @pytest.mark.parametrize("minutes", [0, -1, None])
    def test_no_minutes(self, ledger, minutes):
        assert refused(ledger, BadMinutes, WEDNESDAY, minutes).field == "minutes"

    @pytest.mark.parametrize("times", [("15:00", "15:00"), ("15:00", "14:00")])
    def test_an_end_that_is_not_after_the_start(self, ledger, times):
        assert refused(ledger, Invalid, at=times).field == "ends"

    def test_an_end_without_a_start(self, ledger):
        wish = ledger.wish(WEDNESDAY, at=("15:00", "16:00"))
        half = type(wish)(**{name: getattr(wish, name) for name in wish.__slots__} | {"ends": None})
        with pytest.raises(Invalid) as raised:
            requests.ask(ledger.ctx("staff@koriyama"), half, OFFERED)
        assert raised.value.field == "starts"


class TestOverlap:
    """L10: overlapping times of one person are refused; intervals are half-open."""

    @pytest.mark.parametrize(
        "times", [("15:00", "16:00"), ("14:30", "15:01"), ("15:59", "17:00"), ("15:15", "15:30")]
    )
    def test_times_that_overlap(self, ledger, times):
        ledger.ask(at=("15:00", "16:00"))
        error = refused(ledger, Overlap, at=times)
        assert (error.rule, error.field) == ("L10", "starts")

    @pytest.mark.parametrize("times", [("14:00", "15:00"), ("16:00", "17:00")])
    def test_times_that_touch(self, ledger, times):
        ledger.ask(at=("15:00", "16:00"))
        assert ledger.ask(at=times).state == State.REQUESTED

    def test_two_people_may_take_the_same_time(self, ledger):
        ledger.ask(at=("15:00", "16:00"))
        assert ledger.ask(at=("15:00", "16:00"), by="staff2@koriyama").minutes == 60

    def test_recorded_time_is_taken(self, ledger):
        request = ledger.agreed(at=("15:00", "16:00"))
        ledger.now(11, 18, 15, 30)
        ledger.record(request, 30)
        refused(ledger, Overlap, at=("15:45", "16:30"))

    def test_what_was_withdrawn_or_declined_is_free(self, ledger):
        ledger.withdraw(ledger.ask(at=("15:00", "16:00")))
        assert ledger.ask(at=("15:00", "16:00")).state == State.REQUESTED


class TestOneDayHoldsOnlyItsHours:
    """L10: what is open on a day never is more than the day's scheduled time."""

    def test_a_whole_day_leaves_no_hour(self, ledger):
        ledger.ask(WEDNESDAY, 465)
        error = refused(ledger, DayFull, at=("15:00", "15:01"))
        assert error.params == {"base": 465, "taken": 465}
        refused(ledger, DayFull, WEDNESDAY, 1)

    def test_minutes_beside_an_interval(self, ledger):
        ledger.agreed(at=("13:00", "17:15"))
        refused(ledger, DayFull, WEDNESDAY, 211)
        assert ledger.ask(WEDNESDAY, 210).minutes == 210

    def test_what_was_agreed_for_less_takes_less(self, ledger):
        ledger.agree(ledger.ask(WEDNESDAY, 465), 100)
        refused(ledger, DayFull, WEDNESDAY, 366)
        assert ledger.ask(WEDNESDAY, 365).minutes == 365

    def test_what_was_recorded_takes_what_it_took(self, ledger):
        request = ledger.agreed(TODAY, 400)
        ledger.record(request, 50)
        ledger.now(11, 10, 9, 1)
        refused(ledger, DayFull, TODAY, 416)
        assert ledger.ask(TODAY, 415).minutes == 415

    def test_half_a_day_of_leave_halves_it(self, ledger):
        ledger.leave("staff@koriyama", "annual", "2026-11-18T08:30", "2026-11-18T12:00")
        assert refused(ledger, NoScheduledTime, WEDNESDAY, 256).params == {"base": 255}
        assert ledger.ask(WEDNESDAY, 255).minutes == 255

    def test_ordered_training_takes_the_time_too(self, ledger):
        ledger.ask(at=("08:30", "17:15"), activity="training")
        refused(ledger, DayFull, WEDNESDAY, 60)

    def test_more_than_a_day_runs_on_to_the_end_of_the_month(self, ledger):
        assert ledger.ask(WEDNESDAY, 1000).minutes == 1000
        assert ledger.ask(at=("15:00", "16:00")).minutes == 60

    def test_and_never_beyond_it(self, ledger):
        friday = date(2026, 11, 27)
        error = refused(ledger, NoScheduledTime, friday, 931)
        assert error.params == {"base": 930}
        ledger.ask(friday, 900)
        assert refused(ledger, DayFull, friday, 466).params == {"base": 930, "taken": 900}


class TestLeaveAndFullLeave:
    """L19, L23."""

    def test_inside_leave(self, ledger):
        ledger.leave("staff@koriyama", "annual", "2026-11-18T08:30", "2026-11-18T17:15")
        assert refused(ledger, InsideLeave, WEDNESDAY, 60).rule == "L23"
        assert refused(ledger, InsideLeave, at=("15:00", "16:00")).rule == "L23"

    def test_inside_a_morning_off(self, ledger):
        ledger.leave("staff@koriyama", "annual", "2026-11-18T08:30", "2026-11-18T12:00")
        assert refused(ledger, InsideLeave, at=("10:00", "11:00")).field == "starts"
        assert ledger.ask(at=("11:00", "13:30")).minutes == 30

    def test_full_leave_has_no_base(self, ledger):
        ledger.leave("staff@koriyama", "childcare", "2026-11-01T00:00", "2027-04-01T00:00")
        assert refused(ledger, NoBase, WEDNESDAY, 60).rule == "L19"
        assert refused(ledger, NoBase, at=("15:00", "16:00")).rule == "L19"


class TestTheDayMustBeOneOfTheOwn:
    """L11, and days that no calendar knows."""

    def test_after_the_appointment_has_ended(self, ledger, town):
        town("072036").appoint("leaving@koriyama", "市民部/市民課", end=date(2026, 11, 17))
        error = refused(ledger, NotAppointed, WEDNESDAY, 60, by="leaving@koriyama")
        assert (error.rule, error.field) == ("L11", "work_date")
        assert ledger.ask(date(2026, 11, 17), 60, by="leaving@koriyama").minutes == 60

    @pytest.mark.parametrize("day", [date(2099, 1, 5), date(9999, 12, 31)])
    def test_a_day_without_a_calendar(self, ledger, day):
        assert refused(ledger, UnknownCalendar, day, 60).params == {"last": 2098}

    def test_the_last_day_with_a_calendar(self, ledger):
        assert ledger.ask(date(2098, 12, 26), 60).minutes == 60


def test_more_than_the_whole_cap_is_refused(ledger):
    """L3: 1,768 of 1,767."""
    error = refused(ledger, OverCap, WEDNESDAY, 1768)
    assert (error.rule, error.params) == ("L3", {"cap": 1767})
    assert ledger.ask(WEDNESDAY, 1767).minutes == 1767


def test_what_does_not_count_may_be_longer_than_the_cap(ledger):
    assert ledger.ask(WEDNESDAY, 1768, activity="training").counts is False
    assert ledger.balance().asked == 0


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("activity", "unheard_of", UnknownActivity),
        ("purpose", "  ", Invalid),
        ("purpose", "あ" * 401, Invalid),
        ("place", "moon", Invalid),
    ],
)
def test_a_field_that_cannot_be_used(ledger, field, value, error):
    assert refused(ledger, error, WEDNESDAY, 60, **{field: value}).field == field


class TestOneFormOneRequest:
    """L2: an idempotency key per click."""

    def test_the_same_again_is_the_first(self, ledger):
        first = ledger.ask(WEDNESDAY, 120, form_key="one")
        assert ledger.ask(WEDNESDAY, 120, form_key="one").id == first.id
        assert Request.select().count() == 1

    def test_the_same_interval_again_is_the_first(self, ledger):
        first = ledger.ask(at=("15:00", "16:00"), form_key="one")
        assert ledger.ask(at=("15:00", "16:00"), form_key="one").id == first.id

    @pytest.mark.parametrize(
        "other", [{"minutes": 90}, {"day": THURSDAY}, {"purpose": "会議"}, {"minutes": None}]
    )
    def test_another_wish_from_the_same_form_is_told_so(self, ledger, other):
        ledger.ask(WEDNESDAY, 120, form_key="one")
        wish = {"day": WEDNESDAY, "minutes": 120, **other}
        if wish["minutes"] is None:
            wish["at"] = ("15:00", "17:00")
        refused(ledger, AlreadyAsked, **wish, form_key="one")

    def test_two_people_may_have_the_same_key(self, ledger):
        first = ledger.ask(WEDNESDAY, 120, form_key="one")
        other = ledger.ask(WEDNESDAY, 120, form_key="one", by="staff2@koriyama")
        assert other.id != first.id
