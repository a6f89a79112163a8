"""The engine: SQLite for one machine, PostgreSQL beyond, chosen by a URL at start."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

from peewee import Database, DatabaseProxy, PostgresqlDatabase, SqliteDatabase
from playhouse.db_url import connect
from playhouse.pool import PooledDatabase

from niwari.config import ConfigError
from niwari.db.sql_text import SqlText

# One process serves one database. Models bind to this proxy at import and learn their engine at
# start.
database: Any = DatabaseProxy()

_SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    # FULL: with NORMAL a power cut loses commits that were already acknowledged.
    "synchronous": 2,
    # Without it INSERT OR REPLACE removes rows of append-only tables behind their triggers' back.
    "recursive_triggers": 1,
}

_SQLITE = "sqlite:///"
_STATEMENTS = 512
"""Statements that a connection to SQLite keeps compiled: as many as pages and lists ask."""


class UnknownEngine(ConfigError):
    """The database URL names an engine that Niwari does not run on."""


def open_database(url: str, *, pool_size: int = 16) -> Database:
    """Bind all models to the database at ``url`` and return it.

    ``sqlite:////absolute/path.db`` opens one connection per thread; the path is taken as it stands,
    without escapes. ``postgresql://…`` takes them from a pool of ``pool_size``, which must be at
    least the number of threads; user and password may be percent-encoded. Nothing is connected yet,
    and connections to the database that was open before are closed. Raises ``UnknownEngine`` for
    anything else.
    """
    scheme = urlsplit(url).scheme
    if url.startswith(_SQLITE) and (path := url.removeprefix(_SQLITE)):
        engine = _Sqlite(
            path,
            pragmas=_SQLITE_PRAGMAS,
            autoconnect=False,
            factory=_LastingConnection,
            cached_statements=_STATEMENTS,
        )
    elif scheme in {"postgresql", "postgres", "psycopg3+pool"}:
        # Here, as SQLite needs none of it and a start is the quicker.
        from niwari.db.pool import SCHEME

        engine = connect(
            SCHEME + url[len(scheme) :],
            unquote_user=True,
            unquote_password=True,
            max_connections=pool_size,
            stale_timeout=300,
            timeout=10,
            autoconnect=False,
        )
    else:
        raise UnknownEngine(
            f"database_url: {scheme or url!r} is not supported; "
            "use sqlite:////path/to/niwari.db or postgresql://user@host/name"
        )
    if database.obj is not None:
        _let_go(database.obj)
    database.initialize(engine)
    return engine


def _let_go(engine: Any) -> None:
    """Close this thread's connection and the idle ones of an engine that another one follows."""
    if not engine.is_closed():
        engine.close()
    if isinstance(engine, PooledDatabase):
        engine.close_idle()


class _Sqlite(SqliteDatabase):
    context_class = SqlText


class _LastingConnection(sqlite3.Connection):
    """A connection that outlives a request and can let go of what the request left behind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        made = super().cursor(*args, **kwargs)
        self._cursors.add(made)
        return made

    def let_go(self) -> None:
        """End the transaction and the cursors that are still open.

        A cursor that was not read to its end holds the connection at the state that the database
        had then: the next request would not see what was committed meanwhile.
        """
        for cursor in tuple(self._cursors):
            cursor.close()
        self._cursors.clear()
        if self.in_transaction:
            self.rollback()

    def __del__(self) -> None:
        # Python 3.13 warns of a connection that ends with its thread; this one is meant to.
        with suppress(sqlite3.ProgrammingError):
            self.close()


def end_use() -> None:
    """Be done with this thread's connection after a request.

    On PostgreSQL it goes back to the pool. On SQLite it stays open for the thread's next request:
    a new one would read the whole schema again, and closing the last one removes the write-ahead
    log, which together is a quarter of a page's time.
    """
    if database.is_closed():
        return
    kept = database.connection()
    if isinstance(kept, _LastingConnection):
        kept.let_go()
    else:
        database.close()


def is_postgresql() -> bool:
    """Tell whether the bound engine is PostgreSQL (otherwise it is SQLite)."""
    return isinstance(database.obj, PostgresqlDatabase)


@contextmanager
def connection() -> Iterator[None]:
    """Hold this thread's connection for the block, for commands and jobs; re-entrant."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened and not database.is_closed():
            database.close()
