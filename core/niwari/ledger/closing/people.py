"""Whose accounts a period closes: everybody with a main post in it, and whoever has an account (L7)."""

from typing import Any

from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment
from niwari.ledger.models import Account, Request, State
from niwari.ledger.worktime import Period

UNFINISHED = (
    State.REQUESTED,
    State.RETURNED,
    State.AGREED,
    State.PARTLY_AGREED,
    State.SUSPENDED,
)
"""What a closing ends: it was not answered, not recorded, or not revived."""


def not_closed(ctx: Context, period: Period) -> list[int]:
    """Return the people, by id, whose account of the period is not closed or not there yet."""
    main = Appointment.select(Appointment.person).where(
        (Appointment.municipality == ctx.municipality.id)
        & Appointment.is_main
        & (Appointment.starts_on <= period.ends_on)
        & (Appointment.ends_on.is_null() | (Appointment.ends_on >= period.starts_on))
        & Appointment.person.not_in(
            Account.select(Account.person).where(
                _of(ctx, period) & Account.closed_at.is_null(False)
            )
        )
    )
    open_ones = Account.select(Account.person).where(_of(ctx, period) & Account.closed_at.is_null())
    return sorted({one for query in (main, open_ones) for (one,) in rows(query)})


def open_accounts(ctx: Context, period: Period, people: list[int]) -> None:
    """Open the accounts that are missing, in a transaction of its own.

    Whoever imports leave meanwhile finds the account, and waits for its closing or comes before it.
    """
    with transaction(ctx):
        Account.insert_many(
            [
                {
                    "person": person,
                    "municipality": ctx.municipality.id,
                    "starts_on": period.starts_on,
                    "ends_on": period.ends_on,
                    "base": 0,
                    "cap": 0,
                }
                for person in people
            ]
        ).on_conflict(
            conflict_target=[Account.person, Account.municipality, Account.starts_on],
            action="nothing",
        ).execute()


def count_people(ctx: Context, period: Period) -> int:
    """Return how many people have a main post in the period."""
    count: int = (
        Appointment.select(Appointment.person)
        .where(
            (Appointment.municipality == ctx.municipality.id)
            & Appointment.is_main
            & (Appointment.starts_on <= period.ends_on)
            & (Appointment.ends_on.is_null() | (Appointment.ends_on >= period.starts_on))
        )
        .distinct()
        .count()
    )
    return count


def unfinished_in(ctx: Context, period: Period) -> Any:
    """Return the condition for the requests that closing the period ends."""
    return (
        (Request.municipality == ctx.municipality.id)
        & Request.work_date.between(period.starts_on, period.ends_on)
        & Request.state.in_(UNFINISHED)
    )


def _of(ctx: Context, period: Period) -> Any:
    return (Account.municipality == ctx.municipality.id) & (Account.starts_on == period.starts_on)
