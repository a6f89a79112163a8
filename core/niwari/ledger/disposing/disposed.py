"""Which fiscal years a municipality has disposed of: nothing is entered into them any more (rule L6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Municipality
from niwari.ledger.errors.disposing import YearDisposed
from niwari.ledger.models import Disposal, DisposalRecord
from niwari.ledger.worktime import fiscal_year_of


@dataclass(frozen=True, slots=True)
class Disposed:
    """That a fiscal year of a municipality was disposed of.

    ``number`` is that of its record; ``None`` while rows are still being removed, since ``agreed_at``.
    """

    municipality_id: int
    municipality_name: str
    year: int
    agreed_at: datetime
    finished_at: datetime | None
    number: int | None

    @property
    def day(self) -> date:
        """The Tokyo day on which it was done, or began."""
        return tokyo_day(self.finished_at or self.agreed_at)


def may_be_disposed(today: date, year: int) -> bool:
    """Tell whether a year is old enough to be gone: never the present nor the last one."""
    return year < fiscal_year_of(today) - 1


def check_kept(ctx: Context, municipality_id: int, day: date) -> None:
    """Raise ``YearDisposed`` where the fiscal year of ``day`` is gone, or is being removed.

    Asks nothing about days of the present and the last year.
    """
    year = fiscal_year_of(day)
    if may_be_disposed(ctx.today, year) and disposed_in(municipality_id, year) is not None:
        raise YearDisposed(year=year)


def own_disposed(ctx: Context, day: date) -> Disposed | None:
    """Return the disposal of the fiscal year of ``day`` in the acting municipality.

    One query, and none about the present and the last year.
    """
    year = fiscal_year_of(day)
    return disposed_in(ctx.municipality.id, year) if may_be_disposed(ctx.today, year) else None


def disposed_in(municipality_id: int, year: int) -> Disposed | None:
    """Return the disposal of a fiscal year of a municipality."""
    return next(iter(disposed_among([municipality_id], year)), None)


def disposed_among(municipality_ids: Iterable[int], year: int) -> list[Disposed]:
    """Return the disposals of one fiscal year in several municipalities, by their codes."""
    query: Any = (
        Disposal.select(
            Municipality.id,
            Municipality.name,
            Disposal.year,
            Disposal.agreed_at,
            Disposal.finished_at,
            DisposalRecord.number,
        )
        .join_from(Disposal, Municipality)
        .join_from(
            Disposal, DisposalRecord, JOIN.LEFT_OUTER, on=(DisposalRecord.disposal == Disposal.id)
        )
        .where(
            Disposal.municipality.in_(list(municipality_ids))
            & (Disposal.year == year)
            & Disposal.agreed_at.is_null(False)
        )
        .order_by(Municipality.code)
    )
    return [Disposed(*found) for found in rows(query)]
