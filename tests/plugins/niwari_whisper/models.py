"""Whispers."""

from typing import Any

from peewee import TextField

from niwari.api import Shared


class Whisper(Shared):
    """What somebody wrote without a name; ``key`` is what its ``envelope`` was sealed for.

    Both are empty where the author is not hidden, or was erased.
    """

    text: Any = TextField()
    key: Any = TextField(default="")
    envelope: Any = TextField(default="")

    class Meta:
        table_name = "whisper_whisper"
        indexes = ((("region_id", "audience", "id"), False),)
