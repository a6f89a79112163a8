"""Remembering, asking and forgetting which anonymous rows are whose; what their delivery needs.

See ``shelves`` for how lockers lie, ``making`` for how everybody gets one.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from niwari.context import Context, MunicipalityRef
from niwari.errors import N_, DomainError
from niwari.identity.sessions.reach import reached_of
from niwari.keyring import SealError, keyring
from niwari.notices.subjects import forget_hidden
from niwari.vault.contents import by_kind, together
from niwari.vault.shelves import hold_people, lockers, make, names_of, opened, write

MOST_IDS = 10_000
"""How many rows one person can have hidden: what a page has to open to know its reader's."""

OPENED = "vault.opening"
"""The kind under which a locker holds the openings of which its owner was told."""

_ENVELOPE = "vault.envelope"


class LockerFull(DomainError):
    """The person has as many anonymous rows as a locker holds."""

    text = N_(
        "名前を出さずに書けるのは、1人%(most)s件までです。上限になったため、これ以上は名前を出さずに書けません。"
    )


def remember(ctx: Context, kind: str, row_id: int) -> None:
    """Note that the acting person wrote the anonymous row (``kind``, ``row_id``).

    In the caller's transaction, and best as its last act: some other lockers are held until it
    ends. Raises ``RuntimeError`` outside a transaction, ``LockerFull`` where the person has 10,000.
    """
    remember_for(ctx.person_id, ctx.municipality.id, kind, row_id)


def remember_for(person_id: int, municipality_id: int, kind: str, row_id: int) -> None:
    """Do what ``remember`` does for a person whose act a job does, written in ``municipality_id``."""
    _put(person_id, (kind, municipality_id), row_id, most=MOST_IDS)


def tell(person_id: int, municipality_id: int, opening_id: int) -> None:
    """Let a person know that their authorship was opened: in the locker, where they alone find it.

    ``municipality_id`` is that of the row: sessions that do not reach it are not told which. In the
    caller's transaction, as its last act. Raises ``SealError`` where the locker does not open, and
    ``RuntimeError`` outside a transaction.
    """
    _put(person_id, (OPENED, municipality_id), opening_id, most=None)


def openings_told(ctx: Context) -> tuple[frozenset[int], frozenset[int]]:
    """Return the ids of the openings of which the acting person was told: within reach, and beyond.

    Of those beyond the session's reach no page says more than that there is one. Queries as
    ``is_mine``; raises ``SealError`` as that does.
    """
    return _by_reach(ctx, OPENED)


def is_mine(ctx: Context, kind: str, ids: Collection[int]) -> frozenset[int]:
    """Return which of the rows ``ids`` of ``kind`` the acting person wrote: one query, however many.

    Rows written in a municipality out of the session's reach are not told: its provider would learn
    who wrote them. Whoever has written in several municipalities costs a second query. Raises
    ``SealError`` where the person's locker was changed by others, or its key is gone.
    """
    within, _beyond = _by_reach(ctx, kind)
    return within & frozenset(ids)


def mine_of(ctx: Context) -> Mapping[str, frozenset[int]]:
    """Return all rows that the acting person wrote, by kind, as ``is_mine`` tells them; for own pages."""
    contents = {place: ids for place, ids in _opened_of(ctx).items() if place[0] != OPENED}
    towns = {town for _, town in contents} - {ctx.municipality.id}
    reached = {ctx.municipality.id, *(reached_of(ctx, towns) if towns else ())}
    return by_kind({place: ids for place, ids in contents.items() if place[1] in reached})


def forget(
    person_id: int, *kinds: str, municipality_id: int | None = None
) -> Mapping[str, frozenset[int]]:
    """Take the rows of ``kinds``, of all without any, out of a person's locker; return ids by kind.

    With ``municipality_id`` those alone that were written there. In the caller's transaction. Whoever
    erases empties the envelopes of those rows: they still name the person. What the person was told of
    those rows goes at once, with what was to be sent of it. A locker that does not open any more is
    emptied where all is to be forgotten, and nothing is returned of it. Raises ``RuntimeError`` outside
    a transaction.
    """
    names = names_of(person_id)
    hold_people([names])
    taken = []
    for name, (shelf, sealed) in sorted(lockers(names).items(), key=lambda one: one[1][0]):
        try:
            inside = opened(name, sealed)
        except SealError:
            if kinds or municipality_id is not None:
                continue  # others' rows may lie in it too
            inside = {}
        taken.append(
            {
                place: ids
                for place, ids in inside.items()
                if (not kinds or place[0] in kinds) and municipality_id in (None, place[1])
            }
        )
        write(shelf, name, {place: ids for place, ids in inside.items() if place not in taken[-1]})
    forgotten = by_kind(together(taken))
    forget_hidden(forgotten)
    return forgotten


def envelope(ctx: Context, kind: str, row: int | str) -> str:
    """Seal the acting person's id for the delivery of one row: jobs carry this text, never the person.

    ``row`` is the id of the anonymous row, or another value of it that no other row of ``kind`` has,
    where the envelope is sealed before there is an id. The envelope of another row does not open in
    its place. No two are equal, and all under one key are of one length.
    """
    return seal_for(ctx.person_id, kind, row)


def seal_for(person_id: int, kind: str, row: int | str) -> str:
    """Return the ``envelope`` of a row for a person whose act a job does."""
    return keyring().seal(_purpose(kind, row), person_id.to_bytes(8, "big"))


def addressee(sealed: str, kind: str, row: int | str) -> int:
    """Return the id of the person in the envelope of a row; for the job that delivers, for no page.

    Raises ``SealError`` where it does not open.
    """
    return int.from_bytes(keyring().open_sealed(_purpose(kind, row), sealed), "big")


def alias_context(ctx: Context, alias: str, municipality: MunicipalityRef) -> Context:
    """Return the context in which the job that publishes audits an act of ``alias``, who is nobody.

    ``ctx`` is the job's own. Raises ``RuntimeError`` for that of a person: in their request the row
    of the audit would stand beside what else they did, at the moment at which they did it.

    It has no appointment, no permission and no number of a request, and its ``now`` is the quarter
    of an hour that has begun: the audit's seals refuse rows that are much older than they. Its
    municipality is ``municipality``, that of the thing: the author's own would tell where they work.
    """
    if ctx.appointment is not None or ctx.on_behalf_of is not None:
        raise RuntimeError(
            f"alias {alias!r}: audit it in the job that publishes the row, not in its author's request"
        )
    now = ctx.now.replace(minute=ctx.now.minute // 15 * 15, second=0, microsecond=0)
    return replace(
        ctx,
        municipality=municipality,
        locale="ja",
        actor=alias,
        request_id="",
        permissions=frozenset(),
        now=now,
    )


def _purpose(kind: str, row: int | str) -> str:
    return f"{_ENVELOPE} {kind} {row}"


def _put(person_id: int, place: tuple[str, int], row_id: int, *, most: int | None) -> None:
    names = names_of(person_id)
    hold_people([names])
    found = lockers(names)
    contents = together(opened(name, sealed) for name, (_, sealed) in found.items())
    contents[place] = contents.get(place, frozenset()) | {row_id}
    if most is not None and sum(map(len, contents.values())) > most:
        raise LockerFull(most=f"{most:,}")
    name = next((name for name in names if name in found), None)
    if name is None:
        make({names[0]: contents})
    else:
        # Where it lies: a name that changed at a write would show whose locker it is.
        write(found[name][0], name, contents)


def _by_reach(ctx: Context, kind: str) -> tuple[frozenset[int], frozenset[int]]:
    mine = {town: ids for (written, town), ids in _opened_of(ctx).items() if written == kind}
    here = mine.pop(ctx.municipality.id, frozenset())
    reached = reached_of(ctx, mine) if mine else frozenset()
    within = here.union(*(mine[town] for town in reached))
    beyond = (ids for town, ids in mine.items() if town not in reached)
    return within, frozenset[int]().union(*beyond)


def _opened_of(ctx: Context) -> dict[tuple[str, int], frozenset[int]]:
    found = lockers(names_of(ctx.person_id))
    return together(opened(name, sealed) for name, (_, sealed) in found.items())
