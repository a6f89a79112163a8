"""The connections to PostgreSQL that requests take in turn. Apart, as SQLite needs none of it."""

import re
from functools import lru_cache
from math import inf
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from playhouse.db_url import register_database
from playhouse.postgres_ext import PooledPsycopg3Database
from psycopg import Cursor
from psycopg._preparing import Prepare, PrepareManager
from psycopg._queries import PostgresQuery, _query2pg_nocache
from psycopg.pq import TransactionStatus

from niwari.db.sql_text import SqlText

SCHEME = "niwari-postgresql"
"""What a URL of ``playhouse.db_url`` begins with."""


_TRUSTED = 5.0
"""Seconds for which a connection that somebody has just used is taken to live."""

_CHANGES_TABLES = re.compile(rb"\s*(?:CREATE|ALTER|DROP|DISCARD|DEALLOCATE)\b", re.IGNORECASE).match
"""Finds at its beginning a statement after which psycopg's own caution is in place."""


class _Preparing(PrepareManager):
    """Lets a connection keep what it has prepared when a transaction is rolled back.

    psycopg forgets all of it then, as the transaction may have made tables that are gone. After each
    form that a rule refuses, the server would plan every query of a page ten times anew. A connection
    over which tables were changed, as a migration's, forgets as psycopg has it.
    """

    has_changed_tables = False

    def maybe_add_to_cache(self, query: PostgresQuery, prep: Prepare, name: bytes) -> Any:
        """Note what was asked."""
        if _CHANGES_TABLES(query.query):
            self.has_changed_tables = True
        return super().maybe_add_to_cache(query, prep, name)

    def clear(self) -> bool:
        """Forget everything where tables were changed, else keep it: called at each rollback."""
        return self.has_changed_tables and self.forget()

    def forget(self) -> bool:
        """Forget everything."""
        return super().clear()


# Statements of this length, in characters, and with as many values are kept as they were parsed.
_LONGEST, _MOST_VALUES = 32_768, 200
_parsed = lru_cache(maxsize=1024)(_query2pg_nocache)


class _Query(PostgresQuery):
    """Parses the long statement of a page once.

    psycopg keeps 128 statements of up to 4,096 characters, and parses every other anew.
    """

    __slots__ = ()

    def convert(self, query: Any, vars: Any) -> None:
        """Make of ``query`` and its values what the server is sent."""
        if not isinstance(query, str) or vars is None:
            super().convert(query, vars)
            return
        is_kept = len(query) <= _LONGEST and len(vars) <= _MOST_VALUES
        parse = _parsed if is_kept else _query2pg_nocache
        self.query, self._want_formats, self._order, self._parts = parse(
            self._ensure_bytes(query), self._tx.encoding
        )
        self.dump(vars)


class _Cursor(Cursor[Any]):
    _query_cls = _Query


class Pool(PooledPsycopg3Database):  # type: ignore[misc]  # playhouse has no types
    """A pool that does not ask the server each time whether a connection still lives.

    Peewee does, which is one query more for every page. A server that ends a connection says so, and if
    its process dies, its machine closes the socket. A machine that vanished says nothing: so a connection
    that nobody used for a while is asked all the same.
    """

    context_class = SqlText

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._given_back: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
        super().__init__(*args, **kwargs)

    def _connect(self) -> Any:
        conn = super()._connect()
        if not isinstance(conn._prepared, _Preparing):
            ours = _Preparing()
            vars(ours).update(vars(conn._prepared))  # what the URL says of it among them
            conn._prepared = ours
            conn.cursor_factory = _Cursor
        return conn

    def rollback(self) -> Any:
        """Roll back; what is prepared is forgotten where the server refused something.

        It refuses what was prepared before a migration changed the type of a column.
        """
        held = None if self.is_closed() else self.connection()
        has_failed = held and held.info.transaction_status == TransactionStatus.INERROR
        done = super().rollback()
        if held and has_failed:
            held._prepared.forget()
        return done

    def _can_reuse(self, conn: Any) -> bool:
        self._given_back[conn] = monotonic()
        return bool(super()._can_reuse(conn))

    def _is_closed(self, conn: Any) -> bool:
        is_idle = not conn.closed and conn.info.transaction_status == TransactionStatus.IDLE
        if not is_idle or monotonic() - self._given_back.get(conn, -inf) > _TRUSTED:
            return bool(super()._is_closed(conn))
        with DefaultSelector() as incoming:
            incoming.register(conn, EVENT_READ)
            return bool(incoming.select(timeout=0) and super()._is_closed(conn))


register_database(Pool, SCHEME)
