"""What goes by itself: marks and cases of posts whose row is gone."""

from datetime import datetime, timedelta
from typing import Final

from peewee import SQL, fn

from niwari.clock import TOKYO
from niwari.db import rows, transaction
from niwari.directory import held
from niwari.directory.system import system_context
from niwari.moderation.models import Case, Decision, Report
from niwari.moderation.posts import Kind, kinds_anywhere
from niwari.moderation.subjects import forget_cases
from niwari.vault.pausing import sweep_pauses

PORTION: Final = 200
"""How many cases go in one transaction, so that nobody who writes waits long."""
QUIET: Final = timedelta(days=30)
"""How long a case of a post that is gone stays after the last that happened in it, so that it can
still be closed, and whoever reported the post can read how it ended."""
NIGHT: Final = 3
"""The hour in Tokyo at which cases and rows are compared."""


def sweep_at_night(now: datetime) -> str:
    """Do what ``sweep`` does in the hour of the night; else nothing. For an hourly job."""
    if now.astimezone(TOKYO).hour != NIGHT:
        return "not at this hour"
    return sweep(now)


def sweep(now: datetime) -> str:
    """Remove what is kept of posts whose row is gone: reports and objections quote them.

    That they are held back goes at once, as do pauses of authors that are over; a case with its reports
    and decisions once nothing happened in it for ``QUIET``. Of a plugin that is not installed or not
    ready nothing is judged gone. Returns what it did, for the log.
    """
    ctx = system_context(now, "moderation")
    with transaction(ctx):
        sweep_pauses(ctx)
    marks = cases = 0
    for kind in kinds_anywhere().values():
        with transaction(ctx):
            marks += held.release_gone(kind.code, kind.model)
        while found := _quiet(kind, now - QUIET):
            with transaction(ctx):
                forget_cases(found)
            cases += len(found)
    return f"{marks} marks and {cases} cases of posts that are gone"


def _quiet(kind: Kind, before: datetime) -> list[int]:
    there = kind.model.select(SQL("1")).where(kind.model.id == Case.row_id)
    reported = Report.select(SQL("1")).where(
        (Report.case == Case.id) & (Report.reported_at >= before)
    )
    decided = Decision.select(SQL("1")).where(
        (Decision.case == Case.id) & (Decision.decided_at >= before)
    )
    query = Case.select(Case.id).where(
        (Case.kind == kind.code)
        & (Case.opened_at < before)
        & (Case.objected_at.is_null() | (Case.objected_at < before))
        & ~fn.EXISTS(reported)
        & ~fn.EXISTS(decided)
        & ~fn.EXISTS(there)
    )
    # Rows never come back under the id of one that is gone, so nobody reports it again meanwhile.
    return [id_ for (id_,) in rows(query.order_by(Case.id).limit(PORTION))]
