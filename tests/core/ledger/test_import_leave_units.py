"""Importing leave by units and single days off the pattern."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from niwari.clock import TOKYO, FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.directory.importing import COLUMNS as PEOPLE_COLUMNS
from niwari.directory.importing import import_people
from niwari.directory.importing.planned import carry_out
from niwari.directory.models import Person
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.ledger.conditions import work_conditions
from niwari.ledger.importing import (
    ImportReport,
    import_leave,
    import_leave_units,
    import_patterns,
    import_roster,
    plan_leave,
    plan_leave_units,
)
from niwari.ledger.models import LeaveSpan, RosterRow
from niwari.ledger.worktime import base, day_bases
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables

LOGIN = "a@koriyama"
WEDNESDAY, SUNDAY = date(2026, 11, 4), date(2026, 11, 8)


def prepare(url: str) -> None:
    """Make the tables, and one person."""
    prepare_tables(url)
    with connection():
        line = f"072036,{LOGIN},職員一,ショクインイチ,,総務課,,full_time,2026-04-01,"
        data = "\n".join([",".join(PEOPLE_COLUMNS), line]).encode()
        ctx = system_context(datetime(2026, 4, 1, tzinfo=TOKYO), "test")
        import_people(ctx, data, new_municipalities=True)


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context, with one person in the directory."""
    url = database_engines.copy_of("one person", prepare)
    open_database(url)
    with connection():
        yield system_context(clock(), "niwari ledger import")
    database_engines.drop(url)


def leave(*lines: str) -> bytes:
    """A file of leave by units; a line is kind, date, unit."""
    return "\n".join(["login,kind,date,unit", *(f"{LOGIN},{line}" for line in lines)]).encode()


def roster(*lines: str) -> bytes:
    """A roster.csv; a line is date, intervals, kind."""
    return "\n".join(["login,date,intervals,kind", *(f"{LOGIN},{line}" for line in lines)]).encode()


def stored() -> list[str]:
    """The leave that is stored, as Tokyo wall time."""
    rows = LeaveSpan.select().order_by(LeaveSpan.starts_at)
    return [
        f"{row.kind} {row.starts_at.astimezone(TOKYO):%d %H:%M}"
        f"-{row.ends_at.astimezone(TOKYO):%d %H:%M}"
        for row in rows
    ]


def base_of(ctx: Context, day: date) -> int:
    """The base of the person on a day, in minutes."""
    person = Person.get(Person.login == LOGIN).id
    town = municipality_by_code("072036", ctx.today)
    return base(day_bases(work_conditions([person], town, day, day)[person], day, day))


@pytest.mark.parametrize(
    ("unit", "span", "left"),
    [
        ("1日", "04 00:00-05 00:00", 0),
        ("午前", "04 00:00-04 12:00", 255),
        ("午後", "04 12:00-05 00:00", 210),
        ("2時間", "04 08:30-04 10:30", 345),
        ("５時間", "04 08:30-04 14:30", 165),
    ],
)
def test_a_unit_takes_its_part_of_the_day_off_the_base(
    ctx: Context, unit: str, span: str, left: int
) -> None:
    assert import_leave_units(ctx, leave(f"annual,2026-11-04,{unit}")) == ImportReport(added=1)
    assert stored() == [f"annual {span}"]
    assert base_of(ctx, WEDNESDAY) == left


def test_importing_the_same_units_again_changes_nothing(ctx: Context) -> None:
    data = leave("annual,2026-11-04,午前", "special,2026-11-04,2時間", "annual,2026-11-05,1日")
    import_leave_units(ctx, data)
    assert import_leave_units(ctx, data) == ImportReport(unchanged=3)


def test_hours_are_taken_after_the_half_day_of_the_same_date(ctx: Context) -> None:
    import_leave_units(ctx, leave("special,2026-11-04,2時間", "annual,2026-11-04,午前"))
    assert stored() == ["annual 04 00:00-04 12:00", "special 04 13:00-04 15:00"]


def test_another_unit_of_the_same_day_replaces_the_stored_one(ctx: Context) -> None:
    import_leave_units(ctx, leave("annual,2026-11-04,午後"))
    assert import_leave_units(ctx, leave("annual,2026-11-04,1日")) == ImportReport(changed=1)
    assert stored() == ["annual 04 00:00-05 00:00"]


def test_a_leave_of_several_days_is_never_taken_for_a_day_of_it(ctx: Context) -> None:
    span = b"login,kind,start,end\na@koriyama,annual,2026-11-02T00:00,2026-11-06T00:00\n"
    import_leave(ctx, span)
    with pytest.raises(ImportRefused, match="1件"):
        import_leave_units(ctx, leave("annual,2026-11-04,1日"))
    assert stored() == ["annual 02 00:00-06 00:00"]


def test_half_days_part_at_the_longest_break_of_that_day(ctx: Context) -> None:
    week = ",".join(["08:30-10:00 10:10-12:30 13:30-17:15"] * 5 + ["", ""])
    pattern = f"login,from,mon,tue,wed,thu,fri,sat,sun\n{LOGIN},2026-04-01,{week}"
    import_patterns(ctx, pattern.encode())
    import_leave_units(ctx, leave("annual,2026-11-04,午前"))
    assert stored() == ["annual 04 00:00-04 12:30"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("annual,2026-11-04,半日", "unit"),
        ("annual,2026-11-04,0時間", "unit"),
        ("annual,2026-11-04,8時間", "unit"),
        ("annual,2026-11-08,2時間", "unit"),
        ("annual,2100-11-04,2時間", "unit"),
        ("annual,11/4,1日", "date"),
        ("holiday,2026-11-04,1日", "kind"),
    ],
)
def test_what_no_day_can_give_is_refused(ctx: Context, line: str, column: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_leave_units(ctx, leave("annual,2026-11-05,1日", line))
    assert [(bad.line, bad.column) for bad in refused.value.bad_lines] == [(3, column)]
    assert stored() == []


def test_two_lines_for_the_same_part_of_a_day_are_refused(ctx: Context) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_leave_units(ctx, leave("annual,2026-11-04,1日", "sick,2026-11-04,午後"))
    assert [bad.line for bad in refused.value.bad_lines] == [3]


def test_a_moved_day_off_gives_a_base_on_the_sunday_and_none_on_the_weekday(ctx: Context) -> None:
    data = roster("2026-11-08,08:30-12:00 13:00-17:15,work", "2026-11-04,,off")
    assert import_roster(ctx, data) == ImportReport(added=2)
    assert (base_of(ctx, SUNDAY), base_of(ctx, WEDNESDAY)) == (465, 0)
    assert import_roster(ctx, data) == ImportReport(unchanged=2)


def test_other_times_of_the_same_day_replace_the_stored_ones(ctx: Context) -> None:
    import_roster(ctx, roster("2026-11-08,08:30-12:00,work"))
    assert import_roster(ctx, roster("2026-11-08,9:00-11:00,work")) == ImportReport(changed=1)
    assert [row.hours for row in RosterRow.select()] == ["09:00-11:00"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("2026-11-08,,work", "intervals"),
        ("2026-11-08,08:30-12:00,off", "intervals"),
        ("2026-11-08,12:00-08:30,work", "intervals"),
        ("2026-11-08,08:30-12:00,holiday", "kind"),
        ("2026-11-04,08:30-12:00,work", "date"),
    ],
)
def test_a_roster_line_that_says_two_things_is_refused(
    ctx: Context, line: str, column: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_roster(ctx, roster("2026-11-04,,off", line))
    assert [(bad.line, bad.column) for bad in refused.value.bad_lines] == [(3, column)]
    assert not RosterRow.select().exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("annual,2026-11-08,1日", "2026-11-08"),  # a Sunday
        ("annual,2026-11-03,午前", "2026-11-03"),  # 文化の日
        ("annual,2026-12-30,1日", "2026-12-30"),  # closed
    ],
)
def test_leave_on_a_day_without_work_is_taken_counts_0_and_is_remarked(
    ctx: Context, line: str, said: str
) -> None:
    plan = carry_out(ctx, plan_leave_units, leave("annual,2026-11-04,1日", line))
    (remark,) = plan.remarks()
    assert remark.line == 3
    assert remark.reason.startswith(f"{said} には勤務の予定がありません。")
    assert len(stored()) == 2


def test_the_day_off_of_a_roster_is_remarked_and_its_day_of_work_is_not(ctx: Context) -> None:
    import_roster(ctx, roster("2026-11-08,08:30-12:00 13:00-17:15,work", "2026-11-04,,off"))
    plan = carry_out(ctx, plan_leave_units, leave("annual,2026-11-08,1日", "annual,2026-11-04,1日"))
    assert [remark.line for remark in plan.remarks()] == [3]


@pytest.mark.parametrize(
    ("start", "end", "remarks"),
    [
        ("2026-11-07T00:00", "2026-11-09T00:00", 1),  # a weekend
        ("2026-11-07T00:00", "2026-11-10T00:00", 0),  # with the Monday
        ("2026-11-04T12:00", "2026-11-04T13:00", 1),  # the break alone
        ("2026-11-04T22:00", "2026-11-05T08:00", 1),  # a night
        ("2026-04-01T00:00", "2027-04-01T00:00", 0),
        ("2100-11-03T00:00", "2100-11-04T00:00", 0),  # nothing is scheduled so far ahead
    ],
)
def test_only_leave_wholly_outside_of_work_is_remarked(
    ctx: Context, start: str, end: str, remarks: int
) -> None:
    data = f"login,kind,start,end\n{LOGIN},annual,{start},{end}\n".encode()
    assert len(carry_out(ctx, plan_leave, data, dry_run=True).remarks()) == remarks


def test_a_line_that_changes_nothing_is_not_remarked_again(ctx: Context) -> None:
    data = leave("annual,2026-11-08,1日")
    carry_out(ctx, plan_leave_units, data)
    assert not carry_out(ctx, plan_leave_units, data).remarks()
