"""Single days off the pattern, as they are stored."""

from typing import Any

from peewee import DateField, ForeignKeyField, TextField

from niwari.db import Model
from niwari.directory.models import Person


class RosterRow(Model):
    """What a person works on one Tokyo day, in place of the pattern; empty ``hours`` are a day off.

    ``hours`` is what ``format_hours`` writes.
    """

    person: Any = ForeignKeyField(Person, backref="+", index=False)
    person_id: int
    day: Any = DateField()
    hours: Any = TextField()

    class Meta:
        table_name = "ledger_roster"
        indexes = ((("person", "day"), True),)
