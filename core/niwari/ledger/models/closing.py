"""Closed periods, what arrives for them later, and corrections (rules L6, L7, L17)."""

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

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality
from niwari.ledger.models.accounts import Account, JournalEntry
from niwari.ledger.models.requests import Request


class Closing(Model):
    """That a period of a municipality was closed, once; by the job where nobody is named.

    ``people`` is whose accounts were closed, ``lapsed`` how many requests ended without a record.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    starts_on: Any = DateField()
    ends_on: Any = DateField()
    closed_at: Any = InstantField()
    closed_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    people: Any = IntegerField(default=0)
    lapsed: Any = IntegerField(default=0)

    class Meta:
        table_name = "ledger_closing"
        indexes = ((("municipality", "starts_on", "ends_on"), True),)


class LateBase(Model):
    """That leave or hours arrived late: ``base`` is what a closed account's would be now (L7).

    The account's own stays. HR sees it until it is ``settled_at``.
    """

    account: Any = ForeignKeyField(Account, backref="+", unique=True)
    base: Any = IntegerField()
    noted_at: Any = InstantField()
    settled_at: Any = InstantField(null=True)
    settled_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)

    class Meta:
        table_name = "ledger_late_base"


class Correction(Model):
    """That a record is to be, or was, another number of minutes; 0 takes it back whole.

    ``state`` is asked, posted, refused or withdrawn. Before the period closes the person's word is
    enough; afterwards HR decides (L7). ``original`` is the record that it is about, ``entry`` the
    first row that it was posted with: the reversal, or the new record of one taken back before.
    """

    request: Any = ForeignKeyField(Request, backref="corrections")
    request_id: int
    former: Any = IntegerField()
    minutes: Any = IntegerField()
    reason: Any = TextField()
    state: Any = CharField(max_length=10)
    after_closing: Any = BooleanField()
    form_key: Any = CharField(max_length=36)
    asked_at: Any = InstantField()
    asked_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    decided_at: Any = InstantField(null=True)
    decided_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    decided_by_id: int | None
    decision_note: Any = TextField(default="")
    entry: Any = ForeignKeyField(JournalEntry, null=True, backref="+")
    entry_id: int | None
    original: Any = ForeignKeyField(JournalEntry, null=True, backref="+")
    original_id: int | None

    class Meta:
        table_name = "ledger_correction"
        indexes = ((("request", "form_key"), True), (("state", "request"), False))
        constraints = [
            Check(
                "state IN ('asked', 'posted', 'refused', 'withdrawn')",
                name="ledger_correction_state",
            ),
            Check("minutes >= 0", name="ledger_correction_minutes"),
        ]


class Supplement(Model):
    """The minutes of a record beyond what was agreed to, within the tolerance (rule L17).

    They count at once; refused, the ``entry`` that posted them is reversed, and they are private time.
    ``state`` is pending, accepted or refused; ``decided_by`` is who answered, ``on_behalf_of`` the head
    in whose place, ``reviewed_at`` when that head saw it, ``decision_key`` makes a double click one
    answer. ``taken_back_at`` is when a correction of the record took the whole of it back.
    """

    request: Any = ForeignKeyField(Request, backref="+")
    request_id: int
    minutes: Any = IntegerField()
    state: Any = CharField(max_length=10)
    entry: Any = ForeignKeyField(JournalEntry, backref="+", unique=True)
    entry_id: int
    asked_at: Any = InstantField()
    decided_at: Any = InstantField(null=True)
    decided_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    decided_by_id: int | None
    on_behalf_of: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    on_behalf_of_id: int | None
    decision_key: Any = CharField(max_length=36, null=True)
    decision_note: Any = TextField(default="")
    reviewed_at: Any = InstantField(null=True)
    taken_back_at: Any = InstantField(null=True)

    class Meta:
        table_name = "ledger_supplement"
        indexes = ((("state", "request"), False), (("on_behalf_of", "decided_at"), False))
        constraints = [
            Check("state IN ('pending', 'accepted', 'refused')", name="ledger_supplement_state"),
            Check("minutes > 0", name="ledger_supplement_minutes"),
        ]
