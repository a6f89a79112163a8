"""Where the chat of a municipality takes nothing any more, and what its IT is told of it."""

from typing import Any

from niwari.channels.models import Webhook
from niwari.channels.webhooks.enlisting import WEBHOOK
from niwari.notices.models import DEAD, SENT, Delivery
from niwari.specs.contributions import Label, NoticeKind

WEBHOOKS = "channels.webhooks"
"""The permission of those who set up the chat, and who are told."""

REFUSED = NoticeKind(
    "channels.chat_refused",
    Label(
        "庁内のチャットにお知らせが届かなかったとき（情報担当）",
        "When a notice does not reach the town's chat (for municipal IT)",
    ),
    Label(
        "庁内のチャットにお知らせが届きませんでした。「チャットへのお知らせ」で送り先を確かめてください。",
        "A notice did not reach the town's chat. Check where it goes on “Notices to chat”.",
    ),
    endpoint="channels.webhook",
)


def towns_refused() -> Any:
    """Return the query for the municipalities whose chat did not take the latest notice.

    Not those whose address was changed since.
    """
    last = (
        Delivery.select(Delivery.state)
        .where(
            (Delivery.municipality == Webhook.municipality)
            & (Delivery.channel == WEBHOOK)
            & Delivery.state.in_((SENT, DEAD))
            & (Delivery.ended_at > Webhook.changed_at)
        )
        .order_by(Delivery.ended_at.desc(), Delivery.id.desc())
        .limit(1)
    )
    return Webhook.select(Webhook.municipality).where(Webhook.is_active & (last == DEAD))
