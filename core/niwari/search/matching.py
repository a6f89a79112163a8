"""The question to the index, in the words of each engine. What people typed is never syntax in it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import Any

from niwari.clock import ONE_DAY, TOKYO
from niwari.context import Context
from niwari.db import database, is_postgresql
from niwari.db.sets import planned_anew
from niwari.directory.readers import sections_answered
from niwari.search.models import WORDS
from niwari.search.queries import Query
from niwari.search.scopes import headed_scope, owner_scope, scopes_for
from niwari.search.words import GAP, Phrase
from niwari.search.writing import FIRST_POSITION, LAST_POSITION, position_at, words_row

# SQLite reads the words in the order of their rows (``words_row``); the joins must not turn that round.
_SQLITE = f"""
FROM {WORDS} CROSS JOIN search_entry e ON e.position = -{WORDS}.rowid
LEFT JOIN host_enablement h ON h.municipality_id = e.municipality_id AND h.plugin = e.plugin
WHERE {WORDS} MATCH ? || {{headed}} || ? AND {WORDS}.rowid <= ? AND {WORDS}.rowid > ?
  AND (h.withdrawn_at IS NULL OR e.municipality_id = ?)
"""
_POSTGRESQL = """
FROM search_entry e
LEFT JOIN host_enablement h ON h.municipality_id = e.municipality_id AND h.plugin = e.plugin
WHERE e.words @@ %s::tsquery AND e.position >= %s AND e.position < %s
  AND (h.withdrawn_at IS NULL OR e.municipality_id = %s)
  AND (e.region_id = %s AND e.audience = 'region'
       OR e.audience = 'region_people' AND (e.region_id = %s OR e.municipality_id = %s)
         AND EXISTS (
           SELECT 1 FROM directory_named_reader r WHERE r.kind = e.kind AND r.row_id = e.row_id
              AND r.person_id = %s)
       OR e.municipality_id = %s AND (e.audience NOT IN ('section', 'people', 'region_people')
         OR e.audience = 'section' AND e.section_id = %s
         OR e.audience = 'people' AND EXISTS (
           SELECT 1 FROM directory_named_reader r WHERE r.kind = e.kind AND r.row_id = e.row_id
              AND (r.person_id = %s OR r.section_id IN ({headed})
                OR r.is_whole AND r.section_id = %s))))
  AND e.kind = ANY(%s) AND (%s::integer IS NULL OR e.municipality_id = %s AND NOT e.hides_place)
"""


def newest(
    ctx: Context, query: Query, kinds: Iterable[str], *, before: int, limit: int
) -> list[tuple[str, int, int]]:
    """Return (kind, row id, position) of entries before a position, the newest first."""
    order = "e.position DESC" if is_postgresql() else f"{WORDS}.rowid"
    text = "SELECT e.kind, e.row_id, e.position {found} ORDER BY {order} LIMIT {limit}"
    return _asked(ctx, query, kinds, before, text, order=order, limit=limit)


def count_to(ctx: Context, query: Query, kinds: Iterable[str], *, most: int) -> int:
    """Return how many entries there are; what is more than ``most`` is not counted."""
    text = "SELECT COUNT(*) FROM (SELECT 1 AS one {found} LIMIT {limit}) AS counted"
    ((count,),) = _asked(ctx, query, kinds, LAST_POSITION, text, limit=most + 1)
    return int(count)


def _asked(
    ctx: Context, query: Query, kinds: Iterable[str], before: int, text: str, **values: Any
) -> list[Any]:
    first, end = FIRST_POSITION, before
    if query.first is not None:
        first = _beginning_of(query.first)
    if query.last is not None:
        end = min(end, _beginning_of(query.last + ONE_DAY))
    found, parameters = (_in_postgresql if is_postgresql() else _in_sqlite)(
        ctx, query, kinds, first, end
    )
    with planned_anew():  # how common the words are decides how they are looked for
        cursor = database.execute_sql(text.format(found=found, **values), parameters)
        rows: list[Any] = cursor.fetchall()
    return rows


def _in_sqlite(
    ctx: Context, query: Query, kinds: Iterable[str], first: int, end: int
) -> tuple[str, tuple[Any, ...]]:
    """Who may find an entry is a word of it: so a small town reads nothing of others."""
    owner = owner_scope(query.municipality_id) if query.municipality_id is not None else ""
    kinds = list(kinds)
    begins, ends = _match(scopes_for(ctx, kinds), owner, query.phrases)
    headed, sections = _headed_in_sqlite(ctx, kinds)
    return _SQLITE.format(headed=headed), (
        *(begins, *sections, ends),
        *(words_row(first), words_row(end), ctx.municipality.id),
    )


def _headed_in_sqlite(ctx: Context, kinds: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """Return the words of who answers in sections, worked out in the statement itself: no query more."""
    if ctx.appointment is None:
        return "''", ()
    text, parameters = sections_answered(ctx).sql()
    word = headed_scope(ctx.municipality.id, "' || a.id || '", "' || k.value || '")
    # Nothing in the text comes from outside: the words are ours, the ids are bound.
    words = (
        f"SELECT GROUP_CONCAT(' OR {_quoted(word)}', '') FROM ({text}) a CROSS JOIN json_each(?) k"  # noqa: S608
    )
    return f"COALESCE(({words}), '')", (*parameters, json.dumps(list(kinds)))


def _in_postgresql(
    ctx: Context, query: Query, kinds: Iterable[str], first: int, end: int
) -> tuple[str, tuple[Any, ...]]:
    """Who may find an entry is in its columns: the planner knows whether words or readers are fewer."""
    town, owner = ctx.municipality, query.municipality_id
    acting = ctx.appointment
    section, person = (acting.section_id, acting.person_id) if acting else (None, None)
    headed, sections = sections_answered(ctx).sql() if acting else ("NULL", ())
    asked = " & ".join(f"({''.join(_followed(one))})" for one in query.phrases)
    return _POSTGRESQL.format(headed=headed), (
        *(asked, first, end, town.id, town.region_id),
        *(town.region_id, town.id, person),
        *(town.id, section, person, *sections, section),
        *(list(kinds), owner, owner),
    )


def _beginning_of(day: Any) -> int:
    return position_at(datetime.combine(day, time(), TOKYO))


def _match(scopes: Sequence[str], owner: str, phrases: Iterable[Phrase]) -> tuple[str, str]:
    """Return an expression of FTS5 in two parts: between them further scopes may stand, each after OR.

    Tokens hold letters alone, so nothing in them ends a quotation.
    """
    begins = f"scope : ({' OR '.join(map(_quoted, scopes))}"
    parts = [")"]
    if owner:
        parts.append(f"scope : {_quoted(owner)}")
    for one in phrases:
        parts.append(f"words : {_quoted(' '.join(one.tokens))}{' *' if one.is_open else ''}")
    return begins, " AND ".join(parts)


def _quoted(tokens: str) -> str:
    return f'"{tokens}"'


def _followed(one: Phrase) -> Iterator[str]:
    distance = 0
    tokens = one.tokens
    for place, token in enumerate(tokens):
        if token == GAP:
            distance += 1
            continue
        if place:
            yield f" <{distance}> "
        is_last = place == len(tokens) - 1
        yield _lexeme(token) + (":*" if is_last and one.is_open else "")
        distance = 1


def _lexeme(token: str) -> str:
    return f"'{token}'"
