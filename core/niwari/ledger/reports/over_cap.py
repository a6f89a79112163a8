"""Who is over the cap, for the head alone: HR sees how many, the person sees it on the own month."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import SQL

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment, Person, Section, on_day
from niwari.directory.sections import section_name
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.models import Account
from niwari.ledger.worktime import PeriodKind, period_of

MOST = 200


@dataclass(frozen=True, slots=True)
class OverCap:
    """A month in which somebody has more used and planned than the cap, by ``over`` minutes."""

    person_name: str
    section_name: str
    starts_on: date
    over: int
    corrected: bool


def over_cap(ctx: Context) -> list[OverCap]:
    """Return the months of the present fiscal year over the cap, of those whom the person answers for.

    By section and name, never by amount (rule L14); the own ones are not among them. At most ``MOST``,
    in two queries. Caps are as of the last change of an account.
    """
    charge = charge_of(ctx)
    mine: Any = SQL("(1 = 0)")
    for share in charge.shares:
        mine |= share.condition(ctx.today)
    year = period_of(PeriodKind.FISCAL_YEAR, ctx.today)
    query = (
        Account.select(
            Person.name,
            section_name(ctx.today),
            Account.starts_on,
            Account.used + Account.reserved - Account.cap,
            Account.corrected_at,
        )
        .join_from(Account, Person)
        .join_from(Account, Appointment, on=(Appointment.person == Account.person))
        .join_from(Appointment, Section)
        .where(
            mine
            & Appointment.is_main
            & on_day(Appointment, ctx.today)
            & (Account.municipality == ctx.municipality.id)
            & Account.starts_on.between(year.starts_on, year.ends_on)
            & (Account.used + Account.reserved > Account.cap)
            & (Account.person != ctx.person_id)
        )
        .order_by(Section.path, Person.kana, Person.id, Account.starts_on)
        .limit(MOST)
    )
    return [
        OverCap(person, section, starts_on, over, corrected_at is not None)
        for person, section, starts_on, over, corrected_at in rows(query)
    ]
