"""Attachments: a row for each file, which says whose it is and where its bytes lie."""

from typing import Any, Final

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField

from niwari.db import IdField, Model
from niwari.directory.models import Appointment, Municipality

DRAFT: Final = "draft"
KEPT: Final = "kept"
REMOVED: Final = "removed"
STATES: Final = (DRAFT, KEPT, REMOVED)


class Attachment(Model):
    """A file that was checked and stored; its bytes lie in the storage under ``file``.

    A draft was sent with a form that is not done yet: it has no row, and ``holder`` is a keyed name
    of whoever sent it and of their form. A kept one belongs to the row (``kind``, ``row_id``) of the
    municipality. A removed one says nothing any more, and goes with its bytes at the next sweep.

    ``size`` are the bytes of the file, ``stored`` those of its thumbnails too. ``thumbs`` are the
    widths of these, in pixels. ``added_on`` is a day in Tokyo and no time, and ``added_by`` is empty
    where the author of the row is hidden.
    """

    # Never handed out twice: an address that somebody kept must not lead to another file.
    id: Any = IdField()
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    kind: Any = CharField(max_length=80, default="")
    row_id: Any = IntegerField(null=True)
    position: Any = IntegerField(default=0)
    state: Any = CharField(max_length=10)
    holder: Any = CharField(max_length=64, null=True, index=True)
    file: Any = CharField(max_length=32, unique=True)
    name: Any = CharField(max_length=100)
    media_type: Any = CharField(max_length=100)
    size: Any = IntegerField()
    stored: Any = IntegerField()
    sha256: Any = CharField(max_length=64)
    alt: Any = CharField(max_length=200, default="")
    width: Any = IntegerField(null=True)
    height: Any = IntegerField(null=True)
    thumbs: Any = CharField(max_length=20, default="")
    added_on: Any = DateField()
    added_by: Any = ForeignKeyField(Appointment, backref="+", null=True)

    class Meta:
        table_name = "files_attachment"
        indexes = (
            (("kind", "row_id", "position"), False),
            (("municipality", "stored"), False),
            (("state", "added_on"), False),
        )
        constraints = [
            Check(f"state IN {STATES}", name="files_attachment_state"),
            Check("state <> 'kept' OR row_id IS NOT NULL", name="files_attachment_row"),
        ]


MODELS = (Attachment,)
