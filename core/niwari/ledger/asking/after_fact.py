"""After the fact (事後の申込み): asking for time that is over, where the municipality wants it (L1, L23).

A kind of its own, off by default, marked wherever it shows. It waits for the head like any other
request, and reserves nothing until then. An oral OK is before the start, so it is never both.
"""

from datetime import date, timedelta

from niwari.context import Context
from niwari.dates.working_days import first_day_within
from niwari.errors import Minutes
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import fitting
from niwari.ledger.asking.slots import Slot
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.errors import (
    AfterFactNotUsed,
    AlwaysBefore,
    BadMinutes,
    NotOverYet,
    TooLate,
    TooLongAgo,
)
from niwari.ledger.models import Request
from niwari.ledger.settings import choices_of

_LONG_AGO = timedelta(days=60)


def first_day(ctx: Context) -> date:
    """Return the first day of which time that is over can be asked for today, where that is taken."""
    return first_day_within(ctx.today, choices_of(ctx).after_fact_days)


def check_form(ctx: Context, wish: Wish) -> None:
    """Refuse a wish after the fact that cannot be one, whoever asks.

    Raises ``AlwaysBefore`` with an oral OK, ``NotOverYet`` for what ends in the future, and
    ``TooLongAgo`` for more days back than any municipality allows: their calendar need not be known.
    """
    if wish.oral is not None:
        raise AlwaysBefore
    if wish.work_date > ctx.today:
        raise NotOverYet
    if wish.interval is not None and wish.interval[1] > ctx.now:
        raise NotOverYet(field="ends")
    if wish.work_date < ctx.today - _LONG_AGO:
        raise TooLongAgo(days=choices_of(ctx).after_fact_days)


def check_allowed(ctx: Context, wish: Wish, former: Request | None = None) -> None:
    """Raise ``AfterFactNotUsed`` or ``TooLongAgo`` where the municipality does not take ``wish`` now.

    What was asked in time stays so: given back as ``former``, it may be put again for the same day.
    """
    if former is not None and former.after_fact and former.work_date == wish.work_date:
        return
    if not choices_of(ctx).after_fact:
        raise AfterFactNotUsed
    if wish.work_date < first_day(ctx):
        raise TooLongAgo(days=choices_of(ctx).after_fact_days)


def check_over(ctx: Context, opened: OpenAccount, slot: Slot, minutes: int) -> None:
    """Refuse ``minutes`` of ``slot`` that do not lie in scheduled time that is over.

    Raises ``NotOverYet``, ``BadMinutes``, ``InsideLeave`` and ``NoScheduledTime``; and ``Frozen`` for
    what lies in a freeze that still holds (L13).
    """
    if minutes < 1:
        raise BadMinutes
    fitting.check_not_frozen(opened, slot)
    fitting.check_scheduled(opened, slot, minutes)
    if slot.ends_at is not None:
        if slot.ends_at > ctx.now:
            raise NotOverYet(field="ends")
        return
    passed = fitting.passed_minutes(ctx, opened, slot)
    if minutes > passed:
        raise NotOverYet(NotOverYet.passed, passed=Minutes(passed), field="minutes")


def pointed_to(ctx: Context, error: TooLate) -> TooLate:
    """Return ``error`` with what can be done instead, where the municipality takes it."""
    if error.text != TooLate.text or not choices_of(ctx).after_fact:
        return error
    return TooLate(TooLate.after_fact, field=error.field)
