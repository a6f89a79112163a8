"""Attaching files to rows, listing them, giving them to whom the row is shown, and removing them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, BinaryIO

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import database, locked
from niwari.directory.audience import visible
from niwari.directory.linking import Ref, linked
from niwari.errors import NotFound
from niwari.files.errors import NoSuchFile, Revealing, TooManyFiles, UploadGone
from niwari.files.kinds import BY_MEDIA_TYPE
from niwari.files.models import DRAFT, KEPT, REMOVED, Attachment
from niwari.files.names import ending_of
from niwari.files.storage import limits, storage
from niwari.files.uploads import Uploads, check_alt
from niwari.host.codes import is_of
from niwari.host.running import running
from niwari.specs.contributions import Resource
from niwari.specs.contributions.hiding import has_hidden_author

_PICTURE_NAME, _FILE_NAME = "写真", "添付ファイル"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a row, as a page shows it: ``{{ ui.attachments(files) }}``.

    ``size`` in bytes. ``width`` and ``height`` of a picture are in pixels, else ``None``; ``alt`` says
    what it shows. ``thumbs`` are the widths in which there is a smaller one.
    """

    id: int
    name: str
    media_type: str
    size: int
    alt: str = ""
    width: int | None = None
    height: int | None = None
    thumbs: tuple[int, ...] = ()

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture, and not something to be downloaded."""
        return self.width is not None

    @property
    def size_text(self) -> str:
        """The size as 12KB or 1.2MB."""
        return size_text(self.size)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file of a row, open to be read: its bytes, ``size`` of them, and what they are.

    Whoever opened it closes ``content``. ``size`` is ``None`` for a thumbnail.
    """

    name: str
    media_type: str
    is_picture: bool
    size: int | None
    content: BinaryIO


def size_text(size: int) -> str:
    """Write bytes as 12KB or 1.2MB."""
    return f"{size / 2**20:.1f}MB" if size >= 2**20 else f"{max(size // 1024, 1)}KB"


def attach(ctx: Context, ref: Ref, uploads: Uploads) -> None:
    """Attach the files of a form to the row ``ref``, in the caller's transaction.

    The row is one of a declared ``Resource`` that the acting person sees, and is written already; one
    whose author is hidden has its envelope by now. Then nothing says who added the files: not their
    names, which are numbers, not the audit, nor when they were sent. Raises ``Invalid`` where a file is
    gone, where the row would have too many, and for a document of a hidden author; ``NotFound`` where
    there is no such row, ``LookupError`` for a kind that nobody declares.
    """
    if not database.in_transaction():
        raise RuntimeError("attach: call it inside the transaction that writes the row")
    if not uploads:
        return
    resource = _resource_of(ref.kind)
    model = resource.model
    row = locked(model.select().where((model.id == ref.id) & visible(ctx, model))).first()
    if row is None:
        raise NotFound
    drafts = _sent(uploads)
    there = _counted(ref, len(drafts))
    if has_hidden_author(resource, row):
        _attach_hidden(ref, row, drafts, there)
        return
    added_by = ctx.appointment.id if ctx.appointment is not None else None
    for draft, alt in drafts:
        Attachment.update(
            **_belonging(ref, row, draft.id), holder=None, alt=alt, added_by=added_by
        ).where(Attachment.id == draft.id).execute()
    audit.record(ctx, "files.attach", ref.kind, ref.id, files=len(drafts))


def refuse_revealing(uploads: Uploads) -> None:
    """Raise what ``attach`` would for files of a hidden author, where they are attached later.

    In the caller's transaction. Raises ``Revealing``, ``TooManyFiles`` and what is refused of files
    that are gone.
    """
    if uploads:
        if len(uploads.files) > limits().row:
            raise TooManyFiles(limit=limits().row)
        _refuse_documents(_sent(uploads))


def attachments(ctx: Context, refs: Iterable[Ref]) -> dict[Ref, list[Attached]]:
    """Return the files of each of ``refs``, in the order in which they were added, by one query.

    For rows that the caller has read through ``visible``: whose files these are is not asked again
    before one of them is opened.
    """
    wanted = list(dict.fromkeys(refs))
    found: dict[Ref, list[Attached]] = {ref: [] for ref in wanted}
    by_kind: dict[str, list[int]] = {}
    for ref in wanted:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    if not by_kind:
        return found
    theirs = reduce(
        or_,
        (
            (Attachment.kind == kind) & Attachment.row_id.in_(ids) & (Attachment.state == KEPT)
            for kind, ids in by_kind.items()
        ),
    )
    query = Attachment.select().where(theirs)
    for row in query.order_by(Attachment.kind, Attachment.row_id, Attachment.position):
        found[Ref(row.kind, row.row_id)].append(_shown(row))
    return found


def remove_attachment(ctx: Context, ref: Ref, attachment_id: int) -> None:
    """Remove one file of the row ``ref``, in the caller's transaction, who has asked whether it may.

    Its bytes go at the next sweep. Of a row whose author is hidden no audit row says who removed it:
    mostly the author did. Raises ``NotFound`` for a file that is not one of the row's, and for one of
    another municipality. One that is removed already is fine.
    """
    if not database.in_transaction():
        raise RuntimeError("remove_attachment: call it inside the transaction of the act")
    here = (
        (Attachment.id == attachment_id)
        & (Attachment.kind == ref.kind)
        & (Attachment.row_id == ref.id)
        & (Attachment.municipality == ctx.municipality.id)
    )
    if remove_where(here & (Attachment.state == KEPT)):
        if not _may_hide_author(ref):
            audit.record(ctx, "files.remove", ref.kind, ref.id, file=attachment_id)
    elif not Attachment.select().where(here).exists():
        raise NoSuchFile


def open_attachment(ctx: Context, attachment_id: int, width: int | None = None) -> OpenFile:
    """Open a file for whom its row is shown, by two queries; ``width`` asks for that thumbnail.

    For what is made of files, as an archive of them; pages show ``attachments``. Raises ``NotFound``
    where the acting person could not open the row's page just now: the row is not theirs to see, its
    plugin is off, they lack the page's permission.
    """
    row = Attachment.get_or_none((Attachment.id == attachment_id) & (Attachment.state == KEPT))
    if row is None:
        raise NoSuchFile
    ref = Ref(row.kind, row.row_id)
    if not linked(ctx, [ref])[ref].is_open:
        raise NoSuchFile
    small = width is not None and width in _widths(row)
    try:
        content = storage().open(f"{row.file}.{width}" if small else row.file)
    except FileNotFoundError:
        # The database is newer than the folder, as after a backup of one alone was put back.
        raise NoSuchFile from None
    kind = "image/webp" if small else row.media_type
    return OpenFile(row.name, kind, row.width is not None, None if small else row.size, content)


def remove_where(condition: Any) -> int:
    """Mark files as removed; nothing is left of what they were called. Returns how many."""
    gone: int = (
        Attachment.update(state=REMOVED, holder=None, name="", alt="", added_by=None)
        .where(condition)
        .execute()
    )
    return gone


def remove_all_of(plugin: str) -> int:
    """Remove the files of all rows of a plugin that is purged, in the caller's transaction."""
    return remove_where(is_of(Attachment.kind, plugin) & (Attachment.state == KEPT))


def _resource_of(kind: str) -> Resource:
    resource = _declared(kind)
    if resource is None:
        raise LookupError(f"attach: no plugin declares a Resource of the kind {kind!r}")
    return resource


def _declared(kind: str) -> Resource | None:
    found = running().host.resource(kind)
    return found[1] if found else None


def _may_hide_author(ref: Ref) -> bool:
    """Tell whether the author of a row is hidden, or was: of one that is gone its kind alone tells."""
    resource = _declared(ref.kind)
    if resource is None or resource.envelope is None:
        return False
    row = resource.model.get_or_none(resource.model.id == ref.id)
    return row is None or has_hidden_author(resource, row)


def _sent(uploads: Uploads) -> list[tuple[Attachment, str]]:
    """Return the drafts with their descriptions, in the order in which they were sent."""
    alts = {id_: " ".join(alt.split()) for id_, alt in uploads.files}
    query = Attachment.select().where(
        Attachment.id.in_(list(alts))
        & (Attachment.state == DRAFT)
        & Attachment.holder.in_(uploads.holders)
    )
    found = {row.id: row for row in locked(query)}
    if len(found) < len(alts):
        raise UploadGone
    for id_, row in found.items():
        if row.width is not None:
            check_alt(row.name, alts[id_])
    return [(found[id_], alt) for id_, alt in alts.items()]


def _counted(ref: Ref, more: int) -> int:
    """Return how many files the row has; raises ``TooManyFiles`` unless it may have ``more``."""
    here = (Attachment.kind == ref.kind) & (Attachment.row_id == ref.id)
    there = Attachment.select().where(here & (Attachment.state == KEPT)).count()
    if there + more > limits().row:
        raise TooManyFiles(limit=limits().row)
    return int(there)


def _belonging(ref: Ref, row: Any, position: int) -> Mapping[str, Any]:
    return {
        "municipality": row.municipality_id,
        "kind": ref.kind,
        "row_id": ref.id,
        "state": KEPT,
        "position": position,
    }


def _attach_hidden(
    ref: Ref, row: Any, drafts: Sequence[tuple[Attachment, str]], there: int
) -> None:
    """Make rows of their own: the drafts' numbers tell between which others they were sent."""
    _refuse_documents(drafts)
    for number, (draft, alt) in enumerate(drafts, start=there + 1):
        word = _PICTURE_NAME if draft.width is not None else _FILE_NAME
        values = {
            **_copied(draft),
            **_belonging(ref, row, number),
            "name": f"{word}{number}.{ending_of(draft.name)}",
            "alt": alt,
        }
        file = draft.file
        # The name of the bytes is unique: the draft lets go of it first.
        Attachment.delete().where(Attachment.id == draft.id).execute()
        Attachment.insert(**values, file=file).execute()


def _refuse_documents(drafts: Sequence[tuple[Attachment, str]]) -> None:
    for draft, _alt in drafts:
        if BY_MEDIA_TYPE[draft.media_type].sort in ("pdf", "office"):
            raise Revealing(name=draft.name)


def _copied(draft: Attachment) -> dict[str, Any]:
    names = ("media_type", "size", "stored", "sha256", "width", "height", "thumbs", "added_on")
    return {name: getattr(draft, name) for name in names}


def _widths(row: Attachment) -> tuple[int, ...]:
    return tuple(int(width) for width in row.thumbs.split(",") if width)


def _shown(row: Attachment) -> Attached:
    return Attached(
        row.id,
        row.name,
        row.media_type,
        row.size,
        row.alt,
        row.width,
        row.height,
        _widths(row),
    )
