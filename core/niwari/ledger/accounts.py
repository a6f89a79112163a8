"""Accounts: made by upsert, locked before they change, moved by journal rows alone (rule L2, L6)."""

from datetime import date

from niwari.context import Context, MunicipalityRef
from niwari.db import locked, transaction
from niwari.directory.people import municipality_ref
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import Account, JournalEntry, Request
from niwari.ledger.worktime import (
    Period,
    PeriodKind,
    WorkConditions,
    base,
    cap,
    day_bases,
    period_of,
)


def period_for(day: date) -> Period:
    """Return the period whose account a day belongs to: the calendar month."""
    return period_of(PeriodKind.MONTH, day)


def conditions_of(
    ctx: Context, person_id: int, municipality: MunicipalityRef, first: date, last: date
) -> WorkConditions:
    """Return one person's conditions for the days ``first`` to ``last``."""
    return work_conditions([person_id], municipality, first, last)[person_id]


def locked_account(ctx: Context, person_id: int, municipality_id: int, day: date) -> Account:
    """Return the account for ``day``, locked, with base and cap computed anew from the conditions.

    Must be called inside a transaction, before any request of the account is locked.
    """
    period = period_for(day)
    municipality = municipality_ref(municipality_id, day)
    days = day_bases(
        conditions_of(ctx, person_id, municipality, period.starts_on, period.ends_on),
        period.starts_on,
        period.ends_on,
    )
    amounts = {"base": base(days), "cap": cap(days)}
    Account.insert(
        person=person_id,
        municipality=municipality_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        **amounts,
    ).on_conflict(
        conflict_target=[Account.person, Account.municipality, Account.starts_on], update=amounts
    ).execute()
    account: Account = locked(
        Account.select().where(
            (Account.person == person_id)
            & (Account.municipality == municipality_id)
            & (Account.starts_on == period.starts_on)
        )
    ).get()
    return account


def free(account: Account) -> int:
    """Return the minutes left in an account; negative when the base fell (rule L8)."""
    left: int = account.cap - account.used - account.reserved
    return left


def post(
    ctx: Context,
    account: Account,
    request: Request,
    kind: str,
    *,
    used: int = 0,
    reserved: int = 0,
) -> None:
    """Write one journal row and move the locked account by it, in one transaction."""
    with transaction(ctx):
        JournalEntry.insert(
            account=account.id,
            request=request.id,
            kind=kind,
            work_date=request.work_date,
            used_delta=used,
            reserved_delta=reserved,
            posted_at=ctx.now,
            posted_by=ctx.appointment.id if ctx.appointment else None,
        ).execute()
        account.used += used
        account.reserved += reserved
        Account.update(used=Account.used + used, reserved=Account.reserved + reserved).where(
            Account.id == account.id
        ).execute()
