"""The worked numbers of the ledger as people meet them: imported, asked, agreed to and shown.

A line reads like the table: what is imported, the period, base, cap, and why. The same numbers as pure
arithmetic are in test_worktime_numbers.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.directory.models import Appointment
from niwari.ledger import rates
from niwari.ledger.errors import NoBase, OverFree
from niwari.ledger.explain import explain
from niwari.ledger.overview import month_of

LOGIN = "staff@koriyama"
Given = Callable[[Any], None]

FULL_DAYS = ("08:30-12:00 13:00-17:15",) * 3 + ("", "", "", "")


def nothing(ledger: Any) -> None:
    """Full-time, 7 h 45 min."""


def leave(kind: str, start: str, end: str) -> Given:
    return lambda ledger: ledger.leave(LOGIN, kind, start, end)


def short_time(ledger: Any) -> None:
    ledger.pattern(LOGIN, "2026-04-01", *FULL_DAYS)


def section_at(basis_points: int, first: date, last: date) -> Given:
    def given(ledger: Any) -> None:
        path = "072036:市民部/市民課"
        rates.set_rate(ledger.world.clock(), "section", path, basis_points, first, last)

    return given


def joins_on(day: date) -> Given:
    def given(ledger: Any) -> None:
        post = ledger.ctx(LOGIN).acting.id
        Appointment.update(starts_on=day).where(Appointment.id == post).execute()
        ledger.now(day.month, day.day, 9)

    return given


NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))

CASES: tuple[tuple[str, Given, str, int, int], ...] = (
    # case                                      given                                  period     base    cap
    ("full-time", nothing, "2026-11", 8_835, 1_767),
    (
        "one day of annual leave",
        leave("annual", "2026-11-17T00:00", "2026-11-18T00:00"),
        "2026-11",
        8_370,
        1_674,
    ),
    (
        "one morning off",
        leave("annual", "2026-11-17T08:30", "2026-11-17T12:00"),
        "2026-11",
        8_625,
        1_725,
    ),
    (
        "one afternoon off",
        leave("annual", "2026-11-17T13:00", "2026-11-17T17:15"),
        "2026-11",
        8_580,
        1_716,
    ),
    ("short-time Mon-Wed", short_time, "2026-11", 5_115, 1_023),
    ("section at 5% all month", section_at(500, *NOVEMBER), "2026-11", 8_835, 441),
    (
        "section at 5% for the second half",
        section_at(500, date(2026, 11, 16), date(2026, 11, 30)),
        "2026-11",
        8_835,
        # 9 days at 20% and 10 at 5%: 837 + 232.5
        1_069,
    ),
    ("joins on 16 Nov", joins_on(date(2026, 11, 16)), "2026-11", 4_650, 930),
    ("weekly period 21-25 Sep 2026", nothing, "2026-09-21", 930, 186),
    (
        "full leave",
        leave("childcare", "2026-10-01T00:00", "2027-04-01T00:00"),
        "2026-11",
        0,
        0,
    ),
    ("the fiscal year", nothing, "FY2026", 112_065, 22_413),
)


@pytest.mark.parametrize(
    ("given", "period", "minutes", "cap"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_base_and_cap(ledger: Any, given: Given, period: str, minutes: int, cap: int) -> None:
    given(ledger)
    found = explain(LOGIN, period)
    assert (found.base, found.cap) == (minutes, cap)
    assert sum(minutes for _, minutes, _, _ in found.days) == found.base
    if period == "2026-11":  # the screen says the same
        balance = month_of(ledger.ctx(LOGIN), date(2026, 11, 10)).balance
        assert (balance.base, balance.cap, balance.free) == (minutes, cap, cap)


@pytest.mark.parametrize(
    ("month", "days", "minutes", "cap"),
    [
        ("2026-04", 21, 9_765, 1_953),
        ("2026-05", 18, 8_370, 1_674),
        ("2026-06", 22, 10_230, 2_046),
        ("2026-07", 22, 10_230, 2_046),
        ("2026-08", 20, 9_300, 1_860),
        ("2026-09", 19, 8_835, 1_767),
        ("2026-10", 21, 9_765, 1_953),
        ("2026-11", 19, 8_835, 1_767),
        ("2026-12", 20, 9_300, 1_860),
        ("2027-01", 19, 8_835, 1_767),
        ("2027-02", 18, 8_370, 1_674),
        ("2027-03", 22, 10_230, 2_046),
    ],
)
def test_a_month_of_fiscal_2026(ledger: Any, month: str, days: int, minutes: int, cap: int) -> None:
    shown = month_of(ledger.ctx(LOGIN), date.fromisoformat(f"{month}-01"))
    assert (shown.work_days, shown.balance.base, shown.balance.cap) == (days, minutes, cap)


def test_full_leave_a_request_is_refused_no_base(ledger: Any) -> None:
    ledger.leave(LOGIN, "childcare", "2026-10-01T00:00", "2027-04-01T00:00")
    with pytest.raises(NoBase):
        ledger.ask(date(2026, 11, 18), 60)


def test_two_requests_of_1000_one_wins_for_the_other_free_is_767(ledger: Any) -> None:
    first, second = (ledger.ask(date(2026, 11, day), 1_000) for day in (18, 25))
    ledger.agree(first)
    with pytest.raises(OverFree) as refused:
        ledger.agree(second)
    assert refused.value.rule == "L3"
    assert refused.value.params["free"] == 767
    partly = ledger.agree(second, 767)
    assert (partly.state, partly.agreed_minutes) == ("partly_agreed", 767)
    assert ledger.amounts() == (0, 1_767, 0)


def test_a_meeting_from_17_to_18_counts_15_minutes_45_outside_hours_do_not(ledger: Any) -> None:
    meeting = ledger.ask(date(2026, 11, 18), at=("17:00", "18:00"))
    assert meeting.minutes == 15
    length = meeting.ends_at.astimezone(TOKYO) - meeting.starts_at.astimezone(TOKYO)
    assert int(length.total_seconds()) // 60 - meeting.minutes == 45


@pytest.mark.parametrize(
    ("at", "way", "minutes", "other_minutes"),
    [
        # a visit from 14 to 16 with half an hour each way: all of it is inside hours
        (("14:00", "16:00"), 30, [120, 30, 30], 0),
        # from 9 to 17, an hour each way: 30 of the way there and 15 of the way back are inside hours
        (("09:00", "17:00"), 60, [420, 30, 15], 75),
        # from 13:15: what of the way there lies in the lunch hour does not count
        (("13:15", "16:00"), 60, [165, 15, 60], 45),
    ],
)
def test_a_visit_with_ways_counts_what_of_them_is_inside_hours(
    ledger: Any, at: tuple[str, str], way: int, minutes: list[int], other_minutes: int
) -> None:
    ledger.world.set_settings("it@koriyama", "ledger", travel=True)
    request = ledger.ask(date(2026, 11, 18), at=at, travel_there=way, travel_back=way)
    assert [request.minutes, *(one.minutes for one in request.ways)] == minutes
    assert 2 * way - sum(minutes[1:]) == other_minutes
    ledger.agree(request)
    assert ledger.amounts() == (0, sum(minutes), 1_767 - sum(minutes))
    assert explain(LOGIN, "2026-11").travel == sum(minutes[1:])


def test_an_annual_day_off_is_93_of_cap_and_a_morning_210_of_base(ledger: Any) -> None:
    before = explain(LOGIN, "2026-11")
    ledger.leave(LOGIN, "annual", "2026-11-17T00:00", "2026-11-18T00:00")
    day_off = explain(LOGIN, "2026-11")
    ledger.leave(LOGIN, "annual", "2026-11-19T08:30", "2026-11-19T12:00")
    morning_too = explain(LOGIN, "2026-11")
    assert day_off.cap - before.cap == -93
    assert morning_too.base - day_off.base == -210
