"""What can be lent."""

from typing import Any

from peewee import CharField, ForeignKeyField

from niwari.api import Appointment, InstantField, Model, Municipality


class Item(Model):
    """Something that can be borrowed within its municipality."""

    municipality: Any = ForeignKeyField(Municipality, backref="+")
    lender: Any = ForeignKeyField(Appointment, backref="+")
    name: Any = CharField(max_length=60)
    offered_at: Any = InstantField()

    class Meta:
        table_name = "lending_item"


MODELS = (Item,)
