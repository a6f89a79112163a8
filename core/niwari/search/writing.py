"""Writing entries with their words and dates, and removing them, in the caller's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from math import floor
from typing import Any

from niwari.db import database, is_postgresql, rows
from niwari.db.sets import chunks, next_ids
from niwari.directory.audience import REGION
from niwari.search.describing import Described
from niwari.search.models import WORDS, Entry, EntryDate, FirstShared
from niwari.search.scopes import scopes_of
from niwari.search.words import GAP, ONCE_TOO_OFTEN, tokens

_ID_BITS = 30
_ALL_BITS = (1 << _ID_BITS) - 1
FIRST_POSITION, LAST_POSITION = -(2**63) + 1, 2**63 - 1
"""What is from before 1970 stands below zero."""

_FIELDS = (
    *(Entry.id, Entry.kind, Entry.row_id, Entry.plugin, Entry.municipality, Entry.section),
    *(Entry.region_id, Entry.audience, Entry.hides_place, Entry.position, Entry.shown_at),
    Entry.seen_at,
)


def position_at(instant: datetime, entry_id: int = 0) -> int:
    """Return the place of an entry in the order of instants; with no id, before all of that second."""
    seconds = floor(instant.timestamp())
    return (seconds << _ID_BITS) | (entry_id & _ALL_BITS)


def words_row(position: int) -> int:
    """Return the row of SQLite's words for a position: the newest has the lowest.

    FTS5 leaps over what a common word has and a rare one has not, but only upwards.
    """
    return -position


def instant_at(position: int) -> datetime:
    """Return the instant of a position, to the second."""
    return datetime.fromtimestamp(position >> _ID_BITS, UTC)


def words_of(said: Described) -> str:
    """Return the words of a row as the engine takes them; made before the transaction that writes them."""
    words = tokens(said.title, said.text)
    return " ".join(vector(words) if is_postgresql() else words)


def write_entries(
    kind: str, described: Sequence[tuple[Any, Described, str]], now: datetime
) -> None:
    """Write the entry of each row of ``kind`` with its ``words_of``, in place of what there may be.

    What is shared with a whole region for the first time is noted so.
    """
    known = _known(kind, [row.id for row, *_ in described])
    new = iter(next_ids(Entry, len(described) - len(known)))
    made: list[tuple[Entry, Described, str]] = []
    for row, said, words in described:
        entry_id, seen_at = known.get(row.id) or (next(new), now)
        shown_at = min(said.about or seen_at, seen_at)
        made.append((_entry(kind, row, said, entry_id, seen_at, shown_at), said, words))
    _remove_words([entry.id for entry, *_ in made])
    for some in chunks(made):
        values = [[entry.__data__[field.name] for field in _FIELDS] for entry, *_ in some]
        preserved = [field for field in _FIELDS if field is not Entry.id]
        Entry.insert_many(values, _FIELDS).on_conflict(
            conflict_target=[Entry.kind, Entry.row_id], preserve=preserved
        ).execute()
    _write_words(made)
    _write_dates(made)
    _note_first_shared([entry for entry, *_ in made], now)


def _known(kind: str, row_ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    query = Entry.select(Entry.row_id, Entry.id, Entry.seen_at).where(
        (Entry.kind == kind) & Entry.row_id.in_(row_ids)
    )
    return {row_id: (entry_id, seen_at) for row_id, entry_id, seen_at in rows(query)}


def _entry(
    kind: str, row: Any, said: Described, entry_id: int, seen_at: datetime, shown_at: datetime
) -> Entry:
    return Entry(
        id=entry_id,
        kind=kind,
        row_id=row.id,
        plugin=kind.partition(".")[0],
        municipality=row.municipality_id,
        section=row.section_id,
        region_id=row.region_id,
        audience=row.audience,
        hides_place=said.hides_place,
        position=position_at(shown_at, entry_id),
        shown_at=shown_at,
        seen_at=seen_at,
    )


def _note_first_shared(entries: Iterable[Entry], now: datetime) -> None:
    fields = (FirstShared.kind, FirstShared.row_id, FirstShared.plugin, FirstShared.at)
    shared = (
        (one.kind, one.row_id, one.plugin, now)
        for one in entries
        if one.audience == REGION and one.region_id is not None
    )
    for some in chunks(shared):
        FirstShared.insert_many(some, fields).on_conflict_ignore().execute()


def remove_entries(kind: str, row_ids: Sequence[int]) -> None:
    """Remove what the index holds of these rows, which may come back."""
    _remove([entry_id for entry_id, _ in _known(kind, row_ids).values()])


def forget_rows(kind: str, row_ids: Sequence[int]) -> None:
    """Remove all that is known of these rows, which are gone."""
    remove_entries(kind, row_ids)
    for some in chunks(row_ids):
        FirstShared.delete().where(
            (FirstShared.kind == kind) & FirstShared.row_id.in_(some)
        ).execute()


def remove_plugin(plugin: str, *, portion: int = 1_000) -> int:
    """Remove up to ``portion`` entries of a plugin, and when its rows were first shared.

    Returns how many entries it were.
    """
    FirstShared.delete().where(FirstShared.plugin == plugin).execute()
    some = Entry.select(Entry.id).where(Entry.plugin == plugin).limit(portion)
    found = [entry_id for (entry_id,) in rows(some)]
    _remove(found)
    return len(found)


def _remove(entry_ids: Sequence[int]) -> None:
    _remove_words(entry_ids)
    for some in chunks(entry_ids):
        EntryDate.delete().where(EntryDate.entry.in_(some)).execute()
        Entry.delete().where(Entry.id.in_(some)).execute()


def _remove_words(entry_ids: Sequence[int]) -> None:
    if is_postgresql():  # they go, or change, with the entry
        return
    for some in chunks(entry_ids):
        marks = ", ".join("?" * len(some))
        database.execute_sql(
            f"DELETE FROM {WORDS} WHERE rowid IN "  # noqa: S608 - constants
            f"(SELECT -position FROM search_entry WHERE id IN ({marks}))",
            some,
        )


def _write_words(made: Iterable[tuple[Entry, Described, str]]) -> None:
    if is_postgresql():
        for entry, _said, words in made:
            database.execute_sql(
                "UPDATE search_entry SET words = %s::tsvector WHERE id = %s", (words, entry.id)
            )
        return
    # From the lowest row up: each step down begins a new part of FTS5's index.
    for entry, _said, words in sorted(made, key=lambda one: words_row(one[0].position)):
        database.execute_sql(
            f"INSERT INTO {WORDS} (rowid, scope, words) VALUES (?, ?, ?)",  # noqa: S608 - constants
            (words_row(entry.position), " ".join(scopes_of(entry)), words),
        )


def vector(words: Iterable[str]) -> Iterator[str]:
    """Yield the lexemes of a tsvector: words with their places, where a gap takes a place too."""
    for place, word in enumerate(words, 1):
        if word not in (GAP, ONCE_TOO_OFTEN):
            yield f"'{word}':{place}"


def _write_dates(made: Sequence[tuple[Any, Described, str]]) -> None:
    for some in chunks([entry.id for entry, *_ in made]):
        EntryDate.delete().where(EntryDate.entry.in_(some)).execute()
    fields = (
        *(EntryDate.entry, EntryDate.municipality, EntryDate.region_id, EntryDate.day),
        *(EntryDate.last_day, EntryDate.starts_at, EntryDate.ends_at),
    )
    dated = (
        (
            *(entry.id, entry.municipality_id, entry.region_id),
            *(one.day, one.last_day, one.starts_at, one.ends_at),
        )
        for entry, said, _words in made
        for one in said.dates
    )
    for some in chunks(dated):
        EntryDate.insert_many(some, fields).execute()
