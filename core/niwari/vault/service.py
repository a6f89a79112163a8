"""Remembering, asking and forgetting which anonymous rows are whose.

A locker is found by a name that only the keyring can work out. Every write seals some other lockers
anew too, so that neither two backups nor the order in which a database keeps its rows tell whose
locker grew when a row appeared.
"""

import secrets
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from peewee import fn

from niwari.context import Context, MunicipalityRef
from niwari.db import database, is_postgresql, locked, rows
from niwari.errors import N_, DomainError
from niwari.keyring import SealError, keyring
from niwari.vault.contents import Contents, packed, unpacked
from niwari.vault.models import Locker

MOST_IDS = 10_000
"""How many rows one person can have hidden: what a page has to open to know its reader's."""

_STIRRED = 7

_NAME = "vault.person"
_LOCKER = "vault.locker"
_ENVELOPE = "vault.envelope"


class LockerFull(DomainError):
    """The person has as many anonymous rows as a locker holds."""

    text = N_(
        "名前を出さずに書けるのは、1人%(most)s件までです。上限になったため、これ以上は名前を出さずに書けません。"
    )


def remember(ctx: Context, kind: str, row_id: int) -> None:
    """Note that the acting person wrote the anonymous row (``kind``, ``row_id``).

    In the caller's transaction, and best as its last act: some other lockers are held until it
    ends. Raises ``RuntimeError`` outside a transaction, ``LockerFull`` at ``MOST_IDS``.
    """
    names = _names(ctx.person_id)
    found = _held(names)
    contents = _together(found)
    contents[kind] = contents.get(kind, frozenset()) | {row_id}
    if sum(map(len, contents.values())) > MOST_IDS:
        raise LockerFull(most=f"{MOST_IDS:,}")
    _put(names[0], contents)
    if old := found.keys() - {names[0]}:
        Locker.delete().where(Locker.id << old).execute()


def is_mine(ctx: Context, kind: str, ids: Collection[int]) -> frozenset[int]:
    """Return which of the rows ``ids`` of ``kind`` the acting person wrote: one query, however many.

    Raises ``Broken`` where the person's locker was changed by others.
    """
    found = dict(rows(_lockers(_names(ctx.person_id))))
    return _together(found).get(kind, frozenset()) & frozenset(ids)


def forget(person_id: int) -> Contents:
    """Throw a person's locker away and return what was in it, in the caller's transaction.

    Whoever erases empties the envelopes of those rows: they still name the person. A locker that
    does not open any more goes too; nothing is returned of it. Raises ``RuntimeError`` outside a
    transaction.
    """
    found = _held(_names(person_id))
    Locker.delete().where(Locker.id << list(found)).execute()
    contents: dict[str, frozenset[int]] = {}
    for name, sealed in found.items():
        try:
            inside = _opened(name, sealed)
        except SealError:
            continue
        for kind, ids in inside.items():
            contents[kind] = contents.get(kind, frozenset()) | ids
    return contents


def envelope(ctx: Context) -> str:
    """Seal the acting person's id, for delivery: jobs carry this text, never the person.

    No two are equal, and all under one key are of one length.
    """
    return keyring().seal(_ENVELOPE, ctx.person_id.to_bytes(8, "big"))


def addressee(sealed: str) -> int:
    """Return the id of the person in an envelope; for the worker that delivers, for no page.

    Raises ``UnknownKey`` or ``Broken`` where it does not open.
    """
    return int.from_bytes(keyring().open_sealed(_ENVELOPE, sealed), "big")


def alias_context(ctx: Context, alias: str, municipality: MunicipalityRef) -> Context:
    """Return the context in which an anonymous act is audited: by ``alias``, who is nobody.

    It has no appointment, no permission and no number of the request, and its ``now`` is the quarter
    of an hour that has begun: the audit's seals refuse rows that are much older than they. Its
    municipality is ``municipality``, that of the thing: the author's own would tell where they work.
    """
    now = ctx.now.replace(minute=ctx.now.minute // 15 * 15, second=0, microsecond=0)
    return replace(
        ctx,
        municipality=municipality,
        locale="ja",
        appointment=None,
        on_behalf_of=None,
        actor=alias,
        request_id="",
        permissions=frozenset(),
        now=now,
    )


def _names(person_id: int) -> tuple[str, ...]:
    return keyring().names(_NAME, person_id.to_bytes(8, "big"))


def _lockers(names: Collection[str]) -> Any:
    return Locker.select(Locker.id, Locker.sealed).where(Locker.id << list(names))


def _held(names: tuple[str, ...]) -> dict[str, str]:
    """Return the sealed lockers of one person, which nobody else writes until the transaction ends.

    The first locker is no row yet that could be locked, and locking the person's row would leave
    the transaction's number there and in the anonymous row: so PostgreSQL locks a bare number.
    """
    query = locked(_lockers(names))
    if is_postgresql():
        number = int.from_bytes(bytes.fromhex(names[-1])[:8], "big", signed=True)
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (number,))
    return dict(rows(query))


def _opened(name: str, sealed: str) -> dict[str, frozenset[int]]:
    # Sealed for its name: a locker that is put into somebody else's row does not open.
    try:
        return unpacked(keyring().open_sealed(f"{_LOCKER} {name}", sealed))
    except SealError as error:
        # Without the locker's name: in a log it would stand beside its owner's request.
        raise type(error)(
            "a locker of the vault does not open: it was changed, or its key is not in the ring; "
            "take the database or the keys from the backup"
        ) from None


def _together(found: dict[str, str]) -> dict[str, frozenset[int]]:
    """Return what lies in a person's lockers; there are two at most moments after a new key."""
    contents: dict[str, frozenset[int]] = {}
    for name, sealed in found.items():
        for kind, ids in _opened(name, sealed).items():
            contents[kind] = contents.get(kind, frozenset()) | ids
    return contents


def _put(name: str, contents: Contents) -> None:
    """Write a locker together with some others, sealed anew, in an order that tells nothing."""
    written = [(name, _sealed(name, packed(contents))), *_stirred(name)]
    secrets.SystemRandom().shuffle(written)
    Locker.insert_many(written, fields=[Locker.id, Locker.sealed]).on_conflict(
        conflict_target=[Locker.id], preserve=[Locker.sealed]
    ).execute()


def _stirred(name: str) -> list[tuple[str, str]]:
    others: Any = (
        Locker.select(Locker.id, Locker.sealed)
        .where(Locker.id != name)
        .order_by(fn.RANDOM())
        .limit(_STIRRED)
    )
    if is_postgresql():
        # Whoever is writing one of them is not waited for, so that nobody waits in a circle.
        others = others.for_update("FOR NO KEY UPDATE SKIP LOCKED")
    found = []
    for other, sealed in rows(others):
        try:
            found.append((other, _sealed(other, packed(_opened(other, sealed)))))
        except SealError:
            continue  # its key is gone, or it was changed: its owner is told, not this person
    return found


def _sealed(name: str, data: bytes) -> str:
    return keyring().seal(f"{_LOCKER} {name}", data)
