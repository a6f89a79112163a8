"""What HR and heads arrange: freezes, weeks to avoid, legal bases, the kind of period."""

from typing import Any

from peewee import CharField, Check, DateField, ForeignKeyField, TextField

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality, Section

BASES = ("duty", "duty_order", "training", "exemption", "business_trip", "dispatch")
"""Legal bases of a class of activity; the first holds where HR said nothing."""


class Freeze(Model):
    """A disaster freeze of a municipality from ``from_at`` on, until it is lifted (rule L13)."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    from_at: Any = InstantField()
    reason: Any = TextField()
    set_at: Any = InstantField()
    set_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    lifted_at: Any = InstantField(null=True)
    lifted_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)

    class Meta:
        table_name = "ledger_freeze"
        indexes = ((("municipality", "lifted_at"), False),)


class Avoidance(Model):
    """Days that a section asks its people to avoid: 議会, 予算, 申告. Both days are included."""

    section: Any = ForeignKeyField(Section, backref="+", index=False)
    section_id: int
    first_day: Any = DateField()
    last_day: Any = DateField()
    reason: Any = TextField()
    set_at: Any = InstantField()
    set_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    ended_at: Any = InstantField(null=True)

    class Meta:
        table_name = "ledger_avoidance"
        indexes = ((("section", "last_day"), False),)
        constraints = [Check("last_day >= first_day", name="ledger_avoidance_days")]


class Basis(Model):
    """On which legal basis a class of activity is done in a municipality, from ``starts_on`` on."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    activity: Any = CharField(max_length=60)
    basis: Any = CharField(max_length=20)
    order_number: Any = CharField(max_length=100, default="")
    starts_on: Any = DateField()
    set_at: Any = InstantField()
    set_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)

    class Meta:
        table_name = "ledger_basis"
        indexes = ((("municipality", "activity", "starts_on"), True),)
        constraints = [
            Check(
                f"basis IN ({', '.join(repr(basis) for basis in BASES)})", name="ledger_basis_basis"
            )
        ]


class PeriodChoice(Model):
    """The kind of period of a municipality from the Tokyo day ``starts_on`` on, a 1 April (L23)."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    starts_on: Any = DateField()
    kind: Any = CharField(max_length=12)
    set_at: Any = InstantField()
    set_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)

    class Meta:
        table_name = "ledger_period_choice"
        indexes = ((("municipality", "starts_on"), True),)
