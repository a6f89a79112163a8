"""Telling officials by a notice that an opening waits; nothing links it to a row, nor to its author."""

from collections.abc import Iterable

from niwari.context import Context
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label, NoticeKind
from niwari.vault.officials import NamedOfficial

WAITS = NoticeKind(
    "vault.waits",
    Label(
        "開示の求めが承認を待っているとき（開示担当）",
        "When a request for disclosure waits (for disclosure officers)",
    ),
    Label(
        "書き手の開示の求めが、ほかの開示担当の承認を待っています。"
        "「書き手の開示」を開いて確かめてください。",
        "A request to disclose an author waits for another disclosure officer. "
        "Open “Disclosure of authors”.",
    ),
    discreet=True,
    endpoint="vault.openings",
)
KINDS = (WAITS,)


def tell_waiting(ctx: Context, everybody: Iterable[NamedOfficial]) -> None:
    """Tell in the caller's transaction the officials of the region, but who asks, that one waits."""
    notify(ctx, WAITS.code, [one.appointment_id for one in everybody])
