"""Importing patterns.csv and leave.csv, by service and by command."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from niwari.audit.models import AuditEntry
from niwari.cli.ledger_import import (
    import_leave_command,
    import_overtime_command,
    import_patterns_command,
)
from niwari.clock import TOKYO, FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database, transaction
from niwari.db.counting import counted_queries
from niwari.db.sets import CHUNK
from niwari.directory.importing import COLUMNS as PEOPLE_COLUMNS
from niwari.directory.importing import import_people
from niwari.directory.models import Municipality, Person
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.ledger.importing import ImportReport, import_leave, import_patterns
from niwari.ledger.importing.people import LeaveLine, load_staff
from niwari.ledger.importing.spans import load_spans
from niwari.ledger.models import LeaveSpan, WorkPattern, read_week
from niwari.ledger.worktime import DEFAULT_WEEK, parse_week
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines, release
from niwari.testing.world import prepare_tables

PATTERNS = "login,from,mon,tue,wed,thu,fri,sat,sun"
LEAVE = "login,kind,start,end"
FULL = "08:30-12:00 13:00-17:15"
LOGINS = ("a@koriyama", "b@koriyama", "c@otama")


def prepare(url: str) -> None:
    """Make the tables, and three people of two municipalities."""
    prepare_tables(url)
    with connection():
        ctx = system_context(datetime(2026, 4, 1, tzinfo=TOKYO), "test")
        import_people(ctx, people(*LOGINS), new_municipalities=True)


def people(*logins: str) -> bytes:
    """A people.csv with these logins."""
    rows = [
        f"{'073229' if login.endswith('otama') else '072036'},{login},"
        "職員一,ショクインイチ,,総務課,,full_time,2026-04-01,"
        for login in logins
    ]
    return "\n".join([",".join(PEOPLE_COLUMNS), *rows]).encode()


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context, with three people in the directory."""
    url = database_engines.copy_of("work time", prepare)
    open_database(url)
    with connection():
        yield system_context(clock(), "niwari ledger import")
    database_engines.drop(url)


def patterns(*rows: str) -> bytes:
    """A patterns.csv; the first row is line 2."""
    return "\n".join([PATTERNS, *rows]).encode()


def leave(*rows: str) -> bytes:
    """A leave.csv; the first row is line 2."""
    return "\n".join([LEAVE, *rows]).encode()


def week(login: str = "a@koriyama", start: str = "2026-04-01", hours: str = FULL) -> str:
    """A row with the same hours from Monday to Friday."""
    return ",".join([login, start, *[hours] * 5, "", ""])


def refused(
    ctx: Context, run: Callable[[Context, bytes], ImportReport], data: bytes
) -> list[tuple[int, str, str]]:
    """What is wrong with a file; nothing was imported."""
    before = (WorkPattern.select().count(), LeaveSpan.select().count(), AuditEntry.select().count())
    with pytest.raises(ImportRefused) as caught:
        run(ctx, data)
    after = (WorkPattern.select().count(), LeaveSpan.select().count(), AuditEntry.select().count())
    assert after == before
    return [(bad.line, bad.column, bad.reason) for bad in caught.value.bad_lines]


# -- whose people they are --


def moves(*rows: str) -> bytes:
    """A people.csv of one person's posts: town, first and last day."""
    lines = [
        f"{town},a@koriyama,職員一,ショクインイチ,,総務課,,full_time,{first},{last}"
        for town, first, last in (row.split(",") for row in rows)
    ]
    return "\n".join([",".join(PEOPLE_COLUMNS), *lines]).encode()


def of_town(code: str, ctx: Context) -> list[str]:
    """Whom of the three people a municipality may import work time for."""
    town = municipality_by_code(code, ctx.today)
    with transaction(ctx):
        return sorted(load_staff(LOGINS, ctx.today, town))


def test_who_moves_later_belongs_to_the_former_town_until_the_day(ctx: Context) -> None:
    import_people(ctx, moves("073229,2027-04-01,"))
    assert of_town("072036", ctx) == ["a@koriyama", "b@koriyama"]
    assert of_town("073229", ctx) == ["c@otama"]
    later = system_context(datetime(2027, 4, 1, tzinfo=TOKYO), "test")
    assert of_town("072036", later) == ["b@koriyama"]
    assert of_town("073229", later) == ["a@koriyama", "c@otama"]


def test_who_holds_no_post_yet_belongs_to_the_town_that_is_next(ctx: Context) -> None:
    import_people(ctx, moves("072036,2026-04-01,2026-10-31"))
    assert of_town("072036", ctx) == ["a@koriyama", "b@koriyama"]
    import_people(ctx, moves("073229,2027-04-01,2027-09-30", "072036,2027-10-01,"))
    assert of_town("073229", ctx) == ["a@koriyama", "c@otama"]


def test_people_are_locked_in_one_order_whatever_their_ids(ctx: Context) -> None:
    import_people(ctx, people("0@koriyama"))
    with transaction(ctx), counted_queries() as log:
        assert list(load_staff([*LOGINS, "0@koriyama"], ctx.today)) == ["0@koriyama", *LOGINS]
    assert len(log) == 1


# -- patterns --


def test_a_pattern_is_stored_as_it_reads(ctx: Context) -> None:
    short = f"b@koriyama,2026/10/1,{FULL},{FULL},{FULL},,,,"
    assert import_patterns(ctx, patterns(week(), short)) == ImportReport(added=2)
    first, second = WorkPattern.select().order_by(WorkPattern.starts_on)
    assert (first.person.login, first.starts_on) == ("a@koriyama", date(2026, 4, 1))
    assert read_week(first.week) == DEFAULT_WEEK
    assert first.observes_holidays
    assert read_week(second.week) == parse_week([FULL] * 3 + [""] * 4)
    assert second.week.startswith("[[[510,720],[780,1035]],")


def test_the_same_patterns_again_change_nothing_also_when_written_otherwise(ctx: Context) -> None:
    import_patterns(ctx, patterns(week()))
    audits = AuditEntry.select().count()
    same = week("A@koriyama", "2026/4/1", "13:00-17:15  ８：３０～１２：００")
    assert import_patterns(ctx, patterns(same)) == ImportReport(unchanged=1)
    assert (WorkPattern.select().count(), AuditEntry.select().count()) == (1, audits)


def test_other_hours_from_the_same_day_replace_the_stored_ones(ctx: Context) -> None:
    import_patterns(ctx, patterns(week(), week("b@koriyama")))
    WorkPattern.update(observes_holidays=False).execute()
    changed = patterns(week(hours="09:00-12:00"), week("b@koriyama"))
    assert import_patterns(ctx, changed) == ImportReport(changed=1, unchanged=1)
    pattern = WorkPattern.get(WorkPattern.person == Person.get(Person.login == "a@koriyama"))
    assert read_week(pattern.week) == parse_week(["09:00-12:00"] * 5 + ["", ""])
    assert not pattern.observes_holidays


def test_a_pattern_from_a_later_day_is_one_more(ctx: Context) -> None:
    import_patterns(ctx, patterns(week()))
    later = patterns(week(start="2026-10-01", hours="09:00-15:00"))
    assert import_patterns(ctx, later) == ImportReport(added=1)
    assert WorkPattern.select().count() == 2


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ("8時半から", "時間は 08:30-12:00 13:00-17:15 のように書いてください（8時半から）。"),
        ("08:30-12:60", "時間は 08:30-12:00 13:00-17:15 のように書いてください（08:30-12:60）。"),
        ("12:00-08:30", "12:00-08:30 は、終わりを始まりより後にしてください。"),
        ("08:30-12:00 11:00-17:00", "11:00-17:00 が、同じ日のほかの時間と重なっています。"),
        ("22:00-30:00", "22:00-30:00 が24:00を過ぎています。残りは次の日に書いてください。"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused(ctx: Context, hours: str, reason: str) -> None:
    row = ",".join(["a@koriyama", "2026-04-01", *[FULL] * 2, hours, *[FULL] * 2, "", ""])
    assert refused(ctx, import_patterns, patterns(week("b@koriyama"), row)) == [(3, "wed", reason)]


def test_bad_patterns_are_all_named_and_nothing_is_imported(ctx: Context) -> None:
    bad = refused(
        ctx,
        import_patterns,
        patterns(
            week(),
            week("nobody@koriyama"),
            week(hours="09:00-12:00"),
            week("b@koriyama", start="April"),
            week("c@otama"),
        ),
    )
    assert bad == [
        (3, "login", "nobody@koriyama という職員は登録されていません。"),
        (4, "from", "2行目と同じ人の、同じ日からの行です。"),
        (5, "from", "日付は 2026-04-01 のように書いてください（April）。"),
    ]


# -- leave --


def test_leave_is_stored_as_instants(ctx: Context) -> None:
    rows = (
        "a@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00",
        "a@koriyama,sick,2026/11/5 0:00,2026-11-05T24:00",
    )
    assert import_leave(ctx, leave(*rows)) == ImportReport(added=2)
    first, second = LeaveSpan.select().order_by(LeaveSpan.starts_at)
    assert (first.kind, first.person.login) == ("annual", "a@koriyama")
    assert first.starts_at == datetime(2026, 11, 4, 8, 30, tzinfo=TOKYO)
    assert first.ends_at == datetime(2026, 11, 4, 12, 0, tzinfo=TOKYO)
    assert second.starts_at == datetime(2026, 11, 5, tzinfo=TOKYO)
    assert second.ends_at == datetime(2026, 11, 6, tzinfo=TOKYO)


def test_every_kind_of_leave_is_known(ctx: Context) -> None:
    kinds = [
        "annual",
        "sick",
        "special",
        "maternity",
        "childcare",
        "partial",
        "care",
        "study",
        "grandchild",
    ]
    rows = [
        f"a@koriyama,{kind},2026-11-{day:02}T08:30,2026-11-{day:02}T17:15"
        for day, kind in enumerate(kinds, start=1)
    ]
    assert import_leave(ctx, leave(*rows)) == ImportReport(added=9)
    assert {span.kind for span in LeaveSpan.select()} == set(kinds)


def test_the_same_leave_again_changes_nothing(ctx: Context) -> None:
    data = leave(
        "a@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00",
        "c@otama,childcare,2026-04-01T00:00,2027-04-01T00:00",
    )
    import_leave(ctx, data)
    audits = AuditEntry.select().count()
    assert import_leave(ctx, data) == ImportReport(unchanged=2)
    assert (LeaveSpan.select().count(), AuditEntry.select().count()) == (2, audits)


def test_another_end_of_a_leave_replaces_the_stored_one(ctx: Context) -> None:
    import_leave(ctx, leave("a@koriyama,childcare,2026-04-01T00:00,2027-04-01T00:00"))
    shorter = leave("a@koriyama,childcare,2026-04-01T00:00,2026-12-01T00:00")
    assert import_leave(ctx, shorter) == ImportReport(changed=1)
    (span,) = LeaveSpan.select()
    assert span.ends_at == datetime(2026, 12, 1, tzinfo=TOKYO)


def test_leave_that_touches_does_not_overlap(ctx: Context) -> None:
    data = leave(
        "a@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00",
        "a@koriyama,special,2026-11-04T12:00,2026-11-04T17:15",
        "b@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00",
    )
    assert import_leave(ctx, data) == ImportReport(added=3)


def test_bad_leave_is_all_named_and_nothing_is_imported(ctx: Context) -> None:
    bad = refused(
        ctx,
        import_leave,
        leave(
            "a@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00",
            "a@koriyama,special,2026-11-04T11:59,2026-11-04T13:00",
            "b@koriyama,holiday,2026-11-04T08:30,2026-11-04T12:00",
            "b@koriyama,annual,2026-11-04T12:00,2026-11-04T12:00",
            "nobody@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00",
            "b@koriyama,annual,2026-11-04,2026-11-05T08:30+09:00",
            "c@otama,annual,2026-11-31T08:30,2026-11-04T24:30",
            "a@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00",
        ),
    )
    assert bad == [
        (3, "start", "同じ人の2行目の休暇と時間が重なっています。"),
        (
            4,
            "kind",
            "「holiday」は使えません。annual, sick, special, maternity, childcare, partial, "
            "care, study, grandchild のどれかにしてください。",
        ),
        (5, "end", "終わりを、始まりより後にしてください。"),
        (6, "login", "nobody@koriyama という職員は登録されていません。"),
        (7, "start", "日時は 2026-11-04T08:30 のように書いてください（2026-11-04）。"),
        (
            7,
            "end",
            "日時は 2026-11-04T08:30 のように書いてください（2026-11-05T08:30+09:00）。",
        ),
        (8, "start", "2026-11-31 という日はありません。"),
        (8, "end", "2026-11-04T24:30 という時刻はありません。"),
        (9, "start", "同じ人の2行目の休暇と時間が重なっています。"),
    ]


def test_what_lies_far_from_the_days_of_the_file_is_not_read(ctx: Context) -> None:
    import_leave(ctx, leave("a@koriyama,annual,2016-11-04T08:30,2016-11-04T12:00"))
    line = LeaveLine(2, "a@koriyama", "annual", *november(4))
    with transaction(ctx):
        assert not load_spans([line], load_staff(LOGINS, ctx.today))
        import_leave(ctx, leave("a@koriyama,annual,2026-11-01T08:30,2026-11-05T08:30"))
        assert list(load_spans([line], load_staff(LOGINS, ctx.today))) == ["a@koriyama"]


def november(day: int) -> tuple[datetime, datetime]:
    """The morning of a day."""
    return datetime(2026, 11, day, 9, tzinfo=TOKYO), datetime(2026, 11, day, 12, tzinfo=TOKYO)


def test_leave_that_overlaps_what_is_stored_is_refused(ctx: Context) -> None:
    import_leave(ctx, leave("a@koriyama,childcare,2026-04-01T00:00,2027-04-01T00:00"))
    inside = leave("a@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00")
    assert refused(ctx, import_leave, inside) == [
        (2, "start", "登録されている2026-04-01 00:00からの休暇と時間が重なっています。")
    ]


# -- both --


def test_each_municipality_where_something_changed_gets_an_audit_row(ctx: Context) -> None:
    before = AuditEntry.select().count()
    import_patterns(ctx, patterns(week(), week("b@koriyama"), week("c@otama")))
    entries = list(AuditEntry.select().order_by(AuditEntry.id))[before:]
    codes = {
        Municipality.get_by_id(entry.municipality_id).code: json.loads(entry.details)["added"]
        for entry in entries
    }
    assert codes == {"072036": 2, "073229": 1}
    assert {entry.action for entry in entries} == {"ledger.import_patterns"}


def test_the_number_of_queries_depends_on_chunks_alone(ctx: Context) -> None:
    counted = {}
    for prefix, count in (("few", 20), ("many", 2000)):
        logins = [f"{prefix}{number}@koriyama" for number in range(count)]
        import_people(ctx, people(*logins))
        for run, data in (
            (import_patterns, patterns(*(week(login) for login in logins))),
            (
                import_leave,
                leave(*(f"{n},annual,2026-11-04T08:30,2026-11-04T12:00" for n in logins)),
            ),
        ):
            with counted_queries() as log:
                run(ctx, data)
            counted[run, prefix] = len(log)
    # People, what they have, what is new and their accounts are each read or written in parts of CHUNK.
    more_parts = 2000 // CHUNK - 1
    for run in (import_patterns, import_leave):
        assert counted[run, "few"] <= 5
        assert counted[run, "many"] <= counted[run, "few"] + 4 * more_parts


@pytest.mark.parametrize(
    ("command", "good", "bad", "reason"),
    [
        (
            import_patterns_command,
            patterns(week()),
            patterns(week("nobody@koriyama")),
            "login（ログイン名）",
        ),
        (
            import_leave_command,
            leave("a@koriyama,annual,2026-11-04T08:30,2026-11-04T12:00"),
            leave("a@koriyama,nap,2026-11-04T08:30,2026-11-04T12:00"),
            "kind（休暇の種類）",
        ),
        (
            import_overtime_command,
            b"login,month,minutes\na@koriyama,2026-11,750",
            b"login,month,minutes\na@koriyama,2026-11,13h",
            "minutes（分）",
        ),
    ],
    ids=["patterns", "leave", "overtime"],
)
def test_the_commands_report_what_was_imported_and_each_bad_line(
    database_engines: Engines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: object,
    good: bytes,
    bad: bytes,
    reason: str,
) -> None:
    url = database_engines.copy_of("work time", prepare)
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir(exist_ok=True)
    monkeypatch.setenv("NIWARI_DATABASE_URL", url)
    file = tmp_path / "work.csv"

    file.write_bytes(good)
    result = CliRunner().invoke(command, [str(file)])
    assert (result.exit_code, result.stdout) == (
        0,
        "work.csv: 1 lines added, 0 changed, 0 unchanged.\n",
    )
    release()
    file.write_bytes(bad)
    result = CliRunner().invoke(command, [str(file)])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"2行目 {reason}: ")
    assert "何も取り込んでいません" in result.stderr
    assert "Example: niwari ledger import-" in CliRunner().invoke(command, ["--help"]).stdout
    database_engines.drop(url)
