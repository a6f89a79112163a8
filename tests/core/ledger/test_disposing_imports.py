"""What a file brings later for a disposed year is refused, line by line (L6)."""

import pytest

from niwari.ledger.importing import import_leave, import_leave_units, import_patterns, import_roster
from niwari.ledger.models import LeaveSpan, RosterRow, WorkPattern
from niwari.tabular import ImportRefused

from .disposing import NEIGHBOUR, STAFF, past

GONE = "%(year)s年度の台帳は廃棄したので、取り込めません。"
LEAVE = "login,kind,start,end\n"
UNITS = "login,kind,date,unit\n"
ROSTER = "login,date,intervals,kind\n"
PATTERNS = "login,from,mon,tue,wed,thu,fri,sat,sun\n"
HOURS = "09:00-12:00"


@pytest.fixture
def old(old):
    """Fiscal 2026, disposed of, in April 2032."""
    old.dispose()
    return old


def refused(old, take, text):
    """Return (line, column, sentence begins so) of the bad lines; nothing was written."""
    tables = (LeaveSpan, RosterRow, WorkPattern)
    before = [table.select().count() for table in tables]
    with pytest.raises(ImportRefused) as wrong:
        take(old.ctx(), text.encode())
    assert [table.select().count() for table in tables] == before
    assert all(bad.params == {"year": 2026} for bad in wrong.value.bad_lines)
    assert all(bad.text.startswith(GONE) for bad in wrong.value.bad_lines)
    return [(bad.line, bad.column) for bad in wrong.value.bad_lines]


def test_leave_that_ended_in_it(old):
    lines = [
        f"{STAFF},annual,2026-11-05T08:30,2026-11-05T12:00",
        f"{STAFF},annual,2027-04-05T08:30,2027-04-05T12:00",
        f"{STAFF},sick,2027-03-30T00:00,2027-04-01T00:00",
        f"{NEIGHBOUR},annual,2026-11-05T08:30,2026-11-05T12:00",
    ]
    found = refused(old, import_leave, LEAVE + "\n".join(lines))
    assert found == [(2, "end"), (4, "end")]


def test_leave_of_later_years_and_of_the_neighbour_is_taken(old):
    lines = [
        f"{STAFF},childcare,2027-03-30T00:00,2027-04-02T00:00",
        f"{NEIGHBOUR},annual,2026-11-05T08:30,2026-11-05T12:00",
    ]
    assert import_leave(old.ctx(), (LEAVE + "\n".join(lines)).encode()).added == 2


def test_leave_by_units(old):
    lines = f"{STAFF},annual,2026-11-05,1日\n{STAFF},annual,2031-11-05,1日"
    assert refused(old, import_leave_units, UNITS + lines) == [(2, "date")]


def test_single_days(old):
    lines = f"{STAFF},2026-11-07,{HOURS},work\n{STAFF},2031-11-08,{HOURS},work"
    assert refused(old, import_roster, ROSTER + lines) == [(2, "date")]


def test_hours_that_begin_in_it_say_from_when_they_can(old):
    lines = f"{STAFF},2026-05-01{7 * f',{HOURS}'}\n{STAFF},2027-04-01{7 * f',{HOURS}'}"
    assert refused(old, import_patterns, PATTERNS + lines) == [(2, "from")]


def test_hours_that_are_there_already_are_no_news(ledger):
    text = f"{PATTERNS}{STAFF},2026-05-01{7 * f',{HOURS}'}".encode()
    found = past(ledger)
    import_patterns(ledger.ctx("hr@koriyama"), text)
    found.dispose()
    assert import_patterns(found.ctx(), text).unchanged == 1
