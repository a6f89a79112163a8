"""An oral OK (口頭了承): the person notes who said yes and when, before the start (rule L1)."""

from datetime import date, timedelta

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.dates.working_days import first_day_within, working_days_after
from niwari.errors import N_, Minutes
from niwari.ledger import events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking.wishes import OralOk
from niwari.ledger.deciding.approvers import posts_answering
from niwari.ledger.errors import BadOralTime, NotAnswering, OralNotUsed, OverFree
from niwari.ledger.models import Request, State
from niwari.ledger.settings import choices_of
from niwari.ledger.telling import tell_oral
from niwari.ledger.ways import Posting, act, needed_by

CONFIRM_DAYS = 5
"""Working days in which the head confirms, and in which an oral OK is noted."""

_LONG_AGO = timedelta(days=60)

WAITING, CONFIRMED, DENIED = "waiting", "confirmed", "denied"


def agree_at_once(ctx: Context, opened: OpenAccount, request: Request, ok: OralOk) -> None:
    """Reserve all of a request that was just put, and of its ways: somebody said yes; ask to confirm.

    In the caller's transaction, which holds the account. Raises ``OralNotUsed``, ``NotAnswering`` where
    ``ok`` names nobody who answers for the person now, ``BadOralTime`` for one in the future or older
    than ``CONFIRM_DAYS`` working days, and ``OverFree`` (L3): the person may name fewer minutes.
    """
    if not choices_of(ctx).oral:
        raise OralNotUsed
    answering = posts_answering(ctx, request.person_id, request.section_id)
    if ok.by not in answering:
        raise NotAnswering
    if ok.at > ctx.now:
        raise BadOralTime
    # Longer ago than any run of closed days: its calendar need not be known.
    if ok.at < ctx.now - _LONG_AGO or confirm_by(tokyo_day(ok.at)) < ctx.today:
        raise BadOralTime(BadOralTime.too_old, days=CONFIRM_DAYS, field="oral_day")
    needed = (request.minutes if request.counts else 0) + needed_by(request.ways, State.REQUESTED)
    if needed and needed > opened.free:
        raise OverFree(
            N_("残りは%(free)sです。残りより長い時間は確保できません。短くして入力してください。"),
            free=Minutes(max(opened.free, 0)),
            field="starts" if request.starts_at else "minutes",
        )
    posting = Posting(request, "agreement", reserved=request.minutes)
    changes: dict[str, object] = {
        "state": State.AGREED,
        "agreed_minutes": request.minutes,
        "oral_by": ok.by,
        "oral_at": ok.at,
        "oral_answer": WAITING,
        "oral_answered_by": None,
        "oral_answered_at": None,
    }
    act(ctx, opened, request, changes, posting=posting)
    audit.record(
        ctx, "ledger.note_oral", "ledger_request", request.id, by=ok.by, minutes=request.minutes
    )
    events.tell_agreed(ctx, request)
    tell_oral(ctx, request, answering)


def noted(request: Request) -> OralOk | None:
    """Return the oral OK that a request was put with."""
    return None if request.oral_by_id is None else OralOk(request.oral_by_id, request.oral_at)


def is_unconfirmed(request: Request) -> bool:
    """Tell whether a request rests on an oral OK that nobody confirmed: it waits, or was denied.

    Once its month is closed this stays as it is, and is flagged (rule L1).
    """
    return request.oral_answer in (WAITING, DENIED)


def confirm_by(day: date) -> date:
    """Return the last day for confirming what was noted on a Tokyo day."""
    return working_days_after(day, CONFIRM_DAYS)


def oldest_day(today: date) -> date:
    """Return the first day of which an oral OK can still be noted ``today``."""
    return first_day_within(today, CONFIRM_DAYS)
