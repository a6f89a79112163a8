"""Notices: what was told to whom, how people want to be told, and what is still to be delivered."""

from typing import Any

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality, Person

PENDING, SENT, DROPPED, DEAD = "pending", "sent", "dropped", "dead"


class Notice(Model):
    """Something that people are told of: the code of its kind, plain values, and what it is about.

    ``plugin`` is whose kind it is. ``about_kind`` is empty where it is about no row. ``data`` is JSON
    of plain values for the sentence.
    """

    id: Any = BigAutoField()
    plugin: Any = CharField(max_length=30)
    kind: Any = CharField(max_length=60)
    about_kind: Any = CharField(max_length=60, default="", constraints=[SQL("DEFAULT ''")])
    about_id: Any = IntegerField(null=True)
    data: Any = TextField(default="{}", constraints=[SQL("DEFAULT '{}'")])
    at: Any = InstantField()

    class Meta:
        table_name = "notices_notice"
        indexes = ((("about_kind", "about_id", "id"), False), (("at",), False))


class Received(Model):
    """A notice in the inbox of one person, in one post.

    ``digest_on`` is the Tokyo day whose one mail tells of it, where the person wants one a day.
    """

    id: Any = BigAutoField()
    notice: Any = ForeignKeyField(Notice, backref="+", on_delete="CASCADE")
    notice_id: int
    person: Any = ForeignKeyField(Person, backref="+", index=False)
    appointment: Any = ForeignKeyField(Appointment, backref="+", index=False)
    appointment_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    plugin: Any = CharField(max_length=30)
    digest_on: Any = DateField(null=True)
    read_at: Any = InstantField(null=True)

    class Meta:
        table_name = "notices_received"
        indexes = (
            (("person", "id"), False),
            (("person", "read_at", "id"), False),
            (("appointment", "digest_on"), False),
            (("digest_on",), False),
            (("read_at",), False),
        )


class Hidden(Model):
    """A notice for the hidden author of a row, and nobody.

    ``envelope`` is empty where the row's own is read from it, and else until something is delivered;
    ``sealed_for`` is the value of the row for which it was sealed. ``municipality`` owns the row. It
    is shown from ``shown_at`` on, a full quarter of an hour.
    """

    id: Any = BigAutoField()
    notice: Any = ForeignKeyField(Notice, backref="+", on_delete="CASCADE")
    notice_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    envelope: Any = TextField()
    sealed_for: Any = CharField(max_length=60)
    shown_at: Any = InstantField()

    class Meta:
        table_name = "notices_hidden"


class Choice(Model):
    """How one person wants to be told of one kind; no row: as the kind is declared."""

    person: Any = ForeignKeyField(Person, backref="+", index=False)
    kind: Any = CharField(max_length=60)
    mode: Any = CharField(max_length=10)

    class Meta:
        table_name = "notices_choice"
        indexes = ((("person", "kind"), True),)
        constraints = [
            Check("mode IN ('at_once', 'daily', 'inbox', 'off')", name="notices_choice_mode")
        ]


class Veto(Model):
    """That a municipality does not use a channel for a kind, or for all where ``kind`` is empty."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    channel: Any = CharField(max_length=20)
    kind: Any = CharField(max_length=60, default="", constraints=[SQL("DEFAULT ''")])
    changed_at: Any = InstantField()
    changed_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)

    class Meta:
        table_name = "notices_veto"
        indexes = ((("municipality", "channel", "kind"), True),)


class Delivery(Model):
    """What is to leave by one channel, once.

    It is about a notice that somebody ``received``, a ``hidden`` one, a day's mail of an
    ``appointment`` (``digest_on``), or a ``notice`` for the municipality as a whole. ``pending``
    waits for ``due_at``; ``sent``, ``dropped`` (nobody is to be told any more) and ``dead`` are ends.
    While somebody is at it, ``lease`` is theirs and ``due_at`` when others may take it up. With
    ``is_put_off`` it waits because the channel was down. ``what`` is the last failure as a code, never
    what a server said; ``failing_since`` is the instant of the first one, null before it.
    """

    id: Any = BigAutoField()
    channel: Any = CharField(max_length=20)
    notice: Any = ForeignKeyField(Notice, null=True, backref="+", on_delete="CASCADE")
    notice_id: int | None
    received: Any = ForeignKeyField(Received, null=True, backref="+", on_delete="CASCADE")
    received_id: int | None
    hidden: Any = ForeignKeyField(Hidden, null=True, backref="+", on_delete="CASCADE")
    hidden_id: int | None
    appointment: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    appointment_id: int | None
    digest_on: Any = DateField(null=True)
    municipality: Any = ForeignKeyField(Municipality, null=True, backref="+", index=False)
    municipality_id: int | None
    state: Any = CharField(max_length=10, default=PENDING, constraints=[SQL("DEFAULT 'pending'")])
    attempts: Any = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    since: Any = InstantField()
    due_at: Any = InstantField()
    lease: Any = CharField(max_length=32, default="", constraints=[SQL("DEFAULT ''")])
    is_put_off: Any = BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])
    ended_at: Any = InstantField(null=True)
    what: Any = CharField(max_length=40, default="", constraints=[SQL("DEFAULT ''")])
    failing_since: Any = InstantField(null=True)

    class Meta:
        table_name = "notices_delivery"
        indexes = (
            (("state", "channel", "due_at", "id"), False),
            (("state", "ended_at"), False),
            (("municipality", "state", "id"), False),
            (("appointment", "channel", "digest_on"), True),
        )
        constraints = [
            Check("state IN ('pending', 'sent', 'dropped', 'dead')", name="notices_delivery_state"),
        ]


class Bookmark(Model):
    """How far work has come that goes through the notices bit by bit, by its name.

    ``digests`` is the last day whose mails were made, as its ordinal; ``purging`` an id of a notice.
    """

    name: Any = CharField(max_length=20, unique=True)
    reached: Any = BigIntegerField(default=0, constraints=[SQL("DEFAULT 0")])

    class Meta:
        table_name = "notices_bookmark"


MODELS = (Notice, Received, Hidden, Choice, Veto, Delivery, Bookmark)
