"""The column ``duties`` of people.csv: what a section does."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.directory.duties.models import SectionDuty
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.importing.sections import import_sections
from niwari.directory.models import Section
from niwari.directory.system import system_context
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables
from tests.core.directory.conftest import register


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context on an empty directory."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        register("072036", "072079")
        yield system_context(clock(), "niwari directory import")
    database_engines.drop(url)


def file(*duties: str | None, section: str = "総務部/人事課", who: str = "staff") -> bytes:
    """A people.csv with a person for each cell of duties; without the column where it is ``None``."""
    header = ",".join(COLUMNS) + (",duties" if duties != (None,) else "")
    lines = [header]
    for number, cell in enumerate(duties):
        line = f"072036,{who}{number}@koriyama,職員,ショクイン,,{section},,full_time,2026-04-01,"
        lines.append(line if cell is None else f"{line},{cell}")
    return "\n".join([*lines, ""]).encode()


def kept() -> dict[str, set[str]]:
    """The duties by section."""
    found: dict[str, set[str]] = {}
    for row in SectionDuty.select(SectionDuty, Section).join(Section):
        assert row.municipality_id == row.section.municipality_id
        found.setdefault(row.section.path, set()).add(row.duty)
    return found


@pytest.mark.parametrize(
    "cell",
    [
        "給与；人事",
        "給与;人事",
        "給与・人事",
        "給与、人事",
        "payroll・人事",
        " 給与 ・・ 人 事 ",
        "給与・給与・人事",
    ],
)
def test_names_and_codes_between_any_separator_become_the_section_s_duties(
    ctx: Context, cell: str
) -> None:
    import_people(ctx, file(cell))
    assert kept() == {"総務部/人事課": {"payroll", "personnel"}}


def test_a_section_does_what_its_lines_say_together(ctx: Context) -> None:
    import_people(ctx, file("給与", "", "人事・庶務"))
    assert kept() == {"総務部/人事課": {"payroll", "personnel", "general_affairs"}}


def test_the_same_file_again_changes_nothing_and_leaves_no_act(ctx: Context) -> None:
    import_people(ctx, file("給与", "人事"))
    before = (list(SectionDuty.select().tuples()), AuditEntry.select().count())
    report = import_people(ctx, file("給与", "人事"))
    assert (report.changed, report.unchanged) == (0, 2)
    assert (list(SectionDuty.select().tuples()), AuditEntry.select().count()) == before


def test_a_later_file_replaces_what_the_section_did_and_is_an_act(ctx: Context) -> None:
    import_people(ctx, file("給与・人事", ""))
    acts = AuditEntry.select().count()
    report = import_people(ctx, file("給与・選挙", "給与"))
    assert kept() == {"総務部/人事課": {"payroll", "elections"}}
    assert (report.changed, report.unchanged) == (1, 1)
    assert AuditEntry.select().count() == acts + 1


def test_a_section_of_fewer_duties_is_a_change_of_its_first_line(ctx: Context) -> None:
    import_people(ctx, file("給与・人事", "給与"))
    report = import_people(ctx, file("給与", "給与"))
    assert kept() == {"総務部/人事課": {"payroll"}}
    assert (report.changed, report.unchanged) == (1, 1)


@pytest.mark.parametrize("later", [None, ""])
def test_a_file_that_says_nothing_of_duties_leaves_them(ctx: Context, later: str | None) -> None:
    import_people(ctx, file("給与"))
    assert import_people(ctx, file(later)).unchanged == 1
    assert kept() == {"総務部/人事課": {"payroll"}}


def test_other_sections_stay_as_they_are(ctx: Context) -> None:
    import_people(ctx, file("給与"))
    import_people(ctx, file("選挙", section="総務部/総務課", who="other"))
    assert kept() == {"総務部/人事課": {"payroll"}, "総務部/総務課": {"elections"}}


def test_a_renamed_section_is_the_same_by_its_name_of_the_day(ctx: Context) -> None:
    import_people(ctx, file("給与"))
    columns = "municipality,path,since,new_path,ends"
    import_sections(ctx, f"{columns}\n072036,総務部/人事課,2026-10-01,総務部/職員課,".encode())
    assert import_people(ctx, file("給与")).unchanged == 1
    other = "072036,other@koriyama,職員,ショクイン,,総務部/職員課,,full_time,2026-10-01,,人事"
    import_people(ctx, f"{','.join(COLUMNS)},duties\n{other}".encode())
    assert kept() == {"総務部/人事課": {"personnel"}}


def test_each_portion_of_a_large_file_is_compared_with_what_is_there(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package has a function of the same name.
    portions = import_module("niwari.directory.importing.portions")
    monkeypatch.setattr(portions, "PORTION", 1)
    both = file("給与") + file("選挙", who="other").replace(b"072036", b"072079").split(b"\n", 1)[1]
    assert import_people(ctx, both).added == 2
    assert {row.duty for row in SectionDuty.select()} == {"payroll", "elections"}
    assert import_people(ctx, both).unchanged == 2


def test_an_unknown_duty_refuses_its_line_and_the_whole_file(ctx: Context) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_people(ctx, file("給与", "給与・占い"))
    (bad,) = refused.value.bad_lines
    assert (bad.line, bad.column) == (3, "duties")
    assert "占い" in bad.reason
    assert kept() == {}
    assert not Section.select().exists()


def test_a_trial_writes_no_duties(ctx: Context) -> None:
    import_people(ctx, file("給与"), dry_run=True)
    assert kept() == {}
