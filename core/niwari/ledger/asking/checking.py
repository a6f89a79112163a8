"""What a wish must hold to become a request: its form first, then every rule of its day."""

from collections.abc import Mapping

from niwari.context import Context
from niwari.dates.calendar_jp import LAST_YEAR
from niwari.errors import N_, Invalid, Minutes
from niwari.ledger import accounts
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import after_fact, fitting, oral
from niwari.ledger.asking.slots import Slot
from niwari.ledger.asking.wishes import LONGEST_PURPOSE, Wish
from niwari.ledger.deciding.approvers import asking_post
from niwari.ledger.errors import (
    AlreadyAsked,
    BadMinutes,
    OverCap,
    TooLate,
    UnknownActivity,
    UnknownCalendar,
)
from niwari.ledger.models import PLACES, Request
from niwari.ledger.ways import lengths
from niwari.ledger.worktime import PeriodKind
from niwari.specs.contributions import Activity
from niwari.texts import is_blank

Source = tuple[str | None, int | None]
"""A row of a plugin, by kind and id, that a request is asked for; both ``None`` for none."""


def checked_form(ctx: Context, wish: Wish, activities: Mapping[str, Activity]) -> Activity:
    """Return the activity of ``wish``.

    Raises ``UnknownActivity``, ``Invalid``, ``TooLate`` or ``UnknownCalendar``, and what
    ``after_fact.check_form`` raises.
    """
    activity = activities.get(wish.activity)
    if activity is None:
        raise UnknownActivity
    if is_blank(wish.purpose):
        raise Invalid(N_("何をするのかを入力してください。"), field="purpose")
    if len(wish.purpose) > LONGEST_PURPOSE:
        raise Invalid(N_("400文字以内で入力してください。"), field="purpose")
    if wish.place not in PLACES:
        raise Invalid(N_("場所を選んでください。"), field="place")
    if wish.work_date < ctx.today and not wish.after_fact:
        raise after_fact.pointed_to(ctx, TooLate())
    # The fiscal year of a day in the last known year ends in the one after.
    if wish.work_date.year >= LAST_YEAR:
        raise UnknownCalendar(last=LAST_YEAR - 1)
    _check_times(wish)
    if wish.after_fact:
        after_fact.check_form(ctx, wish)
    for way, minutes in wish.travel.items():
        if minutes < 1:
            raise BadMinutes(field=f"travel_{way}")
    return activity


def checked_columns(
    ctx: Context,
    opened: OpenAccount,
    wish: Wish,
    activity: Activity,
    source: Source | None,
    *,
    besides: int | None,
) -> dict[str, object]:
    """Return the columns of a request, once every rule has said yes."""
    post = asking_post(ctx, opened.account.person_id)
    accounts.check_open(opened)
    fitting.check_day(opened, wish.work_date)
    slot = _slot(opened, wish)
    _check_when(ctx, opened, slot, wish)
    if activity.counts and slot.minutes > opened.account.cap:
        monthly = opened.period.kind is PeriodKind.MONTH
        raise OverCap(
            "" if monthly else N_("この期間の枠は%(cap)sです。それより長い時間は申し込めません。"),
            cap=Minutes(opened.account.cap),
            field="starts" if slot.starts_at else "minutes",
        )
    fitting.check_free_time(opened, slot, besides)
    kind, row_id = source if source is not None and not activity.discreet else (None, None)
    return {
        "appointment": post.id,
        "section": post.section_id,
        "activity": activity.code,
        "counts": activity.counts,
        "discreet": activity.discreet,
        "purpose": wish.purpose.strip(),
        "place": wish.place,
        "work_date": slot.work_date,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "minutes": slot.minutes,
        "after_fact": wish.after_fact,
        "form_key": wish.form_key,
        "source_kind": kind,
        "source_id": row_id,
    }


def _check_when(ctx: Context, opened: OpenAccount, slot: Slot, wish: Wish) -> None:
    """Refuse what is not ahead, or after the fact not over."""
    if wish.after_fact:
        after_fact.check_over(ctx, opened, slot, slot.minutes)
        return
    try:
        fitting.check_ahead(ctx, opened, slot, slot.minutes)
    except TooLate as error:
        raise after_fact.pointed_to(ctx, error) from error


def _slot(opened: OpenAccount, wish: Wish) -> Slot:
    if wish.interval is not None:
        starts_at, ends_at = wish.interval
        if ends_at <= starts_at:
            raise Invalid(N_("終わりの時刻は、始まりより後にしてください。"), field="ends")
        return fitting.interval_slot(opened, starts_at, ends_at)
    if wish.starts is not None or wish.ends is not None:
        raise Invalid(N_("始まりと終わりの時刻を、両方とも入力してください。"), field="starts")
    if wish.minutes is None or wish.minutes < 1:
        raise BadMinutes
    return Slot(wish.work_date, wish.minutes)


def same_wish(first: Request, wish: Wish) -> Request:
    """Return the request that a form made before, its ways with it; ``AlreadyAsked`` for another wish."""
    interval = wish.interval or (None, None)
    same = (
        (first.activity, first.purpose, first.place, first.work_date)
        == (wish.activity, wish.purpose.strip(), wish.place, wish.work_date)
        and (first.starts_at, first.ends_at) == interval
        and (first.starts_at is not None or first.minutes == wish.minutes)
        and oral.noted(first) == wish.oral
        and first.after_fact == wish.after_fact
        and lengths(first) == wish.travel
    )
    if not same:
        raise AlreadyAsked
    return first


def _check_times(wish: Wish) -> None:
    if wish.interval is not None:
        starts_at, ends_at = wish.interval
        if ends_at <= starts_at:
            raise Invalid(N_("終わりの時刻は、始まりより後にしてください。"), field="ends")
    elif wish.starts is not None or wish.ends is not None:
        raise Invalid(N_("始まりと終わりの時刻を、両方とも入力してください。"), field="starts")
    elif wish.minutes is None or wish.minutes < 1:
        raise BadMinutes
