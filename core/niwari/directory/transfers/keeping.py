"""Keeping files of transfers sealed: keep, open, move the release, replace, withdraw."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.transfers.models import OPEN, SEALED, STUCK, WITHDRAWN, SealedTransfer
from niwari.directory.transfers.sealing import content_of, name_of, sealed_content, sealed_name
from niwari.directory.transfers.towns import hold_planning, open_count
from niwari.errors import N_, DomainError, Invalid, NotFound
from niwari.host.enablement import bump_revision
from niwari.keyring import SealError

MOST_OPEN = 20
"""Sealed files of one municipality at a time."""
LONGEST_WAIT = timedelta(days=366)

_KIND = "sealed_transfer"


class BadRelease(Invalid):
    """The release is over, or too far away."""

    field = "day"
    text = N_("内示の日時は、今より後で、1年以内の日時にしてください。")


class TooManySealed(DomainError):
    """A municipality keeps no more at a time."""

    text = N_(
        "内示前に預けておけるファイルは%(most)s個までです。"
        "異動を1つのファイルにまとめるか、預けたファイルを取り下げてください。"
    )


class NotOpen(DomainError):
    """It was released or withdrawn meanwhile."""

    text = N_("この異動は、すでに内示が済んでいるか、取り下げられています。何も変えていません。")


class SealDoesNotOpen(DomainError):
    """The key is gone, or the row was changed in the database."""

    text = N_(
        "このファイルの封を開けません。"
        "暗号鍵がないか、データベースの中で書き換えられています。"
        "サーバーの担当者に確かめてください。"
        "それでも開けないときは、ファイルを差し替えるか、取り下げてください。"
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A sealed file, opened: its name and bytes, when it is to be released, and its state.

    ``data`` is ``None`` where the seal does not open.
    """

    id: int
    name: str
    data: bytes | None
    release_at: datetime
    state: str
    reason: str


def keep(ctx: Context, name: str, data: bytes, release_at: datetime) -> int:
    """Keep a file sealed until the aware instant ``release_at``; returns its id.

    Raises ``NotFound`` where the municipality does not plan ahead, ``BadRelease`` and
    ``TooManySealed``. The caller has looked at the file.
    """
    _check(ctx, release_at)
    with transaction(ctx):
        hold_planning(ctx)
        if open_count(ctx.municipality.id) >= MOST_OPEN:
            raise TooManySealed(most=MOST_OPEN)
        row = SealedTransfer.create(
            municipality=ctx.municipality.id,
            kept_by=ctx.acting.id,
            kept_at=ctx.now,
            release_at=release_at,
            state=SEALED,
        )
        _seal(row, name, data)
        _record(ctx, "directory.transfers_keep", row)
    row_id: int = row.id
    return row_id


def replace(ctx: Context, row_id: int, name: str, data: bytes, release_at: datetime) -> None:
    """Put another file in a sealed one's place, to be released at ``release_at``.

    Raises ``NotFound``, ``NotOpen`` and ``BadRelease``.
    """
    _check(ctx, release_at)
    with transaction(ctx):
        row = _held(ctx, row_id)
        _wait_again(row, release_at)
        row.kept_by, row.kept_at = ctx.acting.id, ctx.now
        _seal(row, name, data)
        _record(ctx, "directory.transfers_replace", row)


def open_transfer(ctx: Context, row_id: int) -> Opened:
    """Open a file and note in the audit that it was looked at.

    Raises ``NotFound`` and ``NotOpen``.
    """
    name, data = "", None
    with transaction(ctx):
        row = _held(ctx, row_id)
        with suppress(SealDoesNotOpen):
            name, data = _opened(row)
        _record(ctx, "directory.transfers_open", row)
    return Opened(row.id, name, data, row.release_at, row.state, row.reason)


def move_release(ctx: Context, row_id: int, release_at: datetime) -> None:
    """Let a file be released at another instant; a stuck one is tried again then.

    Raises ``NotFound``, ``NotOpen``, ``BadRelease`` and ``SealDoesNotOpen``.
    """
    _check(ctx, release_at)
    with transaction(ctx):
        row = _held(ctx, row_id)
        if row.state == SEALED and row.release_at == release_at:
            return
        name, data = _opened(row)
        _wait_again(row, release_at)
        _seal(row, name, data)
        _record(ctx, "directory.transfers_move", row)


def withdraw(ctx: Context, row_id: int) -> None:
    """Erase a file that is not to be released; once more changes nothing.

    Raises ``NotFound``, and ``NotOpen`` for one that was released.
    """
    with transaction(ctx):
        row = _held(ctx, row_id, (*OPEN, WITHDRAWN))
        if row.state != WITHDRAWN:
            close(row, WITHDRAWN, ctx.now)
            _record(ctx, "directory.transfers_withdraw", row)


def close(row: SealedTransfer, state: str, at: datetime, **counts: int) -> None:
    """Bring a row into its last state, its file erased, in the caller's transaction."""
    tell_if_stuck(row)
    SealedTransfer.update(
        state=state, reason="", name="", content="", closed_at=at, **counts
    ).where(SealedTransfer.id == row.id).execute()


def tell_if_stuck(row: SealedTransfer, state: str = "") -> None:
    """Let the menu, which is kept under the municipality's revision, count again what is stuck."""
    if STUCK in (row.state, state):
        bump_revision(row.municipality_id)


def _check(ctx: Context, release_at: datetime) -> None:
    if not ctx.now < release_at <= ctx.now + LONGEST_WAIT:
        raise BadRelease


def _held(ctx: Context, row_id: int, states: Sequence[str] = OPEN) -> SealedTransfer:
    hold_planning(ctx)
    query = SealedTransfer.select().where(
        (SealedTransfer.id == row_id) & (SealedTransfer.municipality == ctx.municipality.id)
    )
    row: SealedTransfer | None = locked(query).first()
    if row is None:
        raise NotFound
    if row.state not in states:
        raise NotOpen
    return row


def _opened(row: SealedTransfer) -> tuple[str, bytes]:
    try:
        return name_of(row), content_of(row)
    except SealError:
        raise SealDoesNotOpen from None


def _wait_again(row: SealedTransfer, release_at: datetime) -> None:
    tell_if_stuck(row)
    row.state, row.reason, row.release_at = SEALED, "", release_at


def _seal(row: SealedTransfer, name: str, data: bytes) -> None:
    row.name, row.content = sealed_name(row, name), sealed_content(row, data)
    row.save()


def _record(ctx: Context, action: str, row: SealedTransfer) -> None:
    # Neither the release nor anything of the file: auditors read this before it is known.
    audit.record(ctx, action, _KIND, row.id)
