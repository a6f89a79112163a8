"""Drafts of texts that somebody has not sent yet."""

from typing import Any

from peewee import CharField, DateField, ForeignKeyField, TextField

from niwari.db import Model
from niwari.directory.models import Person


class Draft(Model):
    """What a person has typed into one form so far.

    ``name`` tells without the key of the installation neither the form nor the row that it is
    about, and ``sealed`` neither words nor time: it may become a text whose author is hidden.
    ``day`` is the Tokyo day of the last change.
    """

    person: Any = ForeignKeyField(Person, backref="+", index=False)
    name: Any = CharField(max_length=64)
    sealed: Any = TextField()
    day: Any = DateField(index=True)

    class Meta:
        table_name = "writing_draft"
        indexes = ((("person", "name"), True),)


MODELS = (Draft,)
