"""Telling people what becomes of standing agreements."""

from niwari.context import Context
from niwari.ledger.deciding.approvers import posts_answering
from niwari.ledger.models import Request, Standing
from niwari.ledger.telling import activity_said
from niwari.ledger.words import STATE_LABELS
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label, NoticeKind

STANDING_WAITS = NoticeKind(
    "ledger.standing_waits",
    Label(
        "了承を待つ包括了承の申込みが届いたとき（所属長と代決者）",
        "When a standing agreement waits for your OK (for heads and their stand-ins)",
    ),
    Label(
        "「%(activity)s」の包括了承の申込みが、あなたの了承を待っています。",
        "A standing agreement (%(activity)s) waits for your OK.",
    ),
    ("activity",),
    endpoint="ledger.approvals",
)
STANDING_DECIDED = NoticeKind(
    "ledger.standing_decided",
    Label(
        "自分の包括了承に答えがあったとき、取りやめになったとき",
        "When your standing agreement is answered or called off",
    ),
    Label(
        "「%(activity)s」の包括了承に、答えがありました（%(answer)s）。",
        "Your standing agreement (%(activity)s) is answered: %(answer)s.",
    ),
    ("activity", "answer"),
    discreet=True,
    endpoint="ledger.standing_list",
)
STANDING_SUSPENDED = NoticeKind(
    "ledger.standing_suspended",
    Label(
        "残りが足りず、包括了承の予定が停止されたとき（本人と所属長）",
        "When time of a standing agreement is suspended, as too little is left (person and head)",
    ),
    Label(
        "%(month)s月の残りが足りないため、包括了承による「%(activity)s」の予定（%(day)s日）を停止しました。",
        "Too little is left in the month, so the standing time of %(month)s/%(day)s (%(activity)s) "
        "is suspended.",
    ),
    ("month", "day", "activity"),
    discreet=True,
    endpoint="ledger.month",
)
KINDS = (STANDING_WAITS, STANDING_DECIDED, STANDING_SUSPENDED)


def tell_standing_waits(ctx: Context, standing: Standing) -> None:
    """Tell in the caller's transaction the head, and whoever stands in now, that it waits."""
    posts = posts_answering(ctx, standing.person_id, standing.section_id)
    notify(ctx, STANDING_WAITS.code, posts, activity=activity_said(standing))


def tell_standing_decided(ctx: Context, standing: Standing) -> None:
    """Tell in the caller's transaction the person what was answered, or that it was called off."""
    notify(
        ctx,
        STANDING_DECIDED.code,
        [standing.appointment_id],
        activity=activity_said(standing),
        answer=STATE_LABELS[standing.state],
    )


def tell_suspended(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction both the person and the head that a time is suspended (L12)."""
    posts = posts_answering(ctx, request.person_id, request.section_id)
    day = request.work_date
    notify(
        ctx,
        STANDING_SUSPENDED.code,
        [request.appointment_id, *posts],
        month=day.month,
        day=day.day,
        activity=activity_said(request),
    )
