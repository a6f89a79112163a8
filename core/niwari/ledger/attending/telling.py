"""Telling people who was there, and who is absent."""

from niwari.context import Context
from niwari.directory.linking import Ref
from niwari.errors import NotFound
from niwari.ledger.attending.hosting import host_post, joinable_row
from niwari.ledger.deciding.approvers import posts_answering
from niwari.ledger.events import in_town_of
from niwari.ledger.models import Request
from niwari.ledger.telling import said
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label, NoticeKind

ATTENDED = NoticeKind(
    "ledger.attended",
    Label("主催者が自分の出席を確かめたとき", "When a host confirms that you were there"),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の出席を、主催者が確かめました。記録しますか。",
        "It is confirmed that you were there on %(month)s/%(day)s (%(activity)s). Record it?",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.month",
)
MISSED = NoticeKind(
    "ledger.missed",
    Label("主催者が自分を欠席にしたとき", "When a host says that you were absent"),
    Label(
        "主催者が、%(month)s月%(day)s日の「%(activity)s」を欠席にしました。時間は枠に戻りました。"
        "出席していたときは、主催者に伝えてください。",
        "The host says that you were absent on %(month)s/%(day)s (%(activity)s), and the time is yours "
        "again. Tell the host if you were there.",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.month",
)
ABSENT = NoticeKind(
    "ledger.absent",
    Label("職員の予定が欠席になったとき（所属長）", "When somebody is absent (for heads)"),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の予定が、欠席のため取り消されました。",
        "The plan for %(month)s/%(day)s (%(activity)s) is cancelled, as the person is absent.",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.away_month",
)
GUEST_ABSENT = NoticeKind(
    "ledger.guest_absent",
    Label("主催する取組に欠席の連絡があったとき", "When somebody who joined yours is absent"),
    Label(
        "主催する取組に、%(month)s月%(day)s日の欠席の連絡がありました。",
        "Somebody who joined what you host is absent on %(month)s/%(day)s.",
    ),
    ("month", "day"),
)
KINDS = (ATTENDED, MISSED, ABSENT, GUEST_ABSENT)


def tell_attended(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction the person that a record is proposed."""
    notify(ctx, ATTENDED.code, [request.appointment_id], **said(request))


def tell_absent(ctx: Context, request: Request) -> None:
    """Tell in the caller's transaction all others whom an absence concerns: the person where a host
    said so, else the host, and the head in both cases.
    """
    here = in_town_of(ctx, request)
    heads = posts_answering(here, request.person_id, request.section_id)
    notify(here, ABSENT.code, heads, **said(request))
    if request.person_id != ctx.person_id:
        notify(ctx, MISSED.code, [request.appointment_id], **said(request))
    elif request.source_kind is not None:
        _tell_host(ctx, request)


def _tell_host(ctx: Context, request: Request) -> None:
    ref = Ref(request.source_kind, request.source_id)
    try:
        plugin, resource, row = joinable_row(ctx, ref)
    except NotFound:  # gone, or switched off since: nobody hosts it now
        return
    post = host_post(ctx, plugin, resource, row)
    if post is not None:
        day = request.work_date
        notify(ctx, GUEST_ABSENT.code, [post], ref, month=day.month, day=day.day)
