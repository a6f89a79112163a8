"""What municipal IT was told of and lasts."""

from typing import Any

from peewee import CharField, IntegerField

from niwari.db import InstantField, Model

DARK, JOB, CHAT = "dark", "job", "chat"


class Trouble(Model):
    """Something that does not work in a municipality, and of which its IT was told.

    ``what`` is ``dark`` (a part of the plugin ``name``), ``job`` (the job ``name``) or ``chat``, whose
    ``name`` is empty. ``seen_at`` is when it was last found: the row goes a day after that.
    """

    municipality_id: Any = IntegerField()
    what: Any = CharField(max_length=10)
    name: Any = CharField(max_length=60)
    seen_at: Any = InstantField()

    class Meta:
        table_name = "admin_trouble"
        indexes = ((("municipality_id", "what", "name"), True),)


MODELS = (Trouble,)
