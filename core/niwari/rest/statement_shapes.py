"""What the API answers of one's own statement of the 20%."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from msgspec import Meta

PeriodKey = Annotated[str, Meta(pattern="^([0-9]{4}-(0[1-9]|1[0-2])|FY[0-9]{4})$")]


@dataclass(frozen=True, slots=True)
class StatementQuery:
    """Which month, or which fiscal year."""

    period: Annotated[
        PeriodKey | None, Meta(description="As 2026-11 or FY2026; else this month.")
    ] = None


@dataclass(frozen=True, slots=True)
class StatementAmounts:
    """The amounts of a month, or of the fiscal year. `corrected`: something of it was corrected.

    `left_minutes` is below 0 where it is over by that much.
    """

    period: str
    base_minutes: int
    cap_minutes: int
    used_minutes: int
    reserved_minutes: int
    left_minutes: int
    overtime_minutes: int
    corrected: bool


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A record, or the reversal of one: its minutes are below 0 then.

    `activity`, `place` and `remarks` are words, in the language of the answer.
    """

    work_date: date
    activity: str
    purpose: str
    place: str
    recorded_minutes: int
    recorded_on: date
    remarks: str


@dataclass(frozen=True, slots=True)
class StatementDay:
    """A day's part of the allowance, and why; `share` is a rate as `20%`, null without work time."""

    day: date
    base_minutes: int
    share: str | None
    why: str


@dataclass(frozen=True, slots=True)
class StatementDisposed:
    """That the ledger of the fiscal year was disposed of: since when, and by which record (廃棄記録).

    `record` is its number, null while rows are still being removed.
    """

    on: date
    record: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One's own statement: amounts of each month and of the fiscal year, each record, each day.

    Of a fiscal year that was disposed of there is nothing: the lists are empty, and the year's amounts 0.
    """

    period: str
    months: tuple[StatementAmounts, ...]
    year: StatementAmounts
    records: tuple[StatementRecord, ...]
    days: tuple[StatementDay, ...]
    disposed: Annotated[
        StatementDisposed | None,
        Meta(description="Null where the ledger of that fiscal year is kept."),
    ] = None
