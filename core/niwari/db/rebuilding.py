"""Rebuilding tables on SQLite so that their ids go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import SQL
from playhouse.migrate import SqliteMigrator


class LastingMigrator(SqliteMigrator):  # type: ignore[misc]  # playhouse is untyped
    """Peewee's migrator, under which a rebuilt table goes on counting where the old one was.

    What SQLite notes of an ``IdField`` goes with a dropped table: the new one would count from the
    highest of its rows, and hand out the ids of those that were erased.
    """

    @contextmanager
    def migration_context(self, atomic: bool = True) -> Iterator[None]:
        """Run a migration in its transaction; the ids are noted again before it ends."""
        with super().migration_context(atomic):
            counted = _counted(self.database)
            yield
            for table, highest in counted.items():
                _count_on(self.database, table, highest)


def _counted(engine: Any) -> dict[str, int]:
    """Return the highest id that each table with an ``IdField`` has handed out."""
    if not engine.table_exists("sqlite_sequence"):  # there is none before the first such table
        return {}
    return dict(engine.execute_sql("SELECT name, seq FROM sqlite_sequence").fetchall())


def _count_on(engine: Any, table: str, highest: int) -> None:
    if not engine.table_exists(table) or _counted(engine).get(table, 0) >= highest:
        return
    engine.execute_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    engine.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, highest))


def add_check(migrator: Any, table: str, column: str, name: str, expression: str) -> Any:
    """Return the operation that adds CHECK (``expression``), called ``name``, about ``column``.

    On SQLite the table is rebuilt: before 3.53 there is no other way. The migration fails where a
    row does not satisfy it.
    """
    check = f"CHECK ({expression})"
    if not isinstance(migrator, SqliteMigrator):
        return migrator.add_constraint(table, name, SQL(check))
    return migrator._update_column(
        table, column, lambda _, ddl: f'{ddl} CONSTRAINT "{name}" {check}'
    )
