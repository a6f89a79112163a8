"""The knocks at the neighbour's door."""

from typing import Any

from peewee import ForeignKeyField

from niwari.api import Appointment, InstantField, Model


class Knock(Model):
    """Who knocked when."""

    appointment: Any = ForeignKeyField(Appointment, backref="+")
    at: Any = InstantField()

    class Meta:
        table_name = "neighbour_knock"
