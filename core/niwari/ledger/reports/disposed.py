"""What a report says of a fiscal year that was disposed of (rule L6)."""

from collections.abc import Iterable
from dataclasses import replace

from niwari.context import Context
from niwari.ledger.disposing.disposed import (
    Disposed,
    disposed_among,
    may_be_disposed,
    own_disposed,
)
from niwari.ledger.reports.description import Report
from niwari.ledger.worktime import Period, fiscal_year_of
from niwari.specs.contributions import Label

_DONE = Label(
    "{town}の{year}年度の台帳は、{day}に廃棄しました（廃棄記録 第{number}号）。数字は残っていません。",
    "The ledger of {town} for fiscal {year} was disposed of on {day} (record {number}). No numbers are left.",
)
_BEGUN = Label(
    "{town}の{year}年度の台帳は、{day}から廃棄しています。数字は残りません。",
    "The ledger of {town} for fiscal {year} is being disposed of since {day}. No numbers will be left.",
)
_DAY = Label("{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}")


def disposed_label(found: Disposed) -> Label:
    """Return the sentence that a year was disposed of, when and by which record."""
    said = _BEGUN if found.number is None else _DONE
    values = {"town": found.municipality_name, "year": found.year, "number": found.number}
    return Label(
        said.ja.format(day=_DAY.ja.format(found.day), **values),
        said.en.format(day=_DAY.en.format(found.day), **values),
    )


def as_disposed(ctx: Context, report: Report, period: Period) -> Report:
    """Return an own report without any number where its year was disposed of; else as it is."""
    found = own_disposed(ctx, period.starts_on)
    if found is None:
        return report
    tables = tuple(replace(one, rows=(), total=None, notes=()) for one in report.tables)
    return replace(report, tables=tables, notes=(), disposed=disposed_label(found))


def with_disposed(ctx: Context, report: Report, period: Period, towns: Iterable[int]) -> Report:
    """Return a report of several municipalities with a note for each that disposed of the year."""
    year = fiscal_year_of(period.starts_on)
    if not may_be_disposed(ctx.today, year):
        return report
    notes = tuple(disposed_label(one) for one in disposed_among(towns, year))
    return replace(report, notes=(*report.notes, *notes))
