"""Whether the time asked for fits into a person's scheduled time (rules L1, L10, L11, L19, L23).

An interval lies in its hours. A date and minutes lie somewhere in their day; where they are longer
than that day's work, they run on over the following days of the period, and never beyond it (L5).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from niwari.clock import TOKYO
from niwari.context import Context
from niwari.errors import N_, Minutes
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.arranging.frozen import begins_from
from niwari.ledger.asking.slots import Slot, Taken, taken_between, whole_minute
from niwari.ledger.errors import (
    BadMinutes,
    DayFull,
    Frozen,
    InsideLeave,
    NoBase,
    NoScheduledTime,
    NotAppointed,
    Overlap,
    TooLate,
)
from niwari.ledger.worktime import (
    DayBase,
    Part,
    PeriodKind,
    Why,
    base,
    counting_minutes,
    counting_parts,
)

_TO_THE_END = {
    True: N_("その日から月末までの勤務時間は%(base)sです。"),
    False: N_("その日から期間の終わりまでの勤務時間は%(base)sです。"),
}
NOT_ON_THAT_DAY = (NotAppointed, NoBase, InsideLeave, NoScheduledTime)
"""What ``check_day`` says no with."""


def interval_slot(opened: OpenAccount, starts_at: datetime, ends_at: datetime) -> Slot:
    """Return the slot of an interval of one day: its minutes are those that count (L10).

    Raises ``InsideLeave`` or ``NoScheduledTime`` where none does.
    """
    parts = counting_parts(opened.conditions, starts_at, ends_at)
    counting = counting_minutes(parts)
    if counting == 0:
        raise _refusal_of(parts)
    return Slot(starts_at.astimezone(TOKYO).date(), counting, starts_at, ends_at)


def check_day(opened: OpenAccount, day: date) -> None:
    """Raise ``NotAppointed``, ``NoBase``, ``InsideLeave`` or ``NoScheduledTime`` for a free day."""
    wanted = opened.day(day)
    codes = {reason.code for reason in wanted.why}
    if Why.NOT_APPOINTED in codes:
        raise NotAppointed
    if base(opened.days) == 0:
        raise NoBase
    if wanted.base == 0:
        if Why.LEAVE in codes:
            raise InsideLeave
        raise NoScheduledTime(N_("その日は勤務日ではありません。勤務日で申し込んでください。"))


def check_free_time(opened: OpenAccount, slot: Slot, besides: int | None) -> None:
    """Raise ``Overlap`` or ``DayFull`` where other open requests leave no room for ``slot``.

    ``besides`` is the request that is being changed, its ways with it. Under the account's lock
    two tabs of one person cannot both find room.
    """
    taken = taken_between(
        opened.account.person_id, slot.work_date, opened.period.ends_on, besides=besides
    )
    check_room(opened, slot, taken)


def check_ahead(ctx: Context, opened: OpenAccount, slot: Slot, minutes: int) -> None:
    """Refuse ``minutes`` of ``slot`` that would not lie in scheduled time that is still to come.

    Whoever agrees, agrees before the start (L1): of an interval before it begins, of a date and
    minutes while so much of the scheduled time is left. Raises ``TooLate``, ``BadMinutes``,
    ``InsideLeave`` or ``NoScheduledTime``; and ``Frozen`` while a freeze holds then (L13).
    """
    if minutes < 1:
        raise BadMinutes
    check_not_frozen(opened, slot)
    if slot.starts_at is not None and slot.starts_at <= ctx.now:
        raise TooLate(field="starts")
    if slot.starts_at is None and slot.work_date < ctx.today:
        raise TooLate
    check_scheduled(opened, slot, minutes)
    if slot.starts_at is not None:
        return
    long = _is_long(opened, slot)
    left = _scheduled(opened, slot.work_date, to_period_end=long, since=ctx.now)
    if minutes > left:
        raise TooLate(
            N_("始まる前に了承が必要です。残りの勤務時間は%(left)sです。"),
            left=Minutes(left),
            field="minutes",
        )


def check_scheduled(opened: OpenAccount, slot: Slot, minutes: int) -> None:
    """Raise ``InsideLeave`` or ``NoScheduledTime`` where ``slot`` has no ``minutes`` of work."""
    if slot.starts_at is not None and slot.ends_at is not None:
        parts = counting_parts(opened.conditions, slot.starts_at, slot.ends_at)
        if minutes > counting_minutes(parts):
            raise _refusal_of(parts)
        return
    long = _is_long(opened, slot)
    scheduled = _scheduled(opened, slot.work_date, to_period_end=long)
    if minutes > scheduled:
        text = _TO_THE_END[opened.period.kind is PeriodKind.MONTH] if long else ""
        raise NoScheduledTime(text, base=Minutes(scheduled), field="minutes")


def check_not_frozen(opened: OpenAccount, slot: Slot) -> None:
    """Raise ``Frozen`` where ``slot`` begins while a freeze holds (L13)."""
    freeze = opened.freeze
    if freeze is not None and begins_from(freeze.from_at, slot.work_date, slot.starts_at):
        raise Frozen(reason=freeze.reason)


def _refusal_of(parts: Iterable[Part]) -> InsideLeave | NoScheduledTime:
    if any(part.code is Why.LEAVE for part in parts):
        return InsideLeave(field="starts")
    return NoScheduledTime(
        N_("その時間は勤務時間の外です。勤務時間の中で申し込んでください。"), field="starts"
    )


def _is_long(opened: OpenAccount, slot: Slot) -> bool:
    """Tell whether a date and minutes are more than the day's hours, leave not taken off."""
    return slot.starts_at is None and slot.minutes > _hours(opened.day(slot.work_date))


def _hours(day: DayBase) -> int:
    return sum(reason.minutes for reason in day.why if reason.code is not Why.LEAVE)


def _scheduled(
    opened: OpenAccount, day: date, *, to_period_end: bool, since: datetime | None = None
) -> int:
    """Return the scheduled minutes of ``day``, or from it to the period's end; leave taken off."""
    begins = _midnight(day)
    if since is not None:
        begins = max(begins, whole_minute(since))
    ends = _midnight((opened.period.ends_on if to_period_end else day) + timedelta(days=1))
    return _counting(opened, begins, ends)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), TOKYO)


def _overlap(one: Slot, other: Slot) -> bool:
    if one.starts_at is None or one.ends_at is None:
        return False
    if other.starts_at is None or other.ends_at is None:
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def passed_minutes(ctx: Context, opened: OpenAccount, slot: Slot) -> int:
    """Return how much of the scheduled time in which a date and minutes may lie is over."""
    last = opened.period.ends_on if _is_long(opened, slot) else slot.work_date
    ends = min(_midnight(last + timedelta(days=1)), ctx.now.astimezone(TOKYO))
    return _counting(opened, _midnight(slot.work_date), ends.replace(second=0, microsecond=0))


def least_past(
    ctx: Context, opened: OpenAccount, slot: Slot, agreed: int, *, in_period: bool = False
) -> int:
    """Return how many of the ``agreed`` minutes of ``slot`` must lie before now, all of them when it is over.

    Of an interval those that do; of a date and minutes, which name no hour, those that fit no longer
    into the scheduled time that is left; with ``in_period`` any day of the period may be theirs.
    """
    now = whole_minute(ctx.now)
    if slot.starts_at is not None and slot.ends_at is not None:
        if slot.ends_at <= ctx.now:
            return agreed
        return min(_counting(opened, slot.starts_at, now), agreed)
    long = in_period or _is_long(opened, slot)
    if (opened.period.ends_on if long else slot.work_date) < ctx.today:
        return agreed
    past = _counting(opened, _midnight(slot.work_date), now)
    ahead = _scheduled(opened, slot.work_date, to_period_end=long, since=ctx.now)
    return max(min(past, agreed - ahead), 0)


def _counting(opened: OpenAccount, begins: datetime, ends: datetime) -> int:
    if begins >= ends:
        return 0
    return counting_minutes(counting_parts(opened.conditions, begins, ends))


def check_room(opened: OpenAccount, slot: Slot, taken_times: Iterable[Taken]) -> None:
    """Raise as ``check_free_time`` does, of what ``taken_between`` has found; without a query.

    ``taken_times`` are those from the day of ``slot`` to the period's end or more.
    """
    others = [
        (other, minutes)
        for other, minutes in taken_times
        if slot.work_date <= other.work_date <= opened.period.ends_on
    ]
    if any(_overlap(slot, other) for other, _taken in others):
        raise Overlap
    long = _is_long(opened, slot)
    taken = sum(
        minutes
        for other, minutes in others
        if long or (other.work_date == slot.work_date and not _is_long(opened, other))
    )
    scheduled = _scheduled(opened, slot.work_date, to_period_end=long)
    if slot.minutes + taken > scheduled:
        raise DayFull(
            base=Minutes(scheduled),
            taken=Minutes(taken),
            field="minutes" if slot.starts_at is None else "starts",
        )
