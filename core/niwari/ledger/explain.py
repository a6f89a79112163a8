"""Why a number is what it is, as data (rule L21): for the command line and the API."""

from dataclasses import dataclass
from datetime import date

from niwari.directory.people import main_appointment
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import Account
from niwari.ledger.worktime import Period, base, cap, day_bases, parse_period, reason_code


@dataclass(frozen=True, slots=True)
class Explanation:
    """The account of a period with every day; all amounts in minutes, rates in basis points."""

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

    ``used`` and ``reserved`` are those of the months that lie wholly inside the period. Raises
    ``UnknownPerson`` and ``PeriodError``.
    """
    period = parse_period(period_text)
    found = main_appointment(login, period.starts_on, period.ends_on)
    person, municipality = found.appointment.person_id, found.municipality
    conditions = work_conditions([person], municipality, period.starts_on, period.ends_on)[person]
    days = day_bases(conditions, period.starts_on, period.ends_on)
    amounts = list(
        Account.select(Account.used, Account.reserved)
        .where(
            (Account.person == person)
            & (Account.municipality == municipality.id)
            & (Account.starts_on >= period.starts_on)
            & (Account.ends_on <= period.ends_on)
        )
        .tuples()
    )
    return Explanation(
        login=login,
        period=period,
        base=base(days),
        cap=cap(days),
        used=sum(used for used, _ in amounts),
        reserved=sum(reserved for _, reserved in amounts),
        days=tuple(
            (d.day, d.base, d.rate, tuple(reason_code(r, with_leave_kind=True) for r in d.why))
            for d in days
        ),
    )
