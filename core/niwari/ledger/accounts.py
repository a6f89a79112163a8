"""Accounts: locked before they are read, moved by journal rows alone (rules L2, L5, L6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from peewee import JOIN, fn

from niwari.context import Context, MunicipalityRef
from niwari.db import check_in_transaction, locked, prepared, transaction
from niwari.directory.people import municipality_ref
from niwari.host.enablement import hold
from niwari.ledger.arranged import period_for
from niwari.ledger.conditions import work_conditions
from niwari.ledger.disposing.disposed import check_kept
from niwari.ledger.errors import ClosedPeriod
from niwari.ledger.models import AGREED_STATES, Account, Closing, Freeze, JournalEntry, Request
from niwari.ledger.worktime import (
    DayBase,
    Period,
    PeriodKind,
    WorkConditions,
    base,
    cap,
    day_bases,
    period_of,
    period_spanning,
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

    @property
    def freeze(self) -> Freeze | None:
        """The freeze that held in the municipality when the account was locked (rule L13)."""
        return getattr(self.account, "frozen", None)

    def day(self, wanted: date) -> DayBase:
        """Return a day of the period; raises ``ValueError`` for any other."""
        if wanted not in self.period:
            raise ValueError(f"{wanted} is not a day of {self.period.key}")
        return self.days[(wanted - self.period.starts_on).days]


def cap_of(days: Iterable[DayBase], kind: PeriodKind = PeriodKind.MONTH) -> int:
    """Return the cap of days in their order: rounded once in each period of ``kind``, and summed.

    An account holds one period, so a longer time allows what its periods allow (rule L5).
    """
    if kind is PeriodKind.MONTH:  # asked for whole years on every page: the dates need no period
        months = groupby(days, key=lambda one: (one.day.year, one.day.month))
        return sum(cap(month) for _, month in months)
    periods = groupby(days, key=lambda one: period_of(kind, one.day).starts_on)
    return sum(cap(period) for _, period in periods)


def open_account(ctx: Context, person_id: int, municipality_id: int, day: date) -> OpenAccount:
    """Lock the account for ``day``, then compute its base and cap anew, and store what changed.

    The lock comes first, so nobody else can agree on newer conditions meanwhile (rule L2). Must be
    called inside a transaction, before any request of the account is locked. Raises
    ``HolidaysUnknown``.
    """
    account, is_new = _locked(ctx, person_id, municipality_id, day)
    opened = _opened(ctx, account, day)
    if is_new and opened.period.ends_on < ctx.today:
        _close_with_its_period(account)
    store(account)
    return opened


def open_account_of(ctx: Context, wanted: Any) -> OpenAccount | None:
    """Lock the account of the one request that the condition ``wanted`` finds, as ``open_account``.

    Its base and cap are stored with a posting, or by ``store``. Returns ``None`` where there is no such
    request.
    """
    found: Account | None = locked(
        _accounts()
        .join_from(
            Account,
            Request,
            on=(Request.person == Account.person)
            & (Request.municipality == Account.municipality)
            & Request.work_date.between(Account.starts_on, Account.ends_on),
        )
        .where(wanted),
        of=Account,
    ).first()
    return _opened(ctx, found, found.starts_on) if found is not None else None


def _opened(ctx: Context, account: Account, day: date) -> OpenAccount:
    """Compute base and cap of a locked account anew; what changed is not stored yet."""
    check_kept(ctx, account.municipality_id, account.starts_on)
    period = period_spanning(account.starts_on, account.ends_on)
    person = account.person_id
    municipality = _municipality(ctx, account.municipality_id, day)
    conditions = work_conditions([person], municipality, period.starts_on, period.ends_on)[person]
    days = day_bases(conditions, period.starts_on, period.ends_on)
    return computed(account, period, conditions, days)


def computed(
    account: Account, period: Period, conditions: WorkConditions, days: tuple[DayBase, ...]
) -> OpenAccount:
    """Return an account with base and cap of ``days``, those of its period; nothing is stored."""
    if account.closed_at is None:  # what is closed keeps its base (rule L7)
        for name, amount in (("base", base(days)), ("cap", cap(days))):
            if getattr(account, name) != amount:
                setattr(account, name, amount)
    return OpenAccount(account, period, conditions, days)


def _close_with_its_period(account: Account) -> None:
    """Close an account that is opened in a period which is closed, as for somebody entered late (L7)."""
    hold(account.municipality_id)  # whoever closes the period now waits, or we wait for them
    closed: Closing | None = Closing.get_or_none(
        (Closing.municipality == account.municipality_id)
        & (Closing.starts_on <= account.starts_on)
        & (Closing.ends_on >= account.ends_on)
    )
    if closed is not None:
        account.closed_at = closed.closed_at


def _accounts() -> Any:
    """Return the query of accounts with the freeze that holds, so that no further one is needed."""
    return Account.select(Account, Freeze.from_at, Freeze.reason).join_from(
        Account,
        Freeze,
        JOIN.LEFT_OUTER,
        on=(Freeze.municipality == Account.municipality) & Freeze.lifted_at.is_null(),
        attr="frozen",
    )


def _locked(ctx: Context, person_id: int, municipality_id: int, day: date) -> tuple[Account, bool]:
    """Lock the account that has ``day``, and tell whether it is new.

    One that is there keeps its days, whatever HR chose since.
    """
    check_in_transaction()
    wanted = _locked_on({"person": person_id, "town": municipality_id, "day": day})
    found: list[Account] = wanted.objects()
    is_new = not found
    if not found:
        period = period_for(_municipality(ctx, municipality_id, day), day)
        # Two who open the first account of a period at once: one inserts, the other waits for it.
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
        found = wanted.objects()
    return found[0], is_new


@prepared
def _locked_on(of: Any) -> Any:
    return locked(
        _accounts()
        .where(
            (Account.person == of.person)
            & (Account.municipality == of.town)
            & (Account.starts_on <= of.day)
            & (Account.ends_on >= of.day)
        )
        .limit(1),
        of=Account,
    )


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
    work_date: date | None = None,
    reverses: int | None = None,
    replaces: int | None = None,
    after_closing: bool = False,
) -> int:
    """Write one journal row and move the locked account by it, in one transaction; returns its id.

    ``minutes`` is the work that a record tells of, ``reserved`` how the reservation changes. What
    does not count is written all the same and moves nothing. ``work_date`` is the request's where
    none is given, ``reverses`` and ``replaces`` are entries (rule L6). Raises ``ClosedPeriod`` where
    the period is closed, but for what is posted ``after_closing`` with HR's approval (L7).
    """
    if account.closed_at is not None and not after_closing:
        raise ClosedPeriod(month=account.starts_on.month)
    used = minutes if request.counts else 0
    reserved = reserved if request.counts else 0
    with transaction(ctx):
        entry = JournalEntry.insert(
            account=account.id,
            request=request.id,
            kind=kind,
            work_date=work_date or request.work_date,
            minutes=minutes,
            used_delta=used,
            reserved_delta=reserved,
            posted_at=ctx.now,
            posted_by=ctx.appointment.id if ctx.appointment else None,
            reverses=reverses,
            replaces=replaces,
        ).execute()
        account.used += used
        account.reserved += reserved
        if account.closed_at is not None:
            account.corrected_at = ctx.now
        store(account)
    return int(entry)


def check_open(opened: OpenAccount) -> None:
    """Raise ``ClosedPeriod`` where nothing can be asked for any more (rule L7)."""
    if opened.account.closed_at is not None:
        raise ClosedPeriod(month=opened.period.starts_on.month)


def store(account: Account) -> None:
    """Write what changed of a locked account, in the caller's transaction; one query at the most."""
    if account.is_dirty():
        account.save(only=account.dirty_fields)


def open_accounts(
    ctx: Context, person_id: int, municipality_id: int, days: Iterable[date]
) -> dict[date, OpenAccount]:
    """Lock the accounts of all the periods that ``days`` lie in, by the period's first day.

    As ``open_account``, in the order of the periods: the one order for whoever needs several of a
    person (rule L2).
    """
    wanted = sorted({period_for(ctx.municipality, day).starts_on for day in days})
    return {first: open_account(ctx, person_id, municipality_id, first) for first in wanted}


def lock_accounts_of(request_ids: Sequence[int]) -> list[Account]:
    """Lock the accounts of several requests in the one order that there is: person, period start (L2).

    Must come before the requests themselves are locked, and these go by their ids.
    """
    ids = (
        Account.select(Account.id)
        .join(
            Request,
            on=(Request.person == Account.person)
            & (Request.municipality == Account.municipality)
            & Request.work_date.between(Account.starts_on, Account.ends_on),
        )
        .where(Request.id.in_(request_ids))
    )
    query = Account.select().where(Account.id.in_(ids))
    return list(locked(query.order_by(Account.person, Account.starts_on)))


def reserved_of(request: Request) -> int:
    """Return the minutes that an agreed request reserves now; 0 for one that is not agreed.

    What withdrawing, calling off, suspending and lapsing release. Of an allowance it is what was not
    drawn yet (rule L12), in one query: by the journal, so that it is right after corrections too.
    """
    if request.state not in AGREED_STATES or request.agreed_minutes is None:
        return 0
    agreed = int(request.agreed_minutes)
    if not request.allowance:
        return agreed
    total: Any = JournalEntry.select(
        fn.COALESCE(fn.SUM(JournalEntry.reserved_delta), 0),
        fn.COALESCE(fn.SUM(JournalEntry.minutes), 0),
    ).where(JournalEntry.request == request.id)
    reserved, drawn = total.tuples().get()
    return max(int(reserved) if request.counts else agreed - int(drawn), 0)
