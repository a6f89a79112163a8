"""Telling people by notices that a request waits for them, and what became of their own."""

from collections.abc import Collection, Iterable, Mapping

from niwari.context import Context
from niwari.directory.models import Appointment
from niwari.host.running import running
from niwari.ledger.deciding.approvers import posts_answering
from niwari.ledger.models import DISCREET_ACTIVITY, Correction, Request, Standing, State, Supplement
from niwari.ledger.notice_kinds import (
    CORRECTION,
    DECIDED,
    ENTERED,
    LAPSED,
    LET_GO,
    OBJECTED,
    OBJECTED_TO_ASKER,
    OBJECTED_TO_CLERK,
    ORAL,
    ORAL_DENIED,
    REAGREED,
    REMINDER,
    REMINDER_DEPUTY,
    REVOKED,
    TRANSFERRED,
    WAITS,
)
from niwari.ledger.supplement_notices import SUPPLEMENT, SUPPLEMENT_ANSWERED
from niwari.ledger.words import CORRECTION_LABELS, STATE_LABELS, SUPPLEMENT_LABELS
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label

_ASKED, _RECORDED = Label("申込み", "a request"), Label("記録", "a record")
_SHORTENED = Label("短くしました", "shortened")


def tell_waiting(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction the head, and whoever stands in now, that a request waits."""
    posts = posts_answering(ctx, request.person_id, request.section_id)
    notify(ctx, WAITS.code, posts, **said(request))


def tell_decided(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction the person what was answered to a request, as it is now."""
    answer = STATE_LABELS[request.state]
    notify(ctx, DECIDED.code, [request.appointment_id], **said(request), answer=answer)


def tell_lapsed(ctx: Context, month: int, posts_by_count: Mapping[int, Collection[int]]) -> None:
    """Tell in the caller's transaction people how many of their requests ended with a month.

    ``posts_by_count`` are the posts in which they asked, by that number: one notice each.
    """
    for count, posts in sorted(posts_by_count.items()):
        notify(ctx, LAPSED.code, posts, month=month, count=count)


def tell_correction(ctx: Context, request: Request, answered: Correction) -> None:
    """Tell in the caller's transaction the person what HR answered to a correction."""
    answer = CORRECTION_LABELS[answered.state]
    notify(ctx, CORRECTION.code, [request.appointment_id], **said(request), answer=answer)


def tell_entered(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction the person what was entered for them (rule L9)."""
    what = _RECORDED if request.state == State.RECORDED else _ASKED
    notify(ctx, ENTERED.code, [request.appointment_id], **said(request), what=what)


def tell_objected(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction the heads and who entered it that the person objects.

    Who asked for several together need be no clerk, so that is told with the way to the own month.
    """
    heads = posts_answering(ctx, request.person_id, request.section_id)
    notify(ctx, OBJECTED.code, heads, **said(request))
    kind = OBJECTED_TO_CLERK if request.joint_with_id is None else OBJECTED_TO_ASKER
    notify(ctx, kind.code, [request.entered_by_id], **said(request))


def tell_transferred(ctx: Context, post: Appointment, count: int) -> None:
    """Tell in the caller's transaction who answers for ``post`` now that something was brought along."""
    heads = posts_answering(ctx, post.person_id, post.section_id)
    notify(ctx, TRANSFERRED.code, heads, count=count)


def tell_reagreed(ctx: Context, appointment_id: int, count: int) -> None:
    """Tell in the caller's transaction a person that the new head agreed anew."""
    notify(ctx, REAGREED.code, [appointment_id], count=count)


def tell_let_go(ctx: Context, appointment_id: int, count: int) -> None:
    """Tell in the caller's transaction a person what ended in the municipality of ``ctx``."""
    notify(ctx, LET_GO.code, [appointment_id], town=ctx.municipality.name, count=count)


def said(request: Request) -> dict[str, str | int | Label]:
    """Return the values of both sentences; no purpose is said."""
    day = request.work_date
    return {"month": day.month, "day": day.day, "activity": activity_said(request)}


def tell_oral(ctx: Context, request: Request, posts: list[int]) -> None:
    """Ask in the caller's transaction those who answer, by their posts, to confirm an oral OK."""
    notify(ctx, ORAL.code, posts, **said(request))


def tell_oral_denied(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction the person that the oral OK was denied."""
    notify(ctx, ORAL_DENIED.code, [request.appointment_id], **said(request))


def tell_supplement(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction those who answer that more was recorded than agreed to (L17)."""
    posts = posts_answering(ctx, request.person_id, request.section_id)
    notify(ctx, SUPPLEMENT.code, posts, **said(request))


def tell_supplement_answered(ctx: Context, request: Request, answered: Supplement) -> None:
    """Tell in the caller's transaction the person what became of the minutes beyond the agreement."""
    answer = SUPPLEMENT_LABELS[answered.state]
    notify(ctx, SUPPLEMENT_ANSWERED.code, [request.appointment_id], **said(request), answer=answer)


def tell_revoked(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction the person what was called off or shortened, as it is now."""
    answer = STATE_LABELS[State.REVOKED] if request.state == State.REVOKED else _SHORTENED
    notify(ctx, REVOKED.code, [request.appointment_id], **said(request), answer=answer)


def tell_late(ctx: Context, posts: Iterable[int], deputies: bool, *, days: int, count: int) -> int:
    """Remind in the caller's transaction those in ``posts`` of what has waited for ``days`` working days."""
    kind = REMINDER_DEPUTY if deputies else REMINDER
    return notify(ctx, kind.code, posts, days=days, count=count)


def activity_said(asked: Request | Standing) -> str | Label:
    """Return what the class of ``asked`` is called to everybody: a discreet one is 「学び・相談」 (L14)."""
    code = DISCREET_ACTIVITY if asked.discreet else asked.activity
    labels = (
        activity.label
        for plugin in running().host.loaded()
        for activity in plugin.contributions.activities
        if activity.code == code
    )
    return next(labels, str(code))
