"""Which fiscal year of a municipality may be disposed of: the oldest, closed, its 保存年限 over."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Municipality
from niwari.errors import DomainError
from niwari.ledger.closing.people import UNFINISHED
from niwari.ledger.disposing.disposed import may_be_disposed
from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.errors.disposing import (
    CorrectionWaits,
    NothingToDispose,
    OlderFirst,
    StillKept,
    YearOpen,
)
from niwari.ledger.models import Account, Closing, Correction, JournalEntry, Overtime, Request
from niwari.ledger.settings import choices_of
from niwari.ledger.worktime import fiscal_year_of


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much there is of a year: nobody is named, and nothing is told by person."""

    people: int
    requests: int
    entries: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """The oldest fiscal year that there is; ``refusal`` says why it cannot be disposed of yet."""

    year: int
    kept_years: int
    numbers: Numbers
    refusal: DomainError | None


def may_go_from(year: int, kept_years: int) -> date:
    """Return the Tokyo day from which on a fiscal year may be disposed of: a 1 April."""
    return date(year + 1 + kept_years, 4, 1)


def candidate(ctx: Context) -> Candidate | None:
    """Return the oldest fiscal year of the acting municipality; ``None`` where there is nothing."""
    year = _oldest(ctx.municipality.id)
    if year is None:
        return None
    refusal = None
    try:
        check(ctx, year, year)
    except DomainError as error:
        refusal = error
    kept = choices_of(ctx).kept_years
    return Candidate(year, kept, numbers_of(FiscalYear(ctx.municipality.id, year)), refusal)


def check_disposable(ctx: Context, year: int) -> None:
    """Raise the refusal why a fiscal year of the acting municipality cannot be disposed of.

    ``NothingToDispose``, ``StillKept``, ``OlderFirst``, ``YearOpen`` or ``CorrectionWaits``.
    """
    check(ctx, year, _oldest(ctx.municipality.id))


def check(ctx: Context, year: int, oldest: int | None) -> None:
    """As ``check_disposable``, where the oldest year is known."""
    if oldest is None or year < oldest or year > fiscal_year_of(ctx.today):
        raise NothingToDispose(year=year)
    kept = choices_of(ctx).kept_years
    begins = may_go_from(year, kept)
    if ctx.today < begins or not may_be_disposed(ctx.today, year):
        raise StillKept(year=year, years=kept, since=begins.year)
    if year > oldest:
        raise OlderFirst(older=oldest)
    is_open, waits = _unfinished(FiscalYear(ctx.municipality.id, year))
    if is_open:
        raise YearOpen(year=year)
    if waits:
        raise CorrectionWaits(year=year)


def numbers_of(year: FiscalYear) -> Numbers:
    """Return how much there is of a fiscal year, in one query."""
    people = Account.select(fn.COUNT(Account.person.distinct())).where(year.accounts)
    requests = Request.select(fn.COUNT(Request.id)).where(year.requests)
    entries = JournalEntry.select(fn.COUNT(JournalEntry.id)).where(
        year.of_accounts(JournalEntry.account)
    )
    return Numbers(*_asked(year.municipality_id, people, requests, entries))


def _oldest(municipality_id: int) -> int | None:
    firsts = _asked(
        municipality_id,
        *(
            model.select(fn.MIN(day)).where(model.municipality == municipality_id)
            for model, day in (
                (Account, Account.starts_on),
                (Request, Request.work_date),
                (Closing, Closing.starts_on),
                (Overtime, Overtime.month),
            )
        ),
    )
    days = [date.fromisoformat(str(day)) for day in firsts if day is not None]
    return fiscal_year_of(min(days)) if days else None


def _unfinished(year: FiscalYear) -> tuple[bool, bool]:
    """Return whether anything in the year is not closed, and whether a correction waits."""
    unclosed = (
        Account.select(Account.id)
        .join(
            Closing,
            JOIN.LEFT_OUTER,
            on=(Closing.municipality == Account.municipality)
            & (Closing.starts_on == Account.starts_on)
            & (Closing.ends_on == Account.ends_on),
        )
        .where(year.accounts & (Account.closed_at.is_null() | Closing.id.is_null()))
    )
    unfinished = Request.select(Request.id).where(year.requests & Request.state.in_(UNFINISHED))
    waiting = Correction.select(Correction.id).where(
        year.of_requests(Correction.request) & (Correction.state == "asked")
    )
    one, two, waits = _asked(
        year.municipality_id, *(fn.EXISTS(query) for query in (unclosed, unfinished, waiting))
    )
    return bool(one or two), bool(waits)


def _asked(municipality_id: int, *values: Any) -> tuple[Any, ...]:
    """Return several values in one query."""
    return rows(Municipality.select(*values).where(Municipality.id == municipality_id))[0]
