"""Telling those who may be the second official that a proposal waits for one."""

from niwari.context import Context
from niwari.directory.models import Appointment
from niwari.identity.roles.holders import posts_who_may
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label, NoticeKind

PERMISSION = "ledger.dispose"

WAITS = NoticeKind(
    "ledger.disposal_waits",
    Label(
        "台帳の廃棄の提案が承認を待っているとき（人事担当）",
        "When a proposal to dispose of a ledger waits (for HR)",
    ),
    Label(
        "%(year)s年度の台帳の廃棄が提案されました。7日以内に、「台帳の廃棄」で確かめて、承認するか取り下げてください。",
        "It is proposed to dispose of the ledger for fiscal %(year)s. Please agree to it or withdraw it "
        "within seven days, on “Disposal”.",
    ),
    ("year",),
    endpoint="ledger.disposals",
)
KINDS = (WAITS,)


def tell_waiting(ctx: Context, year: int) -> None:
    """Tell in the caller's transaction who may agree to it: all of the town but whoever proposes."""
    posts = posts_who_may(ctx, PERMISSION)
    notify(ctx, WAITS.code, posts.where(Appointment.person != ctx.person_id), year=year)
