"""Hours and leave that arrive after agreements, or after closing (rules L7, L8).

In a period that is open the base is stored as it is now, and entries stay. In a closed one the base
stays, and what it would be now is noted for HR until HR has seen it.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import EXCLUDED

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.db.sets import chunks
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.people import municipality_ref
from niwari.directory.sections import section_name
from niwari.errors import NotFound
from niwari.ledger.accounts import store
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import Account, LateBase
from niwari.ledger.reports.suppression import LEAST
from niwari.ledger.worktime import base, cap, day_bases

PAGE = 50


@dataclass(frozen=True, slots=True)
class Late:
    """A closed account of a person whose base would be another one now; both in minutes."""

    id: int
    person_name: str
    section_name: str
    starts_on: date
    stored: int
    would_be: int
    noted_at: datetime


def follow(ctx: Context, person_ids: Collection[int], since: date) -> None:
    """Let accounts follow what was imported of these people for days from ``since`` on.

    In the caller's transaction, once it is written. The accounts are locked in the order of person and
    period, so a closing that runs meanwhile comes before this or sees what was imported.
    """
    for chunk in chunks(sorted(set(person_ids))):
        found: list[Account] = list(
            locked(
                Account.select()
                .where(Account.person.in_(chunk) & (Account.ends_on >= since))
                .order_by(Account.person, Account.starts_on)
            )
        )
        groups: defaultdict[tuple[int, date, date], list[Account]] = defaultdict(list)
        for account in found:
            groups[account.municipality_id, account.starts_on, account.ends_on].append(account)
        for (town, first, last), accounts in sorted(groups.items()):
            _follow_in(ctx, town, first, last, accounts)


def _follow_in(ctx: Context, town: int, first: date, last: date, accounts: list[Account]) -> None:
    people = [account.person_id for account in accounts]
    conditions = work_conditions(people, municipality_ref(town, first), first, last)
    differing, same = [], []
    for account in accounts:
        days = day_bases(conditions[account.person_id], first, last)
        now = base(days)
        if account.closed_at is None:
            if (account.base, account.cap) != (now, cap(days)):
                account.base, account.cap = now, cap(days)
                store(account)
        elif now == account.base:
            same.append(account.id)
        else:
            differing.append({"account": account.id, "base": now, "noted_at": ctx.now})
    if same:
        LateBase.delete().where(LateBase.account.in_(same)).execute()
    if differing:
        LateBase.insert_many([{**one, "settled_at": None} for one in differing]).on_conflict(
            conflict_target=[LateBase.account],
            preserve=[LateBase.base, LateBase.noted_at, LateBase.settled_at],
            where=LateBase.base != EXCLUDED.base,  # the same again stays seen
        ).execute()


def unsettled(ctx: Context) -> list[Late]:
    """Return up to ``PAGE`` closed accounts of the municipality that HR has not seen, the oldest first."""
    post: Any = (
        Appointment.select(Appointment.section)
        .where(
            (Appointment.person == Account.person)
            & (Appointment.municipality == Account.municipality)
            & Appointment.is_main
            & (Appointment.starts_on <= Account.ends_on)
        )
        .order_by(Appointment.starts_on.desc())
        .limit(1)
    )
    found: Any = (
        LateBase.select(
            LateBase.id,
            LateBase.base,
            LateBase.noted_at,
            Account.starts_on,
            Account.base.alias("stored"),
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
        )
        .join_from(LateBase, Account)
        .join_from(Account, Person)
        .left_outer_join(Section, on=(Section.id == post), src=Account)
        .where(_of_town(ctx) & LateBase.settled_at.is_null())
        .order_by(Account.starts_on, LateBase.id)
        .limit(PAGE)
        .objects()
    )
    return [
        Late(
            row.id,
            row.person_name,
            row.section_name or "",
            row.starts_on,
            row.stored,
            row.base,
            row.noted_at,
        )
        for row in found
    ]


def unsettled_count(ctx: Context) -> int:
    """Return how many closed accounts of the municipality HR has not seen."""
    count: int = (
        LateBase.select().join(Account).where(_of_town(ctx) & LateBase.settled_at.is_null()).count()
    )
    return count


def over_count(ctx: Context) -> int | None:
    """Return how many open accounts are over by a base that fell: a count, nobody's name (L8, L14).

    ``None`` for 1 to 4, which would tell of too few (L15). What is beyond an agreement by tolerance was
    within what was left (L17), so it is no reason. A cap that fell by a lower rate is not told apart.
    """
    count: int = (
        Account.select()
        .where(
            (Account.municipality == ctx.municipality.id)
            & Account.closed_at.is_null()
            & (Account.used + Account.reserved > Account.cap)
        )
        .count()
    )
    return None if 0 < count < LEAST else count


def settle(ctx: Context, late_id: int) -> None:
    """Note that HR has seen it; again changes nothing. Raises ``NotFound`` for other towns'."""
    with transaction(ctx):
        query = (
            LateBase.select(LateBase).join(Account).where((LateBase.id == late_id) & _of_town(ctx))
        )
        late: LateBase | None = locked(query, of=LateBase).first()
        if late is None:
            raise NotFound
        if late.settled_at is not None:
            return
        LateBase.update(settled_at=ctx.now, settled_by=ctx.acting.id).where(
            LateBase.id == late.id
        ).execute()
        audit.record(ctx, "ledger.settle_late_base", "ledger_late_base", late.id, minutes=late.base)


def _of_town(ctx: Context) -> Any:
    return Account.municipality == ctx.municipality.id
