"""Files that somebody looked at and has not imported yet; kept sealed, for a day at the most."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import CharField, ForeignKeyField, TextField

from niwari.context import Context
from niwari.db import InstantField, Model, locked, rows, transaction
from niwari.directory.models import Appointment, Municipality
from niwari.directory.padding import open_padded, seal_padded
from niwari.errors import N_, NotFound
from niwari.keyring import SealError

KEPT_FOR = timedelta(days=1)
MOST_KEPT = 5
"""Files that one post keeps at a time; one more takes the place of the oldest."""
LARGEST_FILE = 10 * 2**20
"""Bytes of a file that is sent from a page; larger ones are imported by the command."""

FILE_BLOCK = 256 * 2**10
"""Bytes by which a sealed file's length grows: what a town sends in a year looks alike."""


class ImportDraft(Model):
    """A file between its preview and its import; ``sealed`` holds its name and its bytes."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    by: Any = ForeignKeyField(Appointment, backref="+")
    by_id: int
    kind: Any = CharField(max_length=30)
    sealed: Any = TextField()
    made_at: Any = InstantField(index=True)

    class Meta:
        table_name = "directory_import_draft"


class DraftGone(NotFound):
    """The file was imported or given up, is older than a day or than ``MOST_KEPT``, or is another's."""

    text = N_(
        "このファイルの取込みは、もう終わっているか、"
        "1日を過ぎたか、あとから5つのファイルを選んだため、消えています。"
        "取り込むには、ファイルをもう一度選んでください。"
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A kept file: the ``kind`` of its import, its ``name`` and its bytes."""

    id: int
    kind: str
    name: str
    data: bytes


def keep_draft(ctx: Context, kind: str, name: str, data: bytes) -> int:
    """Keep a file for its preview; returns the draft's id. Those too old or too many are removed."""
    packed = name[:200].replace("\0", "").encode(errors="replace") + b"\0" + zlib.compress(data)
    sealed = seal_padded(_purpose(ctx), packed, FILE_BLOCK)
    with transaction(ctx):
        ImportDraft.delete().where(ImportDraft.made_at < ctx.now - KEPT_FOR).execute()
        _make_room(ctx)
        made: int = ImportDraft.insert(
            municipality=ctx.municipality.id,
            by=ctx.acting.id,
            kind=kind,
            sealed=sealed,
            made_at=ctx.now,
        ).execute()
    return made


def open_draft(ctx: Context, draft_id: int) -> Draft:
    """Return a file that the acting post keeps; raises ``DraftGone``.

    In a transaction it is locked: of two clicks the second one waits, and finds it gone.
    """
    query = ImportDraft.select().where(
        (ImportDraft.id == draft_id)
        & (ImportDraft.municipality == ctx.municipality.id)
        & (ImportDraft.by == ctx.acting.id)
        & (ImportDraft.made_at >= ctx.now - KEPT_FOR)
    )
    with transaction(ctx):
        row = locked(query).first()
    if row is None:
        raise DraftGone
    try:
        name, _, packed = open_padded(_purpose(ctx), row.sealed).partition(b"\0")
    except SealError:
        # The key is gone: the file is with whoever sent it.
        raise DraftGone from None
    return Draft(row.id, row.kind, name.decode(), zlib.decompress(packed))


def remove_draft(ctx: Context, draft_id: int) -> None:
    """Remove a file that the acting post keeps; one that is gone is fine."""
    with transaction(ctx):
        ImportDraft.delete().where(
            (ImportDraft.id == draft_id) & (ImportDraft.by == ctx.acting.id)
        ).execute()


def purge_drafts(now: datetime) -> int:
    """Remove the files that are older than a day at the aware instant ``now``; returns how many."""
    gone: int = ImportDraft.delete().where(ImportDraft.made_at < now - KEPT_FOR).execute()
    return gone


def _make_room(ctx: Context) -> None:
    own = ImportDraft.select(ImportDraft.id).where(ImportDraft.by == ctx.acting.id)
    oldest = [id_ for (id_,) in rows(own.order_by(ImportDraft.id.desc()).offset(MOST_KEPT - 1))]
    if oldest:
        ImportDraft.delete().where(ImportDraft.id.in_(oldest)).execute()


def _purpose(ctx: Context) -> str:
    """Bind a draft to whoever sent it: moved to another's row it does not open."""
    return f"import draft {ctx.municipality.id} {ctx.acting.id}"
