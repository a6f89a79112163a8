"""What is kept: experiences, who found one helpful, and which rules a municipality has confirmed.

Nothing of what is typed to work dates out is here, nor anywhere else.
"""

from typing import Any

from peewee import CharField, ForeignKeyField

from niwari.api import Appointment, InstantField, Model, Municipality


class Confirmation(Model):
    """HR says that a version of a pack is what the municipality's own rules say.

    ``fingerprint`` is that of the version as it was read: one that was changed since is not
    confirmed. ``confirmed_by`` is null where that person's data were erased.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", unique=True)
    pack: Any = CharField(max_length=60)
    version: Any = CharField(max_length=60)
    fingerprint: Any = CharField(max_length=64)
    confirmed_by: Any = ForeignKeyField(Appointment, backref="+", null=True)
    confirmed_at: Any = InstantField()

    class Meta:
        table_name = "leave_cafe_confirmation"


MODELS = (Confirmation,)
