"""sections.csv: new sections, renames, moves and ends from a day on, whole or nothing."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.importing.sections import SectionReport, import_sections
from niwari.directory.models import (
    FIRST_DAY,
    MODELS,
    Appointment,
    Municipality,
    Section,
)
from niwari.directory.people import main_appointment
from niwari.directory.sections import section_at, sections_on
from niwari.directory.system import system_context
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables
from tests.core.directory.conftest import register

APRIL = date(2027, 4, 1)
MARCH = APRIL - timedelta(days=1)
PEOPLE = ",".join(COLUMNS)


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context; 総務部 has 人事課 with 給与係, and 財政課; 市民部 has 市民課."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        register("072036")
        found = system_context(clock(), "test")
        people(found, "a@x,総務部/人事課", "b@x,総務部/人事課/給与係", "c@x,総務部/財政課")
        people(found, "d@x,市民部/市民課")
        yield found
    database_engines.drop(url)


def people(ctx: Context, *rows: str, start: str = "2026-04-01", end: str = ""):
    """Import people by login and section."""
    lines = []
    for row in rows:
        login, section = row.split(",")
        lines.append(f"072036,{login},職員,ショクイン,,{section},,full_time,{start},{end}")
    return import_people(ctx, "\n".join([PEOPLE, *lines]).encode())


def sections(ctx: Context, *rows: str, dry_run: bool = False) -> SectionReport:
    """Import lines of path,since,new_path,ends."""
    lines = [f"072036,{row}" for row in rows]
    data = "\n".join(["municipality,path,since,new_path,ends", *lines]).encode()
    return import_sections(ctx, data, dry_run=dry_run)


def everything() -> list[object]:
    """All rows of the directory, and the number of audit rows."""
    rows: list[object] = [list(model.select().order_by(model.id).tuples()) for model in MODELS]
    return [*rows, AuditEntry.select().count()]


def refused(ctx: Context, *rows: str) -> list[tuple[int, str]]:
    """Line and column of what is wrong; nothing was written."""
    before = everything()
    with pytest.raises(ImportRefused) as caught:
        sections(ctx, *rows)
    assert everything() == before
    return [(bad.line, bad.column) for bad in caught.value.bad_lines]


def paths(day: date) -> list[str]:
    """The paths of a day, in order."""
    return [one.path for one in sections_on(Municipality.get().id, day).values()]


BEFORE = [
    "市民部",
    "市民部/市民課",
    "総務部",
    "総務部/人事課",
    "総務部/人事課/給与係",
    "総務部/財政課",
]


class TestRenaming:
    def test_from_the_day_on_it_has_the_new_name_and_before_the_old_one(self, ctx):
        assert sections(ctx, "総務部/人事課,2027-04-01,総務部/職員課,") == SectionReport(moved=1)
        assert paths(MARCH) == BEFORE
        assert paths(APRIL) == [
            "市民部",
            "市民部/市民課",
            "総務部",
            "総務部/職員課",
            "総務部/職員課/給与係",
            "総務部/財政課",
        ]

    def test_it_stays_the_same_section(self, ctx):
        before = section_at(1, "総務部/人事課", MARCH)
        sections(ctx, "総務部/人事課,2027-04-01,総務部/職員課,")
        assert section_at(1, "総務部/職員課", APRIL) == before
        assert Appointment.select().where(Appointment.section == before).count() == 1

    def test_people_are_shown_in_it_by_the_name_of_the_day(self, ctx):
        sections(ctx, "総務部/人事課,2027-04-01,総務部/職員課,")
        names = [main_appointment("a@x", day).appointment.section_name for day in (MARCH, APRIL)]
        assert names == ["人事課", "職員課"]

    def test_what_is_above_may_be_renamed_on_the_same_day_in_any_order(self, ctx):
        sections(
            ctx,
            "総務部/人事課,2027-04-01,総務企画部/職員課,",
            "総務部,2027-04-01,総務企画部,",
        )
        assert paths(MARCH) == BEFORE
        assert "総務企画部/職員課/給与係" in paths(APRIL)
        assert not [path for path in paths(APRIL) if path.startswith("総務部")]

    def test_two_may_swap_their_names(self, ctx):
        first, second = (section_at(1, f"総務部/{name}", MARCH) for name in ("人事課", "財政課"))
        sections(
            ctx,
            "総務部/人事課,2027-04-01,総務部/財政課,",
            "総務部/財政課,2027-04-01,総務部/人事課,",
        )
        assert section_at(1, "総務部/人事課", APRIL) == second
        assert section_at(1, "総務部/財政課", APRIL) == first

    def test_a_later_rename_above_reaches_what_was_renamed_before(self, ctx):
        sections(ctx, "総務部/人事課,2027-10-01,総務部/職員課,")
        sections(ctx, "総務部,2027-04-01,総務企画部,")
        assert "総務企画部/人事課" in paths(APRIL)
        assert "総務企画部/職員課/給与係" in paths(date(2027, 10, 1))

    def test_an_earlier_plan_for_the_same_day_is_replaced(self, ctx):
        sections(ctx, "総務部/人事課,2027-04-01,総務部/職員課,")
        sections(ctx, "総務部/人事課,2027-04-01,総務部/人財課,")
        assert "総務部/人財課" in paths(APRIL)
        assert "総務部/職員課" not in paths(APRIL)


class TestMoving:
    def test_what_stands_below_goes_along(self, ctx):
        sections(ctx, "総務部/人事課,2027-04-01,市民部/人事課,")
        assert "市民部/人事課/給与係" in paths(APRIL)

    def test_it_may_move_to_the_top_and_back(self, ctx):
        sections(ctx, "総務部/人事課,2027-04-01,人事課,", "人事課,2028-04-01,総務部/人事課,")
        assert "人事課/給与係" in paths(APRIL)
        assert paths(date(2028, 4, 1)) == BEFORE

    def test_below_itself_is_refused_by_line(self, ctx):
        wanted = "総務部/人事課,2027-04-01,総務部/人事課/給与係/人事課,"
        assert refused(ctx, wanted) == [(2, "new_path")]

    def test_a_cycle_of_two_lines_is_refused(self, ctx):
        found = refused(
            ctx,
            "市民部,2027-04-01,総務部/市民部,",
            "総務部,2027-04-01,総務部/市民部/総務部,",
        )
        assert found
        assert {column for _, column in found} == {"new_path"}

    def test_a_cycle_with_what_is_planned_for_later_is_refused(self, ctx):
        sections(ctx, "総務部,2027-10-01,市民部/総務部,")
        assert refused(ctx, "市民部,2027-04-01,総務部/市民部,") == [(2, "new_path")]


class TestMakingAndEnding:
    def test_a_line_without_path_makes_a_section_from_the_day_on(self, ctx):
        assert sections(ctx, ",2027-04-01,総務部/広報課,") == SectionReport(created=1)
        assert paths(MARCH) == BEFORE
        assert "総務部/広報課" in paths(APRIL)

    def test_after_its_last_day_it_is_not_there(self, ctx):
        people(ctx, "c@x,総務部/人事課", start="2027-04-01")
        assert sections(ctx, "総務部/財政課,,,2027-03-31") == SectionReport(ended=1)
        assert "総務部/財政課" in paths(MARCH)
        assert "総務部/財政課" not in paths(APRIL)

    def test_another_may_have_its_name_afterwards(self, ctx):
        people(ctx, "c@x,総務部/人事課", start="2027-04-01")
        sections(ctx, "総務部/財政課,,,2027-03-31", ",2027-04-01,総務部/財政課,")
        first, second = (section_at(1, "総務部/財政課", day) for day in (MARCH, APRIL))
        assert first != second
        people(ctx, "e@x,総務部/財政課", start="2027-05-01")
        assert main_appointment("e@x", date(2027, 5, 1)).appointment.section_id == second

    def test_an_end_while_people_stay_is_refused(self, ctx):
        assert refused(ctx, "総務部/財政課,,,2027-03-31") == [(2, "ends")]

    def test_many_ends_while_people_stay_are_all_refused(self, ctx):
        people(ctx, *(f"p{number}@x,課{number}" for number in range(501)))
        people(ctx, "p0@x,総務部/人事課", start="2027-04-01")
        people(ctx, "p1@x,総務部/人事課", start="2027-06-01")
        ends = (f"課{number},,,2027-03-31" for number in range(501))
        assert refused(ctx, *ends) == [(number + 2, "ends") for number in range(1, 501)]

    def test_an_end_while_sections_stay_below_is_refused(self, ctx):
        people(ctx, "a@x,総務部/財政課", start="2027-04-01")
        assert refused(ctx, "総務部/人事課,,,2027-03-31") == [(2, "ends")]

    def test_what_stands_below_may_move_away_on_the_next_day(self, ctx):
        people(ctx, "a@x,総務部/財政課", start="2027-04-01")
        sections(
            ctx, "総務部/人事課,,,2027-03-31", "総務部/人事課/給与係,2027-04-01,総務部/給与係,"
        )
        assert paths(APRIL) == [
            "市民部",
            "市民部/市民課",
            "総務部",
            "総務部/給与係",
            "総務部/財政課",
        ]

    def test_an_ended_section_takes_no_new_appointment(self, ctx):
        people(ctx, "c@x,総務部/人事課", start="2027-04-01")
        sections(ctx, "総務部/財政課,,,2027-03-31")
        for start, end in (("2027-04-01", ""), ("2027-01-01", "")):
            with pytest.raises(ImportRefused):
                people(ctx, "e@x,総務部/財政課", start=start, end=end)
        people(ctx, "e@x,総務部/財政課", start="2027-01-01", end="2027-03-31")


class TestTheFile:
    def test_importing_it_again_changes_nothing(self, ctx):
        people(ctx, "c@x,総務部/人事課", start="2027-04-01")
        lines = (
            "総務部,2027-04-01,総務企画部,",
            "総務部/人事課,2027-04-01,総務企画部/職員課,",
            "総務部/財政課,,,2027-03-31",
            ",2027-04-01,総務企画部/広報課,",
        )
        sections(ctx, *lines)
        before = everything()
        assert sections(ctx, *lines) == SectionReport(unchanged=4)
        assert everything() == before

    def test_a_dry_run_says_the_same_and_writes_nothing(self, ctx):
        before = everything()
        line = "総務部/人事課,2027-04-01,総務部/職員課,"
        assert sections(ctx, line, dry_run=True) == SectionReport(moved=1)
        assert everything() == before
        assert sections(ctx, line) == SectionReport(moved=1)

    def test_one_bad_line_and_nothing_is_written(self, ctx):
        good = "総務部/人事課,2027-04-01,総務部/職員課,"
        assert refused(ctx, good, "ない課,2027-04-01,ある課,") == [(3, "path")]

    def test_the_audit_names_the_municipality_and_counts(self, ctx):
        sections(ctx, "総務部/人事課,2027-04-01,総務部/職員課,")
        entry = AuditEntry.get(AuditEntry.action == "directory.sections")
        assert '"moved": 1' in entry.details

    @pytest.mark.parametrize(
        ("line", "column"),
        [
            ("総務部/人事課,,総務部/職員課,", "since"),
            ("総務部/人事課,2027-04-01,,", ""),
            (",2027-04-01,,", ""),
            ("総務部/人事課,2027-04-01,総務部/職員課,2027-03-31", "ends"),
            ("総務部/人事課,2027-04-01,総務部/財政課,", "new_path"),
            ("総務部/人事課,2027-04-01,ない部/人事課,", "new_path"),
            ("総務部/人事課,2027-04-01,=総務部,", "new_path"),
            ("総務部/人事課,2027-04-31,総務部/職員課,", "since"),
            (f"総務部,2027-04-01,{'長' * 101},", "new_path"),
        ],
    )
    def test_a_bad_line_is_refused_by_its_column(self, ctx, line, column):
        assert refused(ctx, line) == [(2, column)]

    def test_a_path_that_gets_too_long_further_down_is_refused(self, ctx):
        deep = "/".join(name * 90 for name in "課係班")
        people(ctx, f"e@x,総務部/{deep}")
        above, name = "市" * 100, "部" * 100
        made, moved = f",2027-04-01,{above},", f"総務部,2027-04-01,{above}/{name},"
        assert refused(ctx, made, moved) == [(3, "new_path")]

    def test_an_unknown_municipality_is_refused(self, ctx):
        data = "municipality,path,since,new_path,ends\n072079,総務部,2027-04-01,企画部,".encode()
        with pytest.raises(ImportRefused) as caught:
            import_sections(ctx, data)
        assert [(bad.line, bad.column) for bad in caught.value.bad_lines] == [(2, "municipality")]


class TestPeopleAfterARename:
    """people.csv names sections as of the day on which a post begins."""

    @pytest.fixture
    def renamed(self, ctx):
        """総務部 is 総務企画部 and 人事課 is 職員課 from 1 April 2027 on."""
        sections(
            ctx, "総務部,2027-04-01,総務企画部,", "総務部/人事課,2027-04-01,総務企画部/職員課,"
        )
        return Section.select().count()

    def test_the_former_file_still_changes_nothing(self, ctx, renamed):
        report = people(ctx, "a@x,総務部/人事課", "c@x,総務部/財政課")
        assert report.unchanged == 2
        assert Section.select().count() == renamed

    def test_a_file_with_the_new_names_means_the_same_sections(self, ctx, renamed):
        report = people(ctx, "a@x,総務企画部/職員課", "c@x,総務企画部/財政課")
        assert report.unchanged == 2
        assert Section.select().count() == renamed

    def test_a_new_section_below_a_renamed_one_goes_along(self, ctx, renamed):
        people(ctx, "e@x,総務部/広報課")
        assert "総務部/広報課" in paths(MARCH)
        assert "総務企画部/広報課" in paths(APRIL)

    def test_one_below_it_that_would_be_another_one_of_later_is_refused(self, ctx, renamed):
        sections(ctx, ",2027-04-01,総務企画部/広報課,")
        with pytest.raises(ImportRefused) as caught:
            people(ctx, "e@x,総務部/広報課", start="2026-10-01")
        ((line, column, reason),) = [(b.line, b.column, b.reason) for b in caught.value.bad_lines]
        assert (line, column) == (2, "section")
        assert reason.startswith("総務企画部/広報課は2027-04-01からです。")

    def test_and_one_that_is_named_by_the_new_name_has_the_old_one_before(self, ctx, renamed):
        people(ctx, "e@x,総務企画部/広報課", start="2027-05-01")
        assert "総務企画部/広報課" in paths(date(2027, 5, 1))
        assert "総務企画部/広報課" not in paths(APRIL)

    def test_a_name_that_is_over_is_refused(self, ctx, renamed):
        with pytest.raises(ImportRefused) as caught:
            people(ctx, "e@x,総務部/人事課", start="2027-05-01")
        assert [(bad.line, bad.column) for bad in caught.value.bad_lines] == [(2, "section")]

    def test_a_section_of_people_to_come_begins_with_them(self, ctx):
        people(ctx, "e@x,新しい課", start="2027-04-01")
        assert Section.get(Section.path == "新しい課").starts_on == APRIL
        assert Section.get(Section.path == "総務部").starts_on == FIRST_DAY
        with pytest.raises(ImportRefused):
            people(ctx, "f@x,新しい課", start="2027-03-01")
