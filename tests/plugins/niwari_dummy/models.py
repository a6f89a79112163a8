"""Notes, what is said of them, and how many were written."""

from typing import Any

from peewee import CharField, ForeignKeyField, IntegerField, TextField

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


MODELS = (Note, Reply, Tally)
