"""Notes, what is said of them, how many were written, and what they invite to."""

from typing import Any

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, TextField

from niwari.api import Appointment, InstantField, Model, Municipality, Shared


class Note(Shared):
    """A note; ``form_key`` is that of the form that was sent, so that sent twice it is one note."""

    author: Any = ForeignKeyField(Appointment, backref="+")
    title: Any = CharField(max_length=80)
    body: Any = TextField(default="")
    written_at: Any = InstantField()
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "dummy_note"
        indexes = ((("region_id", "audience", "id"), False), (("municipality", "id"), False))


class Reply(Model):
    """What somebody says to a note."""

    note: Any = ForeignKeyField(Note, backref="+", index=False)
    author: Any = ForeignKeyField(Appointment, backref="+")
    body: Any = TextField()
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "dummy_reply"
        indexes = ((("note", "id"), False),)


class Tally(Model):
    """How many notes a municipality's people have written since the plugin was switched on."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", unique=True)
    notes: Any = IntegerField(default=0)
    greeted: Any = IntegerField(default=0)

    class Meta:
        table_name = "dummy_tally"


class Invitation(Model):
    """When and where people meet about a note, or at no time; ``seats`` in all."""

    note: Any = ForeignKeyField(Note, backref="+", unique=True, on_delete="CASCADE")
    verb: Any = CharField(max_length=10)
    modes: Any = CharField(max_length=20)
    place: Any = CharField(max_length=80)
    starts_at: Any = InstantField(index=True, null=True)
    ends_at: Any = InstantField(null=True)
    minutes: Any = IntegerField()
    seats: Any = IntegerField()

    class Meta:
        table_name = "dummy_invitation"


class Seat(Model):
    """A seat that a person holds by a request, ``is_fixed`` once the own head has agreed to it."""

    note: Any = ForeignKeyField(Note, backref="+", index=False, on_delete="CASCADE")
    holder: Any = ForeignKeyField(Appointment, backref="+")
    mode: Any = CharField(max_length=10)
    request_id: Any = IntegerField(null=True, unique=True)
    is_fixed: Any = BooleanField(default=False)

    class Meta:
        table_name = "dummy_seat"
        indexes = ((("note", "holder"), True),)


MODELS = (Note, Reply, Tally, Invitation, Seat)
