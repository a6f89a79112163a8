"""Whispers, and what others say to them."""

from typing import Any

from peewee import ForeignKeyField, TextField

from niwari.api import HidesAuthor, Municipality, Shared


class Whisper(Shared, HidesAuthor):
    """What somebody wrote, with a name or without."""

    text: Any = TextField()

    class Meta:
        table_name = "whisper_whisper"
        indexes = ((("region_id", "audience", "id"), False),)


class Echo(HidesAuthor):
    """What somebody said below a whisper, with a name or without."""

    whisper: Any = ForeignKeyField(Whisper, backref="+")
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    text: Any = TextField()

    class Meta:
        table_name = "whisper_echo"
