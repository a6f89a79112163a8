"""Standing agreements (包括了承, rule L12)."""

from typing import Any

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality, Person, Section


class Standing(Model):
    """An agreement for a series of days, or for minutes of each period without dates.

    ``kind`` is dated or allowance. A dated one has its ``rule``, as ``niwari.dates.recurrence`` writes
    it, and from ``starts`` to ``ends``, minutes of the Tokyo day, or ``minutes`` alone; of an allowance
    ``minutes`` are those of each period. It ends with ``last_day``, on 31 March at the latest.
    What it reserves are its occurrences, ``Request`` rows. ``state`` is one of the states of a request:
    requested, agreed, returned, declined, withdrawn or revoked. ``left_out`` is what could not be held
    when it was agreed to, as ``niwari.ledger.standing.keeping`` writes it. The other columns are as in
    ``Request``.
    """

    appointment: Any = ForeignKeyField(Appointment, backref="+", index=False)
    appointment_id: int
    person: Any = ForeignKeyField(Person, backref="standing_agreements", index=False)
    person_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    section: Any = ForeignKeyField(Section, backref="+", index=False)
    section_id: int
    occurrences: Any  # the requests, by Request.standing's backref
    activity: Any = CharField(max_length=60)
    counts: Any = BooleanField(default=True)
    discreet: Any = BooleanField(default=False)
    purpose: Any = TextField()
    place: Any = CharField(max_length=30)
    kind: Any = CharField(max_length=10)
    rule: Any = TextField(default="")
    starts: Any = IntegerField(null=True)
    ends: Any = IntegerField(null=True)
    minutes: Any = IntegerField()
    first_day: Any = DateField()
    last_day: Any = DateField()
    state: Any = CharField(max_length=20)
    requested_at: Any = InstantField()
    form_key: Any = CharField(max_length=36)
    source_kind: Any = CharField(max_length=80, null=True)
    source_id: Any = IntegerField(null=True)
    decided_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    decided_by_id: int | None
    on_behalf_of: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    on_behalf_of_id: int | None
    decided_at: Any = InstantField(null=True)
    decision_note: Any = TextField(default="")
    decision_key: Any = CharField(max_length=36, null=True)
    ended_at: Any = InstantField(null=True)
    ended_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    ended_by_id: int | None
    ended_reason: Any = TextField(default="")
    left_out: Any = TextField(default="", constraints=[SQL("DEFAULT ''")])
    reminded: Any = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])

    class Meta:
        table_name = "ledger_standing"
        indexes = (
            (("person", "form_key"), True),
            (("person", "last_day"), False),
            (("municipality", "state", "section"), False),
        )
        constraints = [
            Check("kind IN ('dated', 'allowance')", name="ledger_standing_kind"),
            Check("minutes > 0", name="ledger_standing_minutes"),
            Check("last_day >= first_day", name="ledger_standing_days"),
        ]
