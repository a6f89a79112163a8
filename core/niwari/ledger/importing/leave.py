"""Importing leave.csv: spans of leave in Tokyo wall time."""

import re
from datetime import UTC, datetime, time, timedelta

from niwari.clock import TOKYO
from niwari.context import Context, MunicipalityRef
from niwari.directory.cells import plain_login
from niwari.directory.importing.columns import needed
from niwari.directory.importing.planned import Plan, carry_out
from niwari.errors import N_
from niwari.ledger.importing.columns import LEAVE
from niwari.ledger.importing.people import ImportReport, LeaveLine, report_of, staff_of
from niwari.ledger.importing.spans import plan_spans
from niwari.ledger.models import LEAVE_KINDS
from niwari.tabular import (
    BadCell,
    Reader,
    Refusals,
    Row,
    choice_of,
    day_of,
    good_lines,
    normalised,
    shown,
)

COLUMNS = needed(LEAVE)

_MOMENT = re.compile(r"([^T ]+)[T ]+([0-9]{1,2}):([0-5][0-9])(?::00)?")


def import_leave(ctx: Context, data: bytes) -> ImportReport:
    """Import the bytes of leave.csv as a whole; times are Tokyo wall time, the end not included.

    Importing the same file again changes nothing. Another end of a leave of the same person, kind
    and start replaces the stored one. Base and cap follow; what is
    agreed already stays (ledger rule L8). A closed month keeps its base, and HR is shown what it would
    be (L7).

    Raises ``ImportRefused`` with all bad lines, and has then written nothing: somebody who is not
    in the directory, an unknown kind, an end that is not later than the start, leave of a person
    that overlaps, new leave that ended in a fiscal year that was disposed of. Leave on a day without
    work is taken, with a remark of the plan: it overlaps no scheduled time, so it counts 0.
    """
    return report_of(carry_out(ctx, plan_leave, data))


def plan_leave(ctx: Context, data: bytes, town: MunicipalityRef | None) -> Plan:
    """Plan what ``import_leave`` does, for the people of ``town`` alone if it is given."""
    refusals = Refusals()
    lines = good_lines(data, COLUMNS, _line, refusals)
    staff = staff_of(lines, ctx.today, town, refusals)
    return plan_spans(ctx, data, lines, staff, refusals)


def _line(row: Row, refusals: Refusals) -> LeaveLine | None:
    values = row.read(_READERS, refusals)
    if values is None:
        return None
    line = LeaveLine(row.line, **values)
    if line.end <= line.start:
        refusals.add(row.line, "end", N_("終わりを、始まりより後にしてください。"))
        return None
    return line


def _moment_of(cell: str) -> datetime:
    match = _MOMENT.fullmatch(normalised(cell))
    if match is None:
        raise BadCell(
            N_("日時は 2026-11-04T08:30 のように書いてください（%(given)s）。"), given=shown(cell)
        )
    midnight = datetime.combine(day_of(match[1]), time(), TOKYO)
    passed = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if passed > timedelta(hours=24):
        raise BadCell(N_("%(given)s という時刻はありません。"), given=shown(cell))
    return (midnight + passed).astimezone(UTC)


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "kind": choice_of(LEAVE_KINDS),
    "start": _moment_of,
    "end": _moment_of,
}
