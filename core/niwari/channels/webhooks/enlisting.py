"""Which notices go to webhooks: one delivery for each municipality, however many people are told."""

from typing import Any

from peewee import Value

from niwari.channels.models import Webhook, WebhookKind
from niwari.context import Context
from niwari.notices.mail import vetoed
from niwari.notices.models import Delivery, Received
from niwari.notices.outbox import Written

WEBHOOK = "webhook"


def enlist_webhook(ctx: Context, written: Written) -> int:
    """Write the deliveries of a notice to webhooks, in one statement; returns how many.

    Those of the municipalities whose people are told. Most kinds go to none.
    """
    if not written.kind.to_chat:
        return 0
    now = Value(ctx.now, converter=Delivery.due_at.db_value)
    told = Received.select(Received.municipality).where(Received.notice == written.id).distinct()
    wanted: Any = (
        Webhook.select(Value(WEBHOOK), Value(written.id), Webhook.municipality, now, now)
        .join(WebhookKind)
        .where(
            (WebhookKind.kind == written.kind.code)
            & Webhook.is_active
            & Webhook.municipality.in_(told)
            & ~vetoed(Webhook.municipality, written.kind, WEBHOOK)
        )
    )
    columns = [
        Delivery.channel,
        Delivery.notice,
        Delivery.municipality,
        Delivery.since,
        Delivery.due_at,
    ]
    written_rows: int = Delivery.insert_from(wanted, columns).as_rowcount().execute()
    return written_rows
