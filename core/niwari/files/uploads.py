"""Files between being sent and being attached: kept for a day, and never asked for twice.

They belong to whoever sent them and to their form. That is written as a keyed name alone: a row that
a hidden author is about to send must not say whose it will be.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from math import ceil
from typing import IO, Any, Final

from peewee import fn

from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.models import Municipality
from niwari.files.checking import Checked, check
from niwari.files.errors import EnoughToday, LongAlt, NoAlt, NoRoom, TooLarge, TownIsFull
from niwari.files.models import DRAFT, REMOVED, Attachment
from niwari.files.names import clean_name
from niwari.files.storage import limits, new_name, storage
from niwari.host.rate_limits import Limit, TooMany, count
from niwari.keyring import keyring
from niwari.texts import is_blank, is_illegible

LONGEST_ALT: Final = 200
"""Characters of a picture's description."""

_AN_HOUR = 3600
UPLOADS: Final = Limit("files.upload", 200, _AN_HOUR)
"""How many files one person may send in an hour."""

MEGAPIXELS: Final = Limit("files.megapixels", 1_500, _AN_HOUR)
"""How many million pixels of pictures one person may send in an hour: drawing them takes time."""

MEGABYTES: Final = Limit("files.megabytes", 500, 24 * _AN_HOUR)
"""How many megabytes one person may send in a day, each file rounded up: the room is the town's.

Counted when they are sent, by the person: whoever takes another form key has no more.
"""

_PURPOSE = "files draft"
_filling: ContextVar[bool] = ContextVar("niwari_files_filling", default=False)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it is sent: what its sender calls it, its bytes, and what a picture shows."""

    name: str
    content: IO[bytes]
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files that were sent and checked, for ``attach``: their ids with their descriptions.

    ``holders`` are the names under which they are kept. Plain values all of them: a plugin may keep
    them with what it publishes later, for a day at the most.
    """

    files: tuple[tuple[int, str], ...] = ()
    holders: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is any file."""
        return bool(self.files)


def keep_uploads(ctx: Context, form_key: str, files: Iterable[NewFile]) -> Uploads:
    """Check and store files of the acting person, for ``attach`` in the transaction that follows.

    For what comes without a form, as a sample or a demo. Sent again with the same ``form_key``, a file
    is kept once. Raises a ``DomainError`` that says what is wrong with which; a picture needs its
    ``alt``. Not inside a transaction: drawing pictures anew takes time. That of ``load_demo`` alone
    takes files: nobody else is there.
    """
    kept: list[tuple[int, str]] = []
    for new in files:
        row = keep_draft(ctx, form_key, new)
        alt = " ".join(new.alt.split())
        if row.width is not None:
            check_alt(row.name, alt)
        kept.append((row.id, alt))
    return Uploads(tuple(kept), holders_of(ctx, form_key))


@contextmanager
def filling() -> Iterator[None]:
    """Let ``keep_uploads`` join the transaction that fills an installation before anybody uses it.

    There drawing keeps nobody from writing, and nothing is counted. The bytes are on the disk before
    the row that names them, as ever: where the transaction is undone, they go at the night's sweep.
    """
    token = _filling.set(True)
    try:
        yield
    finally:
        _filling.reset(token)


def holders_of(ctx: Context, form_key: str) -> tuple[str, ...]:
    """Return what the acting person with this form is called under each key, the newest first."""
    return keyring().names(_PURPOSE, f"{ctx.acting.id} {form_key}".encode())


def keep_draft(ctx: Context, form_key: str, new: NewFile) -> Attachment:
    """Check and store one file of a form; one with the same bytes is kept once.

    Raises a ``BadFile``, ``NoRoom``, and ``TooMany`` beyond ``UPLOADS`` or ``MEGAPIXELS``.
    """
    _count(ctx, UPLOADS)
    checked = check(
        new.name,
        _read(new),
        drawing=lambda pixels: _count(ctx, MEGAPIXELS, ceil(pixels / 1_000_000)),
    )
    holders = holders_of(ctx, form_key)
    row = _new_row(ctx, holders[0], checked)
    known = _known(holders, row.sha256)
    if known is not None:
        return known
    _check_room(ctx, row)
    try:
        _count(ctx, MEGABYTES, ceil(row.stored / 2**20))
    except TooMany as error:
        raise EnoughToday(limit=MEGABYTES.most) from error
    _store(ctx, row, checked)
    _insert(ctx, row)
    return row


def drafts_of(ctx: Context, form_key: str, ids: Sequence[int]) -> list[Attachment]:
    """Return those of the drafts ``ids`` that the acting person sent with this form, by id."""
    if not ids:
        return []
    query = Attachment.select().where(
        Attachment.id.in_(ids)
        & (Attachment.state == DRAFT)
        & Attachment.holder.in_(holders_of(ctx, form_key))
    )
    return list(query.order_by(Attachment.id))


def drop_drafts(ctx: Context, drafts: Iterable[Attachment]) -> None:
    """Let drafts go that are not wanted any more."""
    with transaction(ctx):
        for draft in drafts:
            Attachment.update(state=REMOVED, holder=None, name="", alt="").where(
                (Attachment.id == draft.id) & (Attachment.state == DRAFT)
            ).execute()


def check_alt(name: str, alt: str) -> None:
    """Raise ``NoAlt`` or ``LongAlt`` unless ``alt`` describes the picture ``name``."""
    if is_blank(alt) or is_illegible(alt):
        raise NoAlt(name=name)
    if len(alt) > LONGEST_ALT:
        raise LongAlt(name=name, limit=LONGEST_ALT)


def _count(ctx: Context, limit: Limit, times: int = 1) -> None:
    if not _filling.get():
        count(limit, f"person {ctx.person_id}", ctx.now, times)


def _read(new: NewFile) -> bytes:
    most = limits().file
    data = new.content.read(most + 1)
    if len(data) > most:
        raise TooLarge(name=clean_name(new.name), limit=most // 2**20)
    return data


def _new_row(ctx: Context, holder: str, checked: Checked) -> Attachment:
    return Attachment(
        municipality=ctx.municipality.id,
        state=DRAFT,
        holder=holder,
        file=new_name(),
        name=checked.name,
        media_type=checked.kind.media_type,
        size=len(checked.data),
        stored=len(checked.data) + sum(len(thumb) for thumb in checked.thumbs.values()),
        sha256=sha256(checked.data).hexdigest(),
        width=checked.width,
        height=checked.height,
        thumbs=",".join(str(width) for width in sorted(checked.thumbs)),
        added_on=ctx.today,
    )


def _known(holders: Sequence[str], digest: str) -> Attachment | None:
    query: Any = Attachment.select().where(
        Attachment.holder.in_(holders) & (Attachment.state == DRAFT) & (Attachment.sha256 == digest)
    )
    found: Attachment | None = query.first()
    return found


def _used(municipality_id: int) -> int:
    here = Attachment.municipality == municipality_id
    used: int | None = Attachment.select(fn.SUM(Attachment.stored)).where(here).scalar()
    return int(used or 0)


def _check_room(ctx: Context, row: Attachment) -> None:
    if _used(ctx.municipality.id) + row.stored > limits().town:
        raise TownIsFull(town=ctx.municipality.name, limit=limits().town // 2**20)


def _insert(ctx: Context, row: Attachment) -> None:
    """Write the row, unless others have filled the town since; then its bytes go."""
    try:
        with transaction(ctx):
            # One after the other: else two would both find the same room.
            locked(Municipality.select().where(Municipality.id == ctx.municipality.id)).get()
            _check_room(ctx, row)
            row.save(force_insert=True)
    except TownIsFull:
        for name in (
            row.file,
            *(f"{row.file}.{width}" for width in row.thumbs.split(",") if width),
        ):
            storage().delete(name)
        raise


def _store(ctx: Context, row: Attachment, checked: Checked) -> None:
    """Put the bytes where they stay, before any row names them."""
    pieces = {row.file: checked.data}
    pieces |= {f"{row.file}.{width}": thumb for width, thumb in checked.thumbs.items()}
    try:
        for name, data in pieces.items():
            storage().put(name, BytesIO(data), ctx.today)
    except OSError as error:
        for name in pieces:
            storage().delete(name)
        raise NoRoom(name=checked.name) from error
