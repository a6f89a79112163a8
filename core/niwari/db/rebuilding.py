"""Rebuilding tables on SQLite, and making those anew that were purged, so that their ids go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import SQL
from playhouse.migrate import PostgresqlMigrator, SqliteMigrator

from niwari.db.counting_on import count_on_after_drops, count_on_sqlite, counted_on_sqlite


class LastingMigrator(SqliteMigrator):  # type: ignore[misc]  # playhouse is untyped
    """Peewee's migrator, under which a rebuilt table goes on counting where the old one was.

    What SQLite notes of an ``IdField`` goes with a dropped table: the new one would count from the
    highest of its rows, and hand out the ids of those that were erased.
    """

    @contextmanager
    def migration_context(self, atomic: bool = True) -> Iterator[None]:
        """Run a migration in its transaction; the ids are noted again before it ends."""
        with super().migration_context(atomic):
            counted = counted_on_sqlite(self.database)
            yield
            for table, highest in counted.items():
                count_on_sqlite(self.database, table, highest)
            count_on_after_drops(self.database)


class LastingPostgresqlMigrator(PostgresqlMigrator):  # type: ignore[misc]  # playhouse is untyped
    """The same of PostgreSQL, where a purge alone makes a table count anew."""

    @contextmanager
    def migration_context(self, atomic: bool = True) -> Iterator[None]:
        """Run a migration in its transaction; what it made anew counts on before it ends."""
        with super().migration_context(atomic):
            yield
            count_on_after_drops(self.database)


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
