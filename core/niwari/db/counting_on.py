"""Ids that go on where a table of the same name once stopped: none is handed out twice.

Notices, lockers and the audit name a row as (kind, id). A table that was purged and is made anew must
not hand out the numbers of the rows that were in it.
"""

from typing import Any

from peewee import SqliteDatabase

DROPPED = "host_dropped_table"
"""The table that keeps what dropped tables had handed out: ``name`` and ``highest``."""


def note_dropped(engine: Any, tables: list[str]) -> None:
    """Note the highest ids that ``tables`` have handed out, in the transaction that drops them."""
    highest = {table: _highest(engine, table) for table in tables}
    mark = _mark(engine)
    for table, number in highest.items():
        engine.execute_sql(
            f"INSERT INTO {DROPPED} (name, highest) VALUES ({mark}, {mark}) "  # noqa: S608 - names of our own tables
            f"ON CONFLICT (name) DO UPDATE SET highest = excluded.highest "
            f"WHERE excluded.highest > {DROPPED}.highest",
            (table, number),
        )


def count_on_after_drops(engine: Any) -> None:
    """Let tables that were dropped once, and are there again, count on; again, it changes nothing."""
    present = set(engine.get_tables())
    if DROPPED not in present:  # the core's migrations have not come so far
        return
    noted = engine.execute_sql(f"SELECT name, highest FROM {DROPPED}").fetchall()  # noqa: S608 - names of our own tables
    for table, highest in noted:
        if table not in present:
            continue
        if isinstance(engine, SqliteDatabase):
            count_on_sqlite(engine, table, highest)
        elif (sequence := _sequence(engine, table)) and _last(engine, sequence) < highest:
            engine.execute_sql("SELECT setval(%s::regclass, %s)", (sequence, highest))


def counted_on_sqlite(engine: Any) -> dict[str, int]:
    """Return the highest id that each table with an ``IdField`` has handed out."""
    if not engine.table_exists("sqlite_sequence"):  # there is none before the first such table
        return {}
    return dict(engine.execute_sql("SELECT name, seq FROM sqlite_sequence").fetchall())


def count_on_sqlite(engine: Any, table: str, highest: int) -> None:
    """Let ``table`` hand out no id up to ``highest`` any more."""
    known = counted_on_sqlite(engine)
    if not engine.table_exists(table) or known.get(table, 0) >= highest:
        return
    if not engine.table_exists("sqlite_sequence"):
        return  # no table here has an ``IdField``: there is nothing to count with
    engine.execute_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    engine.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, highest))


def _highest(engine: Any, table: str) -> int:
    if "id" not in {column.name for column in engine.get_columns(table)}:
        return 0
    ((there,),) = engine.execute_sql(f'SELECT MAX(id) FROM "{table}"').fetchall()  # noqa: S608 - names of our own tables
    if isinstance(engine, SqliteDatabase):
        counted = counted_on_sqlite(engine).get(table, 0)
    else:
        sequence = _sequence(engine, table)
        counted = _last(engine, sequence) if sequence else 0
    return max(int(there or 0), counted)


def _sequence(engine: Any, table: str) -> str:
    found = engine.execute_sql("SELECT pg_get_serial_sequence(%s, 'id')", (f'"{table}"',))
    return str(found.fetchall()[0][0] or "")


def _last(engine: Any, sequence: str) -> int:
    found = engine.execute_sql("SELECT pg_sequence_last_value(%s::regclass)", (sequence,))
    return int(found.fetchall()[0][0] or 0)


def _mark(engine: Any) -> str:
    return "?" if isinstance(engine, SqliteDatabase) else "%s"
