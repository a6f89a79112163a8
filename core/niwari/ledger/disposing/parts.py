"""Which rows are those of one fiscal year of one municipality: written out together, removed together."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from peewee import fn

from niwari.db import InstantField, rows
from niwari.ledger.disposing.columns import Column, columns_of
from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.models import (
    Account,
    Closing,
    Correction,
    JournalEntry,
    LateBase,
    LeaveSpan,
    Overtime,
    Request,
    RosterRow,
    Standing,
    Supplement,
)
from niwari.specs.contributions import Label

PORTION = 2_000
"""Rows in memory at once."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of row: how it is called, and its condition."""

    code: str
    label: Label
    model: Any
    of: Callable[[FiscalYear], Any]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its file; of supplements it says at a glance which ones nobody answered."""
        if self.model is Supplement:
            return columns_of(self.model, waits={"state": "pending"})
        return columns_of(self.model)


PARTS: tuple[Part, ...] = (
    Part(
        "supplements",
        Label("追加分", "Supplements"),
        Supplement,
        lambda year: year.of_requests(Supplement.request),
    ),
    Part(
        "corrections",
        Label("訂正", "Corrections"),
        Correction,
        lambda year: year.of_requests(Correction.request),
    ),
    Part(
        "late_bases",
        Label("締めたあとに届いた休暇・勤務", "Hours after closing"),
        LateBase,
        lambda year: year.of_accounts(LateBase.account),
    ),
    Part(
        "entries",
        Label("台帳の記帳", "Postings"),
        JournalEntry,
        lambda year: year.of_accounts(JournalEntry.account),
    ),
    Part(
        "requests",
        Label("申込み", "Requests"),
        Request,
        lambda year: year.requests,
    ),
    Part(
        "standings",
        Label("包括了承", "Standing agreements"),
        Standing,
        lambda year: year.standings,
    ),
    Part(
        "leave",
        Label("休暇", "Leave"),
        LeaveSpan,
        lambda year: year.leave,
    ),
    Part(
        "rosters",
        Label("1日ごとの勤務", "Single days of work"),
        RosterRow,
        lambda year: year.rosters,
    ),
    Part(
        "overtime",
        Label("時間外勤務", "Overtime"),
        Overtime,
        lambda year: year.overtime,
    ),
    Part(
        "accounts",
        Label("枠", "Allowances"),
        Account,
        lambda year: year.accounts,
    ),
    Part(
        "closings",
        Label("月の締め", "Closings"),
        Closing,
        lambda year: year.closings,
    ),
)
"""In the order in which they are removed: what refers to others goes first."""


def portions(part: Part, year: FiscalYear) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a part as its file has them, by their ids, ``PORTION`` at a time."""
    last = 0
    while True:
        portion = rows(
            part.model.select(*(column for _, column in part.columns))
            .where(part.of(year) & (part.model.id > last))
            .order_by(part.model.id)
            .limit(PORTION)
        )
        yield portion
        if len(portion) < PORTION:
            return
        last = portion[-1][0]


def state_of(year: FiscalYear) -> tuple[Any, ...]:
    """Return what changes with every row of the year that comes, goes, or is answered.

    Whatever happens to a row leaves its time in one of its columns; of what a file brings anew without
    a time, all that there is.
    """
    found: list[Any] = []
    for part in PARTS:
        if part.model in _UNTIMED:
            found.append(_digest_of(part, year))
            continue
        times = [one for one in part.model._meta.sorted_fields if isinstance(one, InstantField)]
        asked = [ask(column) for column in (part.model.id, *times) for ask in (fn.COUNT, fn.MAX)]
        found += rows(part.model.select(*asked).where(part.of(year)))
    return tuple(found)


_UNTIMED = (LeaveSpan, RosterRow)


def _digest_of(part: Part, year: FiscalYear) -> bytes:
    digest = hashlib.sha256()
    for portion in portions(part, year):
        digest.update(repr(portion).encode())
    return digest.digest()
