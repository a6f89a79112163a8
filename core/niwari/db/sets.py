"""Rows in sets: statements whose text is made once, for what is too much for an ORM's objects."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVar

from niwari.db.engine import database, is_postgresql

T = TypeVar("T")

CHUNK = 500
"""Values or rows in one query: eight columns of 500 rows are well below both engines' limits."""


def put_rows(
    model: Any,
    fields: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    key: Sequence[Any] = (),
    returning: Sequence[Any] = (),
) -> list[tuple[Any, ...]]:
    """Insert rows, in the caller's transaction; returns the columns ``returning`` of each.

    With ``key``, columns that are unique together, a row that is there already gets the new values.
    Days come back as the driver gives them: texts on SQLite.
    """
    found: list[tuple[Any, ...]] = []
    names = tuple(field.column_name for field in fields)
    keys, wanted = (tuple(f.column_name for f in some) for some in (key, returning))
    for chunk in chunks(rows):
        text = _insert_text(
            model._meta.table_name, names, len(chunk), keys, wanted, is_postgresql()
        )
        cursor = database.execute_sql(text, list(chain.from_iterable(chunk)))
        if wanted:
            found += cursor.fetchall()
    return found


def next_ids(model: Any, count: int) -> Sequence[int]:
    """Hand out the ids of ``count`` new rows, in the caller's transaction.

    Whoever inserts rows with them need not ask which row got which. For the core's tables, whose ids
    count on from the highest on SQLite; there the transaction holds the only write lock.
    """
    if not database.in_transaction():
        raise RuntimeError("next_ids() needs a transaction(ctx) around it")
    table = model._meta.table_name
    if not count:
        return ()
    if is_postgresql():
        text = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        return [found for (found,) in database.execute_sql(text, [table, count]).fetchall()]
    text = f'SELECT COALESCE(MAX("id"), 0) FROM "{table}"'  # noqa: S608 - our own name
    ((last,),) = database.execute_sql(text).fetchall()
    return range(last + 1, last + 1 + count)


@contextmanager
def planned_anew() -> Iterator[None]:
    """Let PostgreSQL plan each statement of the block for the tables as they are then.

    A plan that is kept from when a table was empty reads all of it once it is full. SQLite keeps none.
    """
    if not is_postgresql():
        yield
        return
    held = database.connection()
    before, held.prepare_threshold = held.prepare_threshold, None
    try:
        yield
    finally:
        held.prepare_threshold = before


def rows_where(
    model: Any, fields: Sequence[Any], column: Any, values: Iterable[Any]
) -> Iterator[tuple[Any, ...]]:
    """Yield the columns ``fields`` of the rows whose ``column`` is one of ``values``."""
    names = ", ".join(f'"{field.column_name}"' for field in fields)
    for chunk in chunks(values):
        marks = ", ".join(("%s" if is_postgresql() else "?",) * len(chunk))
        text = (
            f'SELECT {names} FROM "{model._meta.table_name}" '  # noqa: S608 - our own names
            f'WHERE "{column.column_name}" IN ({marks})'
        )
        yield from database.execute_sql(text, list(chunk)).fetchall()


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Split values or rows so that each part fits into one query."""
    left = iter(values)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


@lru_cache(maxsize=64)
def _insert_text(
    table: str,
    names: tuple[str, ...],
    count: int,
    key: tuple[str, ...],
    returning: tuple[str, ...],
    postgresql: bool,
) -> str:
    row = f"({', '.join(('%s' if postgresql else '?',) * len(names))})"
    text = (
        f'INSERT INTO "{table}" ({_listed(names)}) VALUES '  # noqa: S608 - our own names
        f"{', '.join((row,) * count)}"
    )
    if key:
        new = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
        text += f" ON CONFLICT ({_listed(key)}) DO UPDATE SET {new}"
    return f"{text} RETURNING {_listed(returning)}" if returning else text


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
