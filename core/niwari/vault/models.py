"""The vault's tables: lockers, what waits, who is paused, who may open an envelope, and which were."""

from typing import Any

from peewee import (
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model, is_postgresql
from niwari.directory.models import Appointment, Municipality, Region

WAITING, DONE, STOPPED = "waiting", "done", "stopped"


class Locker(Model):
    """What one person wrote anonymously: kinds and ids, sealed and padded.

    ``id`` is the keyed name of the person, or chance where the locker is nobody's. Those on one
    ``shelf`` are always sealed anew together, so that none of them shows that it grew. There is no
    column of time and none that refers to anything; on SQLite the rows lie by name, not in the order
    in which they were made.
    """

    id: Any = CharField(max_length=64, primary_key=True)
    shelf: Any = IntegerField(index=True)
    sealed: Any = TextField()

    class Meta:
        table_name = "vault_locker"

    @classmethod
    def create_table(cls, safe: bool = True, **options: Any) -> None:
        """Make the table; SQLite numbers its rows as they come unless it is told not to."""
        cls._meta.without_rowid = not is_postgresql()
        super().create_table(safe, **options)


class Official(Model):
    """Somebody whom a region named, in one post, to ask for openings and to agree to them.

    ``withdrawn_at`` ends it; named again, the row begins anew, and the audit tells the story.
    """

    region: Any = ForeignKeyField(Region, backref="+", index=False)
    region_id: int
    appointment: Any = ForeignKeyField(Appointment, backref="+")
    appointment_id: int
    reason: Any = CharField(max_length=200)
    named_at: Any = InstantField()
    named_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    withdrawn_at: Any = InstantField(null=True)

    class Meta:
        table_name = "vault_official"
        indexes = ((("region", "appointment"), True),)


class OpeningRule(Model):
    """What a region asks of the two officials of an opening; no row: two of two municipalities.

    ``other_towns`` is false where two of one municipality are enough.
    """

    region: Any = ForeignKeyField(Region, backref="+", unique=True)
    other_towns: Any = BooleanField()
    changed_at: Any = InstantField()
    changed_by: Any = ForeignKeyField(Appointment, backref="+", index=False)

    class Meta:
        table_name = "vault_opening_rule"


class Opening(Model):
    """A request of one official to open one envelope, and what became of it.

    The envelope is that of the row ``row_id`` of ``kind``, which ``municipality`` owns. ``asked_by``
    and ``agreed_by`` are the posts of two officials; it is open once ``agreed_at`` is set.
    ``sealed_author`` is the author for these two alone, sealed for this row, and empty again after
    some days. ``form_key`` makes a double click one request. ``asker_issuer`` is the provider whose
    word the asker's session was opened on. ``reason`` is erased with the asker, once that post ended.
    """

    region: Any = ForeignKeyField(Region, backref="+", index=False)
    region_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    kind: Any = CharField(max_length=60)
    row_id: Any = IntegerField()
    reason: Any = TextField()
    form_key: Any = CharField(max_length=36, unique=True)
    asked_at: Any = InstantField()
    asked_by: Any = ForeignKeyField(Appointment, backref="+")
    asked_by_id: int
    asker_issuer: Any = CharField(max_length=200)
    agreed_at: Any = InstantField(null=True, index=True)
    agreed_by: Any = ForeignKeyField(Appointment, null=True, backref="+")
    agreed_by_id: int | None
    sealed_author: Any = TextField(default="")
    asker_saw_at: Any = InstantField(null=True)
    agreer_saw_at: Any = InstantField(null=True)

    class Meta:
        table_name = "vault_opening"
        indexes = ((("region", "id"), False),)
        constraints = [
            Check("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="vault_opening_agreed"),
            Check("agreed_by_id IS NULL OR agreed_by_id <> asked_by_id", name="vault_opening_two"),
        ]


class HiddenAct(Model):
    """What somebody does without their name, until the job of the quarter of an hour has done it.

    ``id`` is the key of the form, which nobody can guess; ``sealed`` is what was written, with the
    names of its files, and ``envelope`` whose it is. Both are empty once it is ``done``: the row then
    only tells that the same form was sent before. ``stopped`` is what could not be done any more, kept
    so that its author reads it. On SQLite the rows lie by ``id``, not in the order of their coming.
    """

    id: Any = CharField(max_length=36, primary_key=True)
    task: Any = CharField(max_length=60)
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    state: Any = CharField(max_length=10, default=WAITING)
    envelope: Any = TextField()
    sealed: Any = TextField()
    due_at: Any = InstantField()
    until: Any = InstantField()

    class Meta:
        table_name = "vault_hidden_act"
        indexes = ((("state", "due_at"), False), (("municipality", "state"), False))
        constraints = [
            Check("state IN ('waiting', 'done', 'stopped')", name="vault_hidden_act_state")
        ]

    @classmethod
    def create_table(cls, safe: bool = True, **options: Any) -> None:
        """Make the table; SQLite numbers its rows as they come unless it is told not to."""
        cls._meta.without_rowid = not is_postgresql()
        super().create_table(safe, **options)


class Pause(Model):
    """Up to which Tokyo day the hidden author of one row writes nothing without a name.

    ``sealed`` is whose it is, sealed for the chance ``id``. On SQLite the rows lie by ``id``, not in
    the order of their coming.
    """

    id: Any = CharField(max_length=36, primary_key=True)
    kind: Any = CharField(max_length=60)
    row_id: Any = IntegerField()
    sealed: Any = TextField()
    last_day: Any = DateField(index=True)

    class Meta:
        table_name = "vault_pause"
        indexes = ((("kind", "row_id"), True),)

    @classmethod
    def create_table(cls, safe: bool = True, **options: Any) -> None:
        """Make the table; SQLite numbers its rows as they come unless it is told not to."""
        cls._meta.without_rowid = not is_postgresql()
        super().create_table(safe, **options)


MODELS = (Locker, Official, OpeningRule, Opening, HiddenAct, Pause)
