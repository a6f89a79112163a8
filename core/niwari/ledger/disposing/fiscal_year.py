"""The rows of one fiscal year of one municipality, and of no other."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from niwari.clock import TOKYO
from niwari.ledger.models import (
    Account,
    Closing,
    LeaveSpan,
    Overtime,
    Request,
    RosterRow,
    Standing,
)
from niwari.ledger.worktime import Period, PeriodKind, period_of


def year_of(year: int) -> Period:
    """Return the fiscal year that begins in ``year``."""
    return period_of(PeriodKind.FISCAL_YEAR, date(year, 4, 1))


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """The rows of a fiscal year of a municipality, as conditions."""

    municipality_id: int
    year: int

    @property
    def period(self) -> Period:
        """The days of the year."""
        return year_of(self.year)

    def _within(self, day: Any) -> Any:
        return day.between(self.period.starts_on, self.period.ends_on)

    @property
    def accounts(self) -> Any:
        """The accounts; a period never crosses 31 March."""
        here = Account.municipality == self.municipality_id
        return here & self._within(Account.starts_on)

    @property
    def requests(self) -> Any:
        """The requests, by the day of the work."""
        here = Request.municipality == self.municipality_id
        return here & self._within(Request.work_date)

    @property
    def standings(self) -> Any:
        """The standing agreements, which end on 31 March at the latest (L12)."""
        here = Standing.municipality == self.municipality_id
        return here & self._within(Standing.last_day)

    @property
    def overtime(self) -> Any:
        """The overtime of its months."""
        here = Overtime.municipality == self.municipality_id
        return here & self._within(Overtime.month)

    @property
    def closings(self) -> Any:
        """The closings of its periods."""
        here = Closing.municipality == self.municipality_id
        return here & self._within(Closing.starts_on)

    @property
    def leave(self) -> Any:
        """The leave that ended in it, of people whom no other municipality's accounts need it for."""
        first = datetime.combine(self.period.starts_on, time(), TOKYO)
        end = datetime.combine(self.period.ends_on + timedelta(days=1), time(), TOKYO)
        in_it = (LeaveSpan.ends_at > first) & (LeaveSpan.ends_at <= end)
        return in_it & self._theirs(LeaveSpan.person)

    @property
    def rosters(self) -> Any:
        """The single days in it, of the same people."""
        return self._within(RosterRow.day) & self._theirs(RosterRow.person)

    def of_accounts(self, account: Any) -> Any:
        """Rows that hang on one of the accounts."""
        return account.in_(Account.select(Account.id).where(self.accounts))

    def of_requests(self, request: Any) -> Any:
        """Rows that hang on one of the requests."""
        return request.in_(Request.select(Request.id).where(self.requests))

    def _theirs(self, person: Any) -> Any:
        elsewhere = Account.select(Account.person).where(
            (Account.municipality != self.municipality_id)
            & (Account.starts_on <= self.period.ends_on)
            & Account.person.in_(Account.select(Account.person).where(self.accounts))
        )
        here = Account.select(Account.person).where(self.accounts)
        return person.in_(here) & person.not_in(elsewhere)
