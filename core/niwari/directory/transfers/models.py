"""Sealed files of transfers."""

from typing import Any

from peewee import CharField, Check, ForeignKeyField, IntegerField, TextField

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality

SEALED, STUCK, RELEASED, WITHDRAWN = "sealed", "stuck", "released", "withdrawn"
OPEN = (SEALED, STUCK)
"""The states in which there is still a file."""

DRAFT = "transfers"
"""The kind of import draft that is a file of transfers on its way to be sealed."""

REFUSED, UNREADABLE, FAILED = "refused", "unreadable", "failed"
"""Why one is stuck: lines that cannot be imported any more, a seal that does not open, an error."""


class SealedTransfer(Model):
    """A file of transfers, sealed until the instant ``release_at``.

    ``name`` and ``content`` are sealed, and empty once it was released or withdrawn. ``reason`` says
    why it is stuck. ``added``, ``changed`` and ``ended`` are counted by the release. Nothing else of
    the file is in the row.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    kept_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    kept_by_id: int
    kept_at: Any = InstantField()
    release_at: Any = InstantField()
    state: Any = CharField(max_length=10)
    reason: Any = CharField(max_length=10, default="")
    name: Any = TextField(default="")
    content: Any = TextField(default="")
    closed_at: Any = InstantField(null=True)
    added: Any = IntegerField(null=True)
    changed: Any = IntegerField(null=True)
    ended: Any = IntegerField(null=True)

    class Meta:
        table_name = "directory_sealed_transfer"
        indexes = ((("municipality", "state", "id"), False), (("state", "release_at"), False))
        constraints = [
            Check(
                "state IN ('sealed', 'stuck') OR (state IN ('released', 'withdrawn') "
                "AND name = '' AND content = '')",
                name="directory_sealed_transfer_erased",
            ),
            Check(
                "(state = 'released') = (added IS NOT NULL)",
                name="directory_sealed_transfer_counted",
            ),
        ]
