"""Where a municipality lets notices go besides to people: one webhook."""

from typing import Any

from peewee import BooleanField, CharField, Check, ForeignKeyField, TextField

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality

JSON, SLACK, TEAMS = "json", "slack", "teams"
SHAPES = (JSON, SLACK, TEAMS)


class Webhook(Model):
    """The address of one municipality to which notices of chosen kinds are sent.

    The address is sealed, as it is often the password too; ``host`` is what may be shown of it.
    ``secret`` is sealed or empty: with it each body is signed. ``shape`` is who reads it.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", unique=True)
    municipality_id: int
    address: Any = TextField()
    host: Any = CharField(max_length=255)
    shape: Any = CharField(max_length=10)
    secret: Any = TextField(default="")
    is_active: Any = BooleanField(default=True)
    changed_at: Any = InstantField()
    changed_by: Any = ForeignKeyField(Appointment, backref="+", index=False)

    class Meta:
        table_name = "channels_webhook"
        constraints = [Check("shape IN ('json', 'slack', 'teams')", name="channels_webhook_shape")]


class WebhookKind(Model):
    """A kind of notices that a webhook gets."""

    webhook: Any = ForeignKeyField(Webhook, backref="+", index=False, on_delete="CASCADE")
    kind: Any = CharField(max_length=60)

    class Meta:
        table_name = "channels_webhook_kind"
        indexes = ((("webhook", "kind"), True),)


MODELS = (Webhook, WebhookKind)
