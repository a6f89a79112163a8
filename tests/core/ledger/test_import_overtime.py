"""Importing overtime.csv, by service, command and page: whole or nothing, and the same again is nothing."""

from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from niwari.admin.importing import KINDS
from niwari.audit.models import AuditEntry
from niwari.cli.ledger_import import import_overtime_command
from niwari.directory.importing.planned import carry_out
from niwari.directory.people import municipality_by_code
from niwari.ledger.importing import ImportReport, import_overtime
from niwari.ledger.models import Overtime
from niwari.tabular import ImportRefused

ME, OTHER = "staff@koriyama", "staff@sukagawa"


def overtime(*rows, encoding="utf-8"):
    """An overtime.csv; the first row is line 2."""
    return "\n".join(["login,month,minutes", *rows]).encode(encoding)


def stored():
    """Return what is stored, by login."""
    return {(one.person.login, one.month, one.minutes) for one in Overtime.select()}


@pytest.fixture
def ctx(world):
    """A system actor's context."""
    return world.system_context()


def test_import_and_again(ctx):
    data = overtime(f"{ME},2026-11,750", f"{OTHER},2026/11,0", f"{ME},2026-10-01,1200")
    assert import_overtime(ctx, data) == ImportReport(added=3)
    assert stored() == {
        (ME, date(2026, 11, 1), 750),
        (ME, date(2026, 10, 1), 1200),
        (OTHER, date(2026, 11, 1), 0),
    }
    assert import_overtime(ctx, data) == ImportReport(unchanged=3)
    assert import_overtime(ctx, overtime(f"{ME},2026-11,760")) == ImportReport(changed=1)
    rows = AuditEntry.select().where(AuditEntry.action == "ledger.import_overtime")
    assert rows.count() == 3, "one for each town where something changed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings(ctx, encoding):
    data = f"login,month,minutes\n{ME},2026-11,1\n".encode(encoding)
    assert import_overtime(ctx, data) == ImportReport(added=1)


def test_an_excel_book(ctx):
    book, out = Workbook(), BytesIO()
    book.active.append(["login", "month", "minutes"])
    book.active.append([ME, date(2026, 11, 1), 750])
    book.save(out)
    import_overtime(ctx, out.getvalue())
    assert stored() == {(ME, date(2026, 11, 1), 750)}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("nobody@koriyama,2026-11,10", "login"),
        (f"{ME},2026-13,10", "month"),
        (f"{ME},11月,10", "month"),
        (f"{ME},2026-11-02,10", "month"),
        (f"{ME},2026-11,-1", "minutes"),
        (f"{ME},2026-11,1.5", "minutes"),
        (f"{ME},2026-11,1:30", "minutes"),
        (f"{ME},2026-11,44641", "minutes"),
        (f"{ME},2026-11,", "minutes"),
        (f"{OTHER},2026-11,10", "month"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(ctx, row, column):
    with pytest.raises(ImportRefused) as refused:
        import_overtime(ctx, overtime(f"{OTHER},2026-11,10", row))
    assert [(bad.line, bad.column) for bad in refused.value.bad_lines] == [(3, column)]
    assert stored() == set()


def test_hr_imports_for_its_own_people_alone(ledger, world):
    ctx = ledger.ctx("hr@koriyama")
    town = municipality_by_code("072036", ctx.today)
    planner = KINDS["overtime"].planner
    with pytest.raises(ImportRefused):
        carry_out(ctx, planner, overtime(f"{OTHER},2026-11,10"), town=town)
    carry_out(ctx, planner, overtime(f"{ME},2026-11,10"), town=town)
    assert stored() == {(ME, date(2026, 11, 1), 10)}


def test_the_command_has_its_help():
    shown = CliRunner().invoke(import_overtime_command, ["--help"])
    assert "changes no allowance" in " ".join(shown.output.split())
