"""Events that happened, and their deliveries to subscribers."""

from typing import Any

from peewee import SQL, BigAutoField, CharField, Check, ForeignKeyField, IntegerField, TextField

from niwari.db import InstantField, Model

PENDING, DONE, DROPPED, DEAD = "pending", "done", "dropped", "dead"


class Event(Model):
    """Something that happened in a municipality. ``data`` is JSON of plain values: ids, never names."""

    id: Any = BigAutoField()
    name: Any = CharField(max_length=80)
    municipality_id: Any = IntegerField(constraints=[SQL("REFERENCES directory_municipality (id)")])
    at: Any = InstantField()
    data: Any = TextField()
    request_id: Any = CharField(max_length=40, default="")

    class Meta:
        table_name = "events_event"
        indexes = ((("at",), False),)


class Delivery(Model):
    """One event for one subscriber.

    ``pending`` waits for ``due_at``; ``done``, ``dropped`` (the plugin was off) and ``dead`` (it
    failed too often) are ends. ``what`` is the last error's kind and place, never its message.
    """

    id: Any = BigAutoField()
    event: Any = ForeignKeyField(Event, backref="+")
    event_id: int
    plugin: Any = CharField(max_length=30)
    state: Any = CharField(max_length=10, default=PENDING)
    attempts: Any = IntegerField(default=0)
    due_at: Any = InstantField()
    ended_at: Any = InstantField(null=True)
    what: Any = CharField(max_length=200, default="")

    class Meta:
        table_name = "events_delivery"
        indexes = (
            (("state", "plugin", "due_at", "id"), False),
            (("state", "ended_at"), False),
        )
        constraints = [
            Check("state IN ('pending', 'done', 'dropped', 'dead')", name="events_delivery_state")
        ]


MODELS = (Event, Delivery)
