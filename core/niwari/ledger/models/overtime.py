"""Overtime as HR's own system counts it, to stand beside the 20% (R-108)."""

from typing import Any

from peewee import Check, DateField, ForeignKeyField, IntegerField

from niwari.db import InstantField, Model
from niwari.directory.models import Municipality, Person


class Overtime(Model):
    """A person's overtime of one month in minutes; ``month`` is its first day."""

    person: Any = ForeignKeyField(Person, backref="+", index=False)
    person_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    month: Any = DateField()
    minutes: Any = IntegerField()
    imported_at: Any = InstantField()

    class Meta:
        table_name = "ledger_overtime"
        indexes = (
            (("person", "municipality", "month"), True),
            (("municipality", "month"), False),
        )
        constraints = [Check("minutes >= 0", name="ledger_overtime_minutes")]
