"""Why a number is what it is, as data (rule L21): for the command line and the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Case, fn

from niwari.directory.people import Appointed, UnknownPerson, main_appointment
from niwari.ledger.accounts import cap_of
from niwari.ledger.arranged import kind_on
from niwari.ledger.conditions import work_conditions
from niwari.ledger.disposing.disposed import Disposed, disposed_in
from niwari.ledger.models import Account, JournalEntry, Request
from niwari.ledger.worktime import (
    DayBase,
    Period,
    PeriodKind,
    base,
    cap,
    day_bases,
    fiscal_year_of,
    parse_period,
    reason_code,
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A period with every day of it; all amounts in minutes, rates in basis points.

    ``travel`` is how much of used and reserved is on the way (L16). ``leave`` is which leave is taken off
    the base: "all", or "long" kinds alone (L23).
    ``disposed`` is the disposal of the year (L6): then nothing of it is known, and all amounts are 0.
    A day is its date, base, rate and the reasons for the base as codes, which add up to it.
    """

    login: str
    period: Period
    base: int
    cap: int
    used: int
    reserved: int
    travel: int
    leave: str
    days: tuple[tuple[date, int, int, tuple[str, ...]], ...]
    disposed: Disposed | None = None

    @property
    def free(self) -> int:
        """cap − used − reserved."""
        return self.cap - self.used - self.reserved

    def as_json(self) -> dict[str, object]:
        """Return what ``niwari ledger explain --json`` prints."""
        gone = self.disposed
        return {
            "login": self.login,
            "period": self.period.key,
            "base": self.base,
            "cap": self.cap,
            "used": self.used,
            "reserved": self.reserved,
            "free": self.free,
            "travel": self.travel,
            "leave": self.leave,
            "days": [
                {"date": day.isoformat(), "base": minutes, "rate": rate, "why": list(why)}
                for day, minutes, rate, why in self.days
            ],
            **(
                {"disposed": {"on": gone.day.isoformat(), "record": gone.number}}
                if gone is not None
                else {}
            ),
        }


def explain(login: str, period_text: str) -> Explanation:
    """Explain the period ``period_text`` (as 2026-11) of the person with ``login``.

    In the municipality of the main post; the latest, where the person moved. A period allows what
    those of the municipality's kind in it allow (L5); a week is computed for itself. ``used`` and
    ``reserved`` are by the day of the work. A closed period has the base and cap of its closing, while
    the days are as they are known now (L7). Raises ``UnknownPerson`` and ``PeriodError``.
    """
    period = parse_period(period_text)
    found = _appointed(login, period)
    person, municipality = found.appointment.person_id, found.municipality
    gone = disposed_in(municipality.id, fiscal_year_of(period.starts_on))
    if gone is not None:
        return Explanation(login, period, 0, 0, 0, 0, 0, "all", (), gone)
    conditions = work_conditions([person], municipality, period.starts_on, period.ends_on)
    days = day_bases(conditions[person], period.starts_on, period.ends_on)
    used, reserved, travel = _moved(person, municipality.id, period)
    late_base, late_cap = _since_closing(person, municipality.id, period, days)
    return Explanation(
        login=login,
        period=period,
        base=base(days) - late_base,
        cap=(
            cap(days)
            if period.kind is PeriodKind.WEEK
            else cap_of(days, kind_on(municipality, period.starts_on))
        )
        - late_cap,
        used=used,
        reserved=reserved,
        travel=travel,
        leave=conditions[person].leave_policy.subtract,
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


def _since_closing(
    person_id: int, municipality_id: int, period: Period, days: Sequence[DayBase]
) -> tuple[int, int]:
    """Return by how much days differ from the base and cap of accounts that were closed (rule L7)."""
    late_base = late_cap = 0
    closed: Any = Account.select().where(
        (Account.person == person_id)
        & (Account.municipality == municipality_id)
        & (Account.starts_on >= period.starts_on)
        & (Account.ends_on <= period.ends_on)
        & Account.closed_at.is_null(False)
    )
    for account in closed:
        own = [one for one in days if account.starts_on <= one.day <= account.ends_on]
        late_base += base(own) - account.base
        late_cap += cap_of(own) - account.cap
    return late_base, late_cap


def _moved(person_id: int, municipality_id: int, period: Period) -> tuple[int, int, int]:
    delta = JournalEntry.used_delta + JournalEntry.reserved_delta
    on_the_way = Case(None, ((Request.travel_for.is_null(False), delta),), 0)
    sums: Any = (
        JournalEntry.select(
            fn.COALESCE(fn.SUM(JournalEntry.used_delta), 0),
            fn.COALESCE(fn.SUM(JournalEntry.reserved_delta), 0),
            fn.COALESCE(fn.SUM(on_the_way), 0),
        )
        .join_from(JournalEntry, Account)
        .join_from(JournalEntry, Request)
        .where(
            (Account.person == person_id)
            & (Account.municipality == municipality_id)
            & JournalEntry.work_date.between(period.starts_on, period.ends_on)
        )
        .tuples()
        .get()
    )
    used, reserved, travel = sums
    return int(used), int(reserved), int(travel)
