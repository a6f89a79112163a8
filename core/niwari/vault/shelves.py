"""Lockers on their shelves: found by names that only the keyring can work out, written together.

A shelf has ``SHELF`` lockers from the day it is made. Each write seals all of them anew, to one length
and in an order of chance: two copies of the database tell which shelf grew, never which locker.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from niwari.db import database, is_postgresql, rows
from niwari.keyring import SealError, keyring
from niwari.vault.contents import Contents, alike, packed, unpacked
from niwari.vault.models import Locker

SHELF = 16
"""How many lockers always grow together."""

_NAME = "vault.person"
_LOCKER = "vault.locker"
_LOCKS = 20_222  # any number, as long as no other advisory lock of two numbers begins with it


def names_of(person_id: int) -> tuple[str, ...]:
    """Return what the person's locker may be called, by the newest key first."""
    return keyring().names(_NAME, person_id.to_bytes(8, "big"))


def lockers(names: Collection[str]) -> dict[str, tuple[int, str]]:
    """Return shelf and sealed content by name, in one query."""
    query = Locker.select(Locker.id, Locker.shelf, Locker.sealed).where(Locker.id << list(names))
    return {name: (shelf, sealed) for name, shelf, sealed in rows(query)}


def opened(name: str, sealed: str) -> dict[tuple[str, int], frozenset[int]]:
    """Return what lies in a locker; raises ``UnknownKey`` or ``Broken``."""
    return unpacked(_unsealed(name, sealed))


def hold_people(everybody: Iterable[tuple[str, ...]]) -> None:
    """Let nobody else write the lockers of people, given by their names, until the transaction ends.

    The first locker is no row yet that could be locked, and locking the person's row would leave
    the transaction's number there and in the anonymous row: so PostgreSQL locks bare numbers.
    Raises ``RuntimeError`` outside a transaction.
    """
    if not database.in_transaction():
        raise RuntimeError("the vault needs a transaction(ctx) around it")
    if is_postgresql():
        # By the oldest key, which stays what it is when a new one is made.
        numbers = {
            int.from_bytes(bytes.fromhex(names[-1])[:8], "big", signed=True) for names in everybody
        }
        for number in sorted(numbers):
            database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (number,))


def hold_shelves(shelves: Collection[int]) -> None:
    """Let nobody else write the lockers of shelves until the transaction ends.

    Asked for after people, never before, and in the order of their numbers: so nobody waits in a
    circle. Rows are not locked: whoever writes a shelf would wait for one of them with its own.
    """
    if is_postgresql():
        for shelf in sorted(shelves):
            database.execute_sql("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCKS, shelf))


def write(shelf: int, name: str, contents: Contents) -> None:
    """Put ``contents`` into a locker of a shelf and seal all the others there anew."""
    hold_shelves([shelf])
    packs = {name: packed(contents)}
    query = Locker.select(Locker.id, Locker.sealed).where(Locker.shelf == shelf)
    for other, sealed in rows(query):
        if other != name:
            try:
                packs[other] = _unsealed(other, sealed)
            except SealError:
                continue  # its key is gone, or it was changed: its owner is told, not this person
    _put(shelf, packs)


def make(wanted: Mapping[str, Contents]) -> None:
    """Make the lockers that ``wanted`` names, with their content, on new shelves of full length."""
    names = list(wanted)
    secrets.SystemRandom().shuffle(names)
    for start in range(0, len(names), SHELF):
        packs = {name: packed(wanted[name]) for name in names[start : start + SHELF]}
        while len(packs) < SHELF:
            packs[secrets.token_hex(32)] = packed({})
        _put(secrets.randbelow(2**31 - 1) + 1, packs)


def _put(shelf: int, packs: Mapping[str, bytes]) -> None:
    written = [(name, shelf, _sealed(name, data)) for name, data in alike(packs).items()]
    secrets.SystemRandom().shuffle(written)
    columns: list[Any] = [Locker.id, Locker.shelf, Locker.sealed]
    Locker.insert_many(written, fields=columns).on_conflict(
        conflict_target=[Locker.id], preserve=[Locker.sealed]
    ).execute()


def _sealed(name: str, data: bytes) -> str:
    return keyring().seal(f"{_LOCKER} {name}", data)


def _unsealed(name: str, sealed: str) -> bytes:
    # Sealed for its name: a locker that is put into somebody else's row does not open.
    try:
        return keyring().open_sealed(f"{_LOCKER} {name}", sealed)
    except SealError as error:
        # Without the locker's name: in a log it would stand beside its owner's request.
        raise type(error)(
            "a locker of the vault does not open: it was changed, or its key is not in the ring; "
            "take the database or the keys from the backup"
        ) from None
