"""What a preview says of titles, stand-ins, clerks and of sections whose names change."""

from collections.abc import Iterator
from datetime import date

import pytest

from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.directory.importing import COLUMNS, import_people, plan_people
from niwari.directory.importing.lines import PersonLine
from niwari.directory.importing.planned import Change, carry_out
from niwari.directory.importing.posts import Post
from niwari.directory.importing.sections import COLUMNS as SECTION_COLUMNS
from niwari.directory.importing.sections import import_sections
from niwari.directory.importing.stored import Stored
from niwari.directory.importing.towns import hide_strangers
from niwari.directory.models import Appointment, Section
from niwari.directory.system import system_context
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables
from tests.core.directory.conftest import register


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context; one person of 郡山市 is in 人事課, one of 須賀川市 in 税務課."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        register("072036", "072079")
        found = system_context(clock(), "test")
        import_people(found, people(("072036", "a@x", "総務部/人事課", "2026-04-01")))
        import_people(found, people(("072079", "b@x", "税務課", "2026-04-01")))
        yield found
    database_engines.drop(url)


MORE = ("title", "stand_in", "clerk")


def people(
    *rows: tuple[str, str, str, str], more: str = "", columns: tuple[str, ...] = MORE
) -> bytes:
    """A people.csv of (municipality, login, section, start), with the cells of all in more columns."""
    header = (*COLUMNS, *columns) if more else COLUMNS
    cells = [
        f"{code},{login},職員,ショクイン,,{section},,full_time,{start},"
        for code, login, section, start in rows
    ]
    lines = [f"{line},{more}" if more else line for line in cells]
    return "\n".join([",".join(header), *lines]).encode()


def rename(ctx: Context, *rows: str) -> None:
    """Import lines of sections.csv."""
    import_sections(ctx, "\n".join([",".join(SECTION_COLUMNS), *rows]).encode())


def changes(ctx: Context, data: bytes) -> list[Change]:
    """What a preview lists."""
    return list(carry_out(ctx, plan_people, data, dry_run=True).changes)


def test_a_change_of_title_rank_and_clerk_shows_before_and_after(ctx: Context) -> None:
    row = ("072036", "a@x", "総務部/人事課", "2026-04-01")
    (change,) = changes(ctx, people(row, more="係長,1,1"))
    assert (change.line, change.outcome) == (2, "changed")
    assert change.before == (("title", "-"), ("stand_in", "-"))
    assert change.after == (("title", "係長"), ("stand_in", "1"), ("clerk", "1"))
    carry_out(ctx, plan_people, people(row, more="係長,1,1"))
    assert changes(ctx, people(row, more="係長,1,1")) == []
    (change,) = changes(ctx, people(row, more="課長補佐,,"))
    assert change.before == (("title", "係長"), ("stand_in", "1"))
    assert change.after == (("title", "課長補佐"), ("stand_in", "-"))


def test_a_change_of_what_a_section_does_shows_before_and_after(ctx: Context) -> None:
    row = ("072036", "a@x", "総務部/人事課", "2026-04-01")

    def saying(duties: str) -> bytes:
        return people(row, more=duties, columns=("duties",))

    (change,) = changes(ctx, saying("payroll"))
    assert (change.outcome, change.before) == ("changed", ())
    assert change.after == (("duties", "給与"),)
    carry_out(ctx, plan_people, saying("給与"))
    assert changes(ctx, saying("給与")) == []
    (change,) = changes(ctx, saying("給与・人事"))
    assert change.before == (("duties", "給与"),)
    assert change.after == (("duties", "人事・給与"),)


def test_a_new_post_shows_what_it_lets_its_section_do(ctx: Context) -> None:
    row = ("072036", "new@x", "総務部/選挙課", "2026-12-01")
    (change,) = changes(ctx, people(row, more="選挙", columns=("duties",)))
    assert change.outcome == "added"
    assert ("duties", "選挙") in change.after


def test_a_new_post_shows_its_title_and_rank(ctx: Context) -> None:
    row = ("072036", "new@x", "総務部/人事課", "2026-12-01")
    (change,) = changes(ctx, people(row, more="主事,2,"))
    assert {("title", "主事"), ("stand_in", "2")} <= set(change.after)


def test_a_renamed_section_is_called_as_on_the_day_of_the_post(ctx: Context) -> None:
    rename(ctx, "072036,総務部/人事課,2027-04-01,総務部/職員課,")
    started = changes(
        ctx,
        people(
            ("072036", "n@x", "総務部/人事課", "2027-01-01"),
            ("072036", "m@x", "総務部/職員課", "2027-05-01"),
            ("072036", "k@x", "総務部/人事課/給与係", "2027-01-01"),
        ),
    )
    assert [dict(change.after)["section"] for change in started] == [
        "総務部/人事課",
        "総務部/職員課",
        "総務部/人事課/給与係",
    ]


@pytest.mark.parametrize(
    ("start", "called"), [("2027-01-01", "総務部/人事課"), ("2027-05-01", "総務部/職員課")]
)
def test_a_post_that_ends_names_its_section_of_its_last_day(
    ctx: Context, start: str, called: str
) -> None:
    rename(ctx, "072036,総務部/人事課,2027-04-01,総務部/職員課,")
    ended = changes(ctx, people(("072036", "a@x", "市民課", start)))[-1]
    assert (ended.outcome, ended.before[0]) == ("ended", ("section", called))


def test_a_post_in_a_town_that_the_file_does_not_name_is_called_by_its_name_of_the_day(
    ctx: Context,
) -> None:
    rename(ctx, "072079,税務課,2026-10-01,課税課,")
    data = people(("072036", "b@x", "総務部/人事課", "2027-04-01"))
    ended = changes(ctx, data)[-1]
    assert (ended.outcome, ended.before[0]) == ("ended", ("section", "課税課"))
    carry_out(ctx, plan_people, data)
    section = Section.get(Section.path == "税務課")
    assert Appointment.get(Appointment.section == section).ends_on == date(2027, 3, 31)


def test_a_later_post_that_is_in_the_way_is_named_without_its_key(ctx: Context) -> None:
    rename(ctx, "072036,,2026-05-01,臨時課,2027-03-31")
    row = ("072036", "a@x", "総務部/人事課", "2026-04-01")
    other = "072036,a@x,職員,ショクイン,,臨時課,,full_time,2026-06-01,2027-03-31".encode()
    import_people(ctx, b"\n".join([people(row), other]))
    with pytest.raises(ImportRefused) as caught:
        import_people(ctx, people(("072036", "a@x", "市民課", "2026-05-01")))
    assert "臨時課にいます" in str(caught.value.bad_lines[0].reason)


def test_all_lines_of_people_of_other_towns_are_counted() -> None:
    day = date(2026, 4, 1)
    cells = ("x@sukagawa", "職員", "ショクイン", "", "課", "", "full_time", day, None)
    lines = [PersonLine(number, "072036", *cells) for number in range(2, 1203)]
    stored = Stored(municipalities={"072079": 1}, people={"x@sukagawa": ("職員", "ショクイン", "")})
    stored.person_ids["x@sukagawa"] = 1
    stored.posts["x@sukagawa"] = [
        Post("x@sukagawa", ("072079", "課"), "full_time", day, None, is_main=True)
    ]
    refused = hide_strangers(lines, stored, "072036")
    assert refused is not None
    assert (len(refused.bad_lines), refused.params["count"]) == (1201, 1201)
