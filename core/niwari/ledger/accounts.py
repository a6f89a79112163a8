"""Accounts: locked before they are read, moved by journal rows alone (rules L2, L5, L6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from niwari.context import Context, MunicipalityRef
from niwari.db import locked, transaction
from niwari.directory.people import municipality_ref
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import Account, JournalEntry, Request
from niwari.ledger.worktime import (
    DayBase,
    Period,
    PeriodKind,
    WorkConditions,
    base,
    cap,
    day_bases,
    period_of,
)


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """An account held locked, and what its base and cap were computed from under the lock."""

    account: Account
    period: Period
    conditions: WorkConditions
    days: tuple[DayBase, ...]

    @property
    def free(self) -> int:
        """The minutes left: cap − used − reserved; negative when the base fell (rule L8)."""
        left: int = self.account.cap - self.account.used - self.account.reserved
        return left

    def day(self, wanted: date) -> DayBase:
        """Return a day of the period; raises ``ValueError`` for any other."""
        if wanted not in self.period:
            raise ValueError(f"{wanted} is not a day of {self.period.key}")
        return self.days[(wanted - self.period.starts_on).days]


def period_for(day: date) -> Period:
    """Return the period whose account a day belongs to: the calendar month."""
    return period_of(PeriodKind.MONTH, day)


def cap_of(days: Iterable[DayBase]) -> int:
    """Return the cap of days in their order: rounded once in each month, and summed.

    An account holds a month, so longer periods allow what their months allow (rule L5).
    """
    months = groupby(days, key=lambda one: (one.day.year, one.day.month))
    return sum(cap(month) for _, month in months)


def open_account(ctx: Context, person_id: int, municipality_id: int, day: date) -> OpenAccount:
    """Lock the account for ``day``, then compute its base and cap anew, and store what changed.

    The lock comes first, so nobody else can agree on newer conditions meanwhile (rule L2). Must be
    called inside a transaction, before any request of the account is locked. Raises
    ``HolidaysUnknown``.
    """
    period = period_for(day)
    account = _locked(person_id, municipality_id, period)
    municipality = _municipality(ctx, municipality_id, day)
    conditions = work_conditions([person_id], municipality, period.starts_on, period.ends_on)
    days = day_bases(conditions[person_id], period.starts_on, period.ends_on)
    amounts = (base(days), cap_of(days))
    if amounts != (account.base, account.cap):
        account.base, account.cap = amounts
        Account.update(base=account.base, cap=account.cap).where(Account.id == account.id).execute()
    return OpenAccount(account, period, conditions[person_id], days)


def _locked(person_id: int, municipality_id: int, period: Period) -> Account:
    wanted = locked(
        Account.select().where(
            (Account.person == person_id)
            & (Account.municipality == municipality_id)
            & (Account.starts_on == period.starts_on)
        )
    )
    found: Account | None = wanted.first()
    if found is None:
        # Two who open the first account of a month at once: one inserts, the other waits for it.
        Account.insert(
            person=person_id,
            municipality=municipality_id,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            base=0,
            cap=0,
        ).on_conflict(
            conflict_target=[Account.person, Account.municipality, Account.starts_on],
            action="nothing",
        ).execute()
        found = wanted.clone().get()
    return found


def _municipality(ctx: Context, municipality_id: int, day: date) -> MunicipalityRef:
    if ctx.municipality.id == municipality_id:
        return ctx.municipality
    return municipality_ref(municipality_id, day)


def post(
    ctx: Context,
    account: Account,
    request: Request,
    kind: str,
    *,
    minutes: int = 0,
    reserved: int = 0,
) -> None:
    """Write one journal row and move the locked account by it, in one transaction.

    ``minutes`` is the work that a record tells of, ``reserved`` how the reservation changes. What
    does not count is written all the same and moves nothing.
    """
    used = minutes if request.counts else 0
    reserved = reserved if request.counts else 0
    with transaction(ctx):
        JournalEntry.insert(
            account=account.id,
            request=request.id,
            kind=kind,
            work_date=request.work_date,
            minutes=minutes,
            used_delta=used,
            reserved_delta=reserved,
            posted_at=ctx.now,
            posted_by=ctx.appointment.id if ctx.appointment else None,
        ).execute()
        account.used += used
        account.reserved += reserved
        Account.update(used=account.used, reserved=account.reserved).where(
            Account.id == account.id
        ).execute()
