"""Files that somebody looked at and has not imported yet; kept sealed, for a day at the most."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from peewee import CharField, ForeignKeyField, TextField

from niwari.context import Context
from niwari.db import InstantField, Model, locked, transaction
from niwari.directory.models import Appointment, Municipality
from niwari.errors import N_, NotFound
from niwari.keyring import SealError, keyring

KEPT_FOR = timedelta(days=1)
LARGEST_FILE = 10 * 2**20
"""Bytes of a file that is sent from a page; larger ones are imported by the command."""

_PURPOSE = "import draft"


class ImportDraft(Model):
    """A file between its preview and its import; ``sealed`` holds it, ``digest`` is its SHA-256."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    by: Any = ForeignKeyField(Appointment, backref="+")
    by_id: int
    kind: Any = CharField(max_length=30)
    name: Any = CharField(max_length=200)
    digest: Any = CharField(max_length=64)
    sealed: Any = TextField()
    made_at: Any = InstantField(index=True)

    class Meta:
        table_name = "directory_import_draft"


class DraftGone(NotFound):
    """The file was imported or given up already, or is older than a day, or is somebody else's."""

    text = N_(
        "このファイルの取込みは、もう終わっているか、1日を過ぎて消えています。"
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
    """Keep a file for its preview; returns the draft's id. Those that are too old are removed."""
    sealed = keyring().seal(_PURPOSE, zlib.compress(data))
    with transaction(ctx):
        ImportDraft.delete().where(ImportDraft.made_at < ctx.now - KEPT_FOR).execute()
        made: int = ImportDraft.insert(
            municipality=ctx.municipality.id,
            by=ctx.acting.id,
            kind=kind,
            name=name[:200],
            digest=sha256(data).hexdigest(),
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
        data = zlib.decompress(keyring().open_sealed(_PURPOSE, row.sealed))
    except SealError:
        # The key is gone: the file is with whoever sent it.
        raise DraftGone from None
    return Draft(row.id, row.kind, row.name, data)


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
