"""A locker for everybody before they write, and lockers under a new key.

Whose locker is made when a row appears would be its author's. So everybody has one, most of them
empty, made in an order of chance.
"""

import secrets
from array import array
from collections.abc import Iterator

from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Person
from niwari.keyring import SealError, keyring
from niwari.vault.contents import Contents, together
from niwari.vault.models import Locker
from niwari.vault.shelves import SHELF, hold_people, hold_shelves, lockers, make, names_of, opened

_LOOKED_AT = 500
_AT_ONCE = 8 * SHELF


def make_lockers(ctx: Context) -> int:
    """Give a locker to whoever has none, in transactions of its own; returns how many were given.

    Looks from the person who came last backward, and ends where nobody lacks one.
    """
    lacking = array("q")
    last: int | None = None
    while ids := _ids_before(last):
        names = {person_id: names_of(person_id) for person_id in ids}
        there = lockers([name for of_one in names.values() for name in of_one])
        new = [one for one in ids if not there.keys() & set(names[one])]
        if not new:
            break
        lacking.extend(new)
        last = ids[-1]
    return sum(_move(ctx, portion)[0] for portion in _portions(lacking))


def reseal(ctx: Context) -> tuple[int, int]:
    """Put every locker under the name and the seal of the newest key; see ``make_lockers``.

    Returns how many were moved or made, and how many could not be, as they do not open. It may be
    broken off and begun again: what was not moved opens as before.
    """
    everybody = array("q")
    last: int | None = None
    while ids := _ids_before(last):
        everybody.extend(ids)
        last = ids[-1]
    moved = stuck = 0
    for portion in _portions(everybody):
        done, failed = _move(ctx, portion)
        moved, stuck = moved + done, stuck + failed
    _clear(ctx)
    return moved, stuck


def _ids_before(last: int | None) -> list[int]:
    query = Person.select(Person.id).order_by(Person.id.desc()).limit(_LOOKED_AT)
    return [one for (one,) in rows(query if last is None else query.where(Person.id < last))]


def _portions(ids: "array[int]") -> Iterator["array[int]"]:
    # In the order of their ids, those that lie together would be people who came together.
    secrets.SystemRandom().shuffle(ids)
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _move(ctx: Context, people: "array[int]") -> tuple[int, int]:
    """Give each of ``people`` one locker under the newest key, with what lay in the older ones."""
    names = {person_id: names_of(person_id) for person_id in people}
    wanted: dict[str, Contents] = {}
    old: set[str] = set()
    stuck = 0
    with transaction(ctx):
        hold_people(names.values())
        asked = [name for of_one in names.values() for name in of_one]
        hold_shelves({shelf for shelf, _ in lockers(asked).values()})
        there = lockers(asked)  # once more: what was written until they were held
        for newest, *_older in names.values():
            own = {name: there[name][1] for name in (newest, *_older) if name in there}
            if own.keys() == {newest}:
                continue
            try:
                wanted[newest] = together(opened(name, sealed) for name, sealed in own.items())
            except SealError:
                stuck += 1
            else:
                old |= own.keys()
        Locker.delete().where(Locker.id << sorted(old)).execute()
        make(wanted)
    return len(wanted), stuck


def _clear(ctx: Context) -> None:
    """Take away the empty lockers that were nobody's and filled the shelves of an older key."""
    newest, last = keyring().keys()[0].id, ""
    while True:
        query = Locker.select(Locker.id, Locker.sealed).where(Locker.id > last)
        portion = rows(query.order_by(Locker.id).limit(_LOOKED_AT))
        if not portion:
            return
        empty = {
            name: sealed
            for name, sealed in portion
            if not sealed.startswith(f"{newest}.") and _is_empty(name, sealed)
        }
        with transaction(ctx):
            # As it was read: what was put into one meanwhile stays.
            as_read = (Locker.id << list(empty)) & (Locker.sealed << list(empty.values()))
            Locker.delete().where(as_read).execute()
        last = portion[-1][0]


def _is_empty(name: str, sealed: str) -> bool:
    try:
        return not opened(name, sealed)
    except SealError:
        return False
