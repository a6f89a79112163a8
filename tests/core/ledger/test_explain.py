"""``ledger explain``: every worked number, with imported hours, leave and rates (L21)."""

from datetime import date

import pytest

from niwari.directory.importing import import_people
from niwari.directory.people import UnknownPerson
from niwari.directory.system import system_context
from niwari.ledger import overview, rates
from niwari.ledger.explain import explain
from niwari.ledger.worktime import PeriodError

from .conftest import WEDNESDAY
from .test_overview import TABLE

FULL_DAY = "08:30-12:00 13:00-17:15"


def amounts(period, login="staff@koriyama"):
    found = explain(login, period)
    return found.base, found.cap


@pytest.mark.parametrize(("month", "days", "base", "cap"), TABLE)
def test_the_worked_months(ledger, month, days, base, cap):
    found = explain("staff@koriyama", month)
    assert (found.base, found.cap, found.free) == (base, cap, cap)
    assert sum(1 for _day, minutes, _rate, _why in found.days if minutes) == days


class TestNovember:
    """The worked cases of November 2026."""

    def test_full_time(self, ledger):
        assert amounts("2026-11") == (8835, 1767)

    def test_one_day_of_annual_leave(self, ledger):
        ledger.leave("staff@koriyama", "annual", "2026-11-04T08:30", "2026-11-04T17:15")
        assert amounts("2026-11") == (8370, 1674)

    def test_one_morning_off(self, ledger):
        ledger.leave("staff@koriyama", "annual", "2026-11-04T08:30", "2026-11-04T12:00")
        assert amounts("2026-11") == (8625, 1725)

    def test_one_afternoon_off(self, ledger):
        ledger.leave("staff@koriyama", "annual", "2026-11-04T13:00", "2026-11-04T17:15")
        assert amounts("2026-11") == (8580, 1716)

    def test_short_time_monday_to_wednesday(self, ledger):
        days = [FULL_DAY] * 3 + [""] * 4
        ledger.pattern("staff@koriyama", "2026-11-01", *days)
        assert amounts("2026-11") == (5115, 1023)

    def test_a_section_at_5_percent_all_month(self, ledger):
        rates.set_rate(
            ledger.world.clock(), "section", "072036:市民部/市民課", 500, date(2026, 11, 1), None
        )
        assert amounts("2026-11") == (8835, 441)
        assert amounts("2026-11", "hr@koriyama") == (8835, 1767)

    def test_the_week_from_21_to_25_september(self, ledger):
        assert amounts("2026-09-21") == (930, 186)

    def test_joining_on_16_november(self, ledger):
        import_people(
            system_context(ledger.world.clock(), "test"),
            "municipality,login,name,kana,email,section,head,employment,start,end\n"
            "072036,new@koriyama,職員一,しょくいんいち,,市民部/市民課,,full_time,2026-11-16,\n".encode(),
        )
        assert amounts("2026-11", "new@koriyama") == (4650, 930)

    def test_full_leave(self, ledger):
        ledger.leave("staff@koriyama", "childcare", "2026-10-01T00:00", "2027-04-01T00:00")
        assert amounts("2026-11") == (0, 0)

    def test_leave_on_a_holiday_or_over_a_break_takes_nothing_twice(self, ledger):
        ledger.leave("staff@koriyama", "annual", "2026-11-03T08:30", "2026-11-04T13:00")
        assert amounts("2026-11") == (8625, 1725)

    def test_a_pattern_that_changes_in_the_middle(self, ledger):
        ledger.pattern("staff@koriyama", "2026-11-16", *["08:30-12:00"] * 5, "", "")
        assert amounts("2026-11") == (9 * 465 + 10 * 210, (9 * 465 + 10 * 210) // 5)


class TestWhatWasUsed:
    def test_used_and_reserved(self, ledger):
        request = ledger.agreed(date(2026, 11, 10), 100)
        ledger.record(request, 90)
        ledger.agreed(WEDNESDAY, 120)
        found = explain("staff@koriyama", "2026-11")
        assert (found.used, found.reserved, found.free) == (90, 120, 1557)

    @pytest.mark.parametrize(
        ("period", "reserved"),
        [
            ("2026-11-16", 120),
            ("2026-11-23", 60),
            ("2026-11-09", 0),
            ("FY2026-Q3", 270),
            ("FY2026-Q4", 30),
            ("FY2026", 300),
        ],
    )
    def test_by_the_day_of_the_work(self, ledger, period, reserved):
        ledger.agreed(WEDNESDAY, 120)
        ledger.agreed(date(2026, 11, 24), 60)
        ledger.agreed(date(2026, 12, 2), 90)
        ledger.agreed(date(2027, 2, 1), 30)
        assert explain("staff@koriyama", period).reserved == reserved

    def test_other_people_are_not_in_it(self, ledger):
        ledger.agreed(WEDNESDAY, 120, by="staff2@koriyama")
        assert explain("staff@koriyama", "2026-11").reserved == 0


class TestLongerPeriods:
    """L5: a year allows what its months allow, on screen and in explain alike."""

    def test_the_fiscal_year(self, ledger):
        assert amounts("FY2026") == (112_065, 22_413)

    def test_quarters_make_the_year(self, ledger):
        quarters = [amounts(f"FY2026-Q{number}") for number in (1, 2, 3, 4)]
        assert [sum(column) for column in zip(*quarters, strict=True)] == [112_065, 22_413]

    def test_rounded_in_each_month_as_on_the_screen(self, ledger):
        for day in ("2026-11-04", "2026-12-01"):
            ledger.leave("staff@koriyama", "annual", f"{day}T08:30", f"{day}T08:33")
        seen = overview.month_of(ledger.ctx("staff@koriyama"), WEDNESDAY)
        found = explain("staff@koriyama", "FY2026")
        assert (found.base, found.cap) == (112_059, 22_411)
        assert (seen.year_balance.base, seen.year_balance.cap) == (found.base, found.cap)


def test_the_json(ledger):
    ledger.leave("staff@koriyama", "annual", "2026-11-04T08:30", "2026-11-04T12:00")
    ledger.agreed(WEDNESDAY, 120)
    shown = explain("staff@koriyama", "2026-11").as_json()
    days = shown.pop("days")
    assert shown == {
        "login": "staff@koriyama",
        "period": "2026-11",
        "base": 8625,
        "cap": 1725,
        "used": 0,
        "reserved": 120,
        "free": 1605,
        "travel": 0,
        "leave": "all",
    }
    assert [one["date"] for one in days] == [f"2026-11-{day:02}" for day in range(1, 31)]
    assert days[0] == {"date": "2026-11-01", "base": 0, "rate": 2000, "why": ["rest_day"]}
    assert days[2]["why"] == ["scheduled:465", "holiday:-465"]
    assert days[3] == {
        "date": "2026-11-04",
        "base": 255,
        "rate": 2000,
        "why": ["scheduled:465", "leave.annual:-210"],
    }
    assert sum(one["base"] for one in days) == 8625


def test_new_year_is_closed(ledger):
    days = explain("staff@koriyama", "2026-12").as_json()["days"]
    assert [one["why"] for one in days[28:31]] == [["scheduled:465", "closed.new_year:-465"]] * 3


def test_days_before_joining_say_so(ledger, town):
    town("072036").appoint("new@x", "市民部/市民課", start=date(2026, 11, 16))
    days = explain("new@x", "2026-11").as_json()["days"]
    assert [one["why"] for one in days[:15]] == [["not_appointed"]] * 15
    assert days[15]["why"] == ["scheduled:465"]


def test_a_month_before_joining_has_no_base(ledger, town):
    town("072036").appoint("new@x", "市民部/市民課", start=date(2026, 11, 16))
    assert amounts("2026-10", "new@x") == (0, 0)


def test_somebody_whom_nobody_knows(ledger):
    with pytest.raises(UnknownPerson):
        explain("nobody@koriyama", "2026-11")


@pytest.mark.parametrize(
    "period", ["", "2026-13", "November", "2026-11-10", "FY2026-Q5", "9999-12"]
)
def test_a_text_that_is_no_period(ledger, period):
    with pytest.raises(PeriodError):
        explain("staff@koriyama", period)
