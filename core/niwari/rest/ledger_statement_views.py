"""One's own statement of the 20% through the API."""

from typing import Any

from niwari.context import Context
from niwari.ledger.disposing.disposed import own_disposed
from niwari.ledger.presenting import why_text
from niwari.ledger.reports.description import Cell
from niwari.ledger.reports.statement import statement
from niwari.ledger.reports.words import months_of
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.pages.parts import known_activities
from niwari.rest.blueprint import operations
from niwari.rest.periods import wanted_period
from niwari.rest.statement_shapes import (
    Statement,
    StatementAmounts,
    StatementDay,
    StatementDisposed,
    StatementQuery,
    StatementRecord,
)
from niwari.specs.contributions import Label


@operations.get(
    "/ledger/statement", permission="ledger.statement", query=StatementQuery, personal=True
)
def ledger_statement(ctx: Context, query: StatementQuery) -> Statement:
    """One's own statement of a month or a fiscal year: amounts, records, and why."""
    period = wanted_period(ctx, "period", query.period)
    year = period_of(PeriodKind.FISCAL_YEAR, period.starts_on)
    gone = own_disposed(ctx, period.starts_on)
    if gone is not None:
        nothing = StatementAmounts(year.key, 0, 0, 0, 0, 0, 0, corrected=False)
        return Statement(period.key, (), nothing, (), (), StatementDisposed(gone.day, gone.number))
    balance, records, days = statement(ctx, period, known_activities(), why_text).tables
    return Statement(
        period.key,
        tuple(
            _amounts(month.key, row)
            for month, row in zip(months_of(period), balance.rows, strict=True)
        ),
        _amounts(year.key, balance.total),
        tuple(StatementRecord(*(_said(cell, ctx.locale) for cell in row)) for row in records.rows),
        tuple(_day(row) for row in days.rows),
    )


def _amounts(period: str, row: Any) -> StatementAmounts:
    """Return a row of amounts; its last cell is the mark 修正あり, or empty."""
    _label, base, cap, used, reserved, left, overtime, mark = row
    return StatementAmounts(period, base, cap, used, reserved, left, overtime, mark is not None)


def _day(row: Any) -> StatementDay:
    return StatementDay(*row)


def _said(cell: Cell, locale: str) -> Any:
    """Return what a cell says: words in ``locale``, and an empty text where there are none."""
    if isinstance(cell, Label):
        return cell.text(locale)
    return "" if cell is None else cell
