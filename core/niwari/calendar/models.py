"""Addresses under which calendar programs fetch a person's own calendar."""

from typing import Any

from peewee import CharField, ForeignKeyField

from niwari.db import InstantField, Model
from niwari.directory.models import Municipality, Person


class Feed(Model):
    """The one address of a person in a municipality; ``token_hash`` is that of its secret part.

    ``issuer`` is the provider by whose word it was made, empty for none. ``read_at`` is when a
    program last fetched it, up to an hour late.
    """

    person: Any = ForeignKeyField(Person, backref="+")
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    token_hash: Any = CharField(max_length=64, unique=True)
    locale: Any = CharField(max_length=2)
    issuer: Any = CharField(max_length=200)
    made_at: Any = InstantField()
    read_at: Any = InstantField(null=True)

    class Meta:
        table_name = "calendar_feed"
        indexes = ((("municipality", "person"), True),)


MODELS = (Feed,)
