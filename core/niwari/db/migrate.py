"""Migrations: Peewee's own runner, once per set, in order of dependence, under one lock.

Peewee's runner has no lock (two processes migrating together crash on both engines), and its table
rebuilds on SQLite drop triggers and forget ids silently; all are mended here and in ``rebuilding``.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from niwari.db.engine import database, is_postgresql
from niwari.db.rebuilding import LastingMigrator, LastingPostgresqlMigrator
from niwari.db.triggers import set_triggers

_LOCK_NUMBER = 20_220  # any number, as long as every Niwari process asks for the same


CORE = "core"
"""The name of the core's own history."""
_HISTORY = "niwari_migration_"


class MigrationFailed(RuntimeError):
    """Migrations stopped; what each of them had begun was rolled back.

    ``applied`` names what went well before and beside them, as ``migrate`` returns it.
    """

    def __init__(self, failures: Sequence[str], applied: Sequence[tuple[str, str]]) -> None:
        """Name every migration that failed, with its reason."""
        self.applied = tuple(applied)
        super().__init__("\n".join(failures))


class _Runner(Runner):  # type: ignore[misc]  # playhouse is untyped
    """Peewee's runner, which reads files and history once: for one look, or under the one lock.

    ``tables`` are those that there are, where that is known already.
    """

    def __init__(self, directory: Path, history: str, tables: Collection[str] | None) -> None:
        super().__init__(database.obj, str(directory), table_name=history)
        lasting = LastingPostgresqlMigrator if is_postgresql() else LastingMigrator
        self.migrator = lasting(database.obj)
        self._tables = tables

    @cached_property
    def _files(self) -> list[Any]:
        return list(super().migrations())

    @cached_property
    def _history(self) -> dict[str, Any]:
        if self._tables is None:
            return dict(super().applied())
        if self.table_name not in self._tables:
            return {}
        return {row.name: row.applied for row in self.History.select()}

    def migrations(self) -> list[Any]:
        return self._files

    def applied(self) -> dict[str, Any]:
        return self._history

    def pending(self) -> list[str]:
        """Return the names of the migrations that have not been applied."""
        return [one.name for one in self.status() if one.applied is None]

    def note(self, name: str) -> None:
        """Let a migration count as applied from now on."""
        self._history[name] = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class MigrationSet:
    """One history: the core's, or one plugin's.

    ``directory`` holds ``NNNN_name.py`` files; ``name`` names the history table.
    """

    name: str
    directory: Path

    def runner(self, tables: Collection[str] | None = None) -> _Runner:
        """Return Peewee's runner for this set, for one look or one change."""
        return _Runner(self.directory, f"{_HISTORY}{self.name}", tables)

    def pending(self, tables: Collection[str] | None = None) -> list[str]:
        """Return the names of the migrations that have not been applied; writes nothing.

        Whoever asks for many sets gives the ``tables`` that there are, so that it is asked once.
        """
        return self.runner(tables).pending()

    def status(self) -> list[tuple[str, bool]]:
        """Return the names of all migrations, each with whether it was applied; writes nothing."""
        return [(m.name, m.applied is not None) for m in self.runner().status()]


def histories() -> set[str]:
    """Return the names of the plugins whose migrations have ever run here, installed or not."""
    found = {name for name in database.get_tables() if name.startswith(_HISTORY)}
    return {name.removeprefix(_HISTORY) for name in found} - {CORE}


def migrate(sets: Sequence[MigrationSet]) -> list[tuple[str, str]]:
    """Apply all pending migrations of ``sets`` in the given order, then set the triggers again.

    Returns (set, migration) for each one applied. Another process that migrates meanwhile is waited
    for. All sets stand on the first: where that fails, the others are left alone; where another
    fails, it stops at its migration and the rest goes on. Raises ``MigrationFailed`` at the end,
    naming each set and migration; earlier ones stay applied.
    """
    applied: list[tuple[str, str]] = []
    failures: list[str] = []
    with _only_one_process():
        try:
            for migration_set in sets:
                if failure := _apply(migration_set, applied):
                    failures.append(failure)
                    if migration_set is sets[0]:
                        break
        finally:
            # Also after a failure: a migration before it may have rebuilt a table.
            set_triggers()
    if failures:
        raise MigrationFailed(failures, applied)
    return applied


def _apply(migration_set: MigrationSet, applied: list[tuple[str, str]]) -> str:
    """Apply what is pending in one set, noting it in ``applied``; return what failed, or nothing."""
    runner = migration_set.runner()
    for name in runner.pending():
        try:
            runner.up(name)
        except (Exception, SystemExit) as error:  # a plugin's file may raise anything
            what = str(error) or type(error).__name__
            return f"migration {migration_set.name}/{name} failed and was rolled back: {what}"
        runner.note(name)
        applied.append((migration_set.name, name))
    return ""


@contextmanager
def _only_one_process() -> Iterator[None]:
    if is_postgresql():
        database.execute_sql("SELECT pg_advisory_lock(%s)", (_LOCK_NUMBER,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (_LOCK_NUMBER,))
        return
    if _in_memory(database.obj):
        yield
        return
    with _file_lock(Path(str(database.database)).with_suffix(".migrate-lock")):
        yield


def _in_memory(engine: SqliteDatabase) -> bool:
    return str(engine.database).startswith((":memory:", "file:"))


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    # SQLite's own lock will do, in a file beside the database: it works on every platform and ends
    # with the process, also a killed one.
    lock = SqliteDatabase(str(path), timeout=120)
    lock.connect()
    try:
        with lock.atomic("EXCLUSIVE"):
            yield
    finally:
        lock.close()
