"""Why a number is what it is, as data (rule L21): for the command line and the API."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from niwari.directory.people import Appointed, UnknownPerson, main_appointment
from niwari.ledger.accounts import cap_of
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import Account, JournalEntry
from niwari.ledger.worktime import (
    Period,
    PeriodKind,
    base,
    cap,
    day_bases,
    parse_period,
    reason_code,
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A period with every day of it; all amounts in minutes, rates in basis points.

    A day is its date, base, rate and the reasons for the base as codes, which add up to it.
    """

    login: str
    period: Period
    base: int
    cap: int
    used: int
    reserved: int
    days: tuple[tuple[date, int, int, tuple[str, ...]], ...]

    @property
    def free(self) -> int:
        """cap − used − reserved."""
        return self.cap - self.used - self.reserved

    def as_json(self) -> dict[str, object]:
        """Return what ``niwari ledger explain --json`` prints."""
        return {
            "login": self.login,
            "period": self.period.key,
            "base": self.base,
            "cap": self.cap,
            "used": self.used,
            "reserved": self.reserved,
            "free": self.free,
            "days": [
                {"date": day.isoformat(), "base": minutes, "rate": rate, "why": list(why)}
                for day, minutes, rate, why in self.days
            ],
        }


def explain(login: str, period_text: str) -> Explanation:
    """Explain the period ``period_text`` (as 2026-11) of the person with ``login``.

    In the municipality of the main post; the latest, where the person moved. A month, quarter or
    year allows what its months allow (L5); a week is computed for itself. ``used`` and ``reserved``
    are by the day of the work. Raises ``UnknownPerson`` and ``PeriodError``.
    """
    period = parse_period(period_text)
    found = _appointed(login, period)
    person, municipality = found.appointment.person_id, found.municipality
    conditions = work_conditions([person], municipality, period.starts_on, period.ends_on)
    days = day_bases(conditions[person], period.starts_on, period.ends_on)
    used, reserved = _moved(person, municipality.id, period)
    return Explanation(
        login=login,
        period=period,
        base=base(days),
        cap=cap(days) if period.kind is PeriodKind.WEEK else cap_of(days),
        used=used,
        reserved=reserved,
        days=tuple(
            (d.day, d.base, d.rate, tuple(reason_code(r, with_leave_kind=True) for r in d.why))
            for d in days
        ),
    )


def _appointed(login: str, period: Period) -> Appointed:
    """Return the post in the period; before the first and after the last one, any: base 0."""
    try:
        return main_appointment(login, period.starts_on, period.ends_on)
    except UnknownPerson:
        return main_appointment(login, date.min, date.max)


def _moved(person_id: int, municipality_id: int, period: Period) -> tuple[int, int]:
    sums: Any = (
        JournalEntry.select(
            fn.COALESCE(fn.SUM(JournalEntry.used_delta), 0),
            fn.COALESCE(fn.SUM(JournalEntry.reserved_delta), 0),
        )
        .join(Account)
        .where(
            (Account.person == person_id)
            & (Account.municipality == municipality_id)
            & JournalEntry.work_date.between(period.starts_on, period.ends_on)
        )
        .tuples()
        .get()
    )
    used, reserved = sums
    return int(used), int(reserved)
