"""The connections to PostgreSQL that requests take in turn. Apart, as SQLite needs none of it."""

import re
from collections.abc import Sequence
from math import inf
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from playhouse.db_url import register_database
from playhouse.postgres_ext import PooledPsycopg3Database
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from niwari.db.sql_text import SqlText

SCHEME = "niwari-postgresql"
"""What a URL of ``playhouse.db_url`` begins with."""


_TRUSTED = 5.0
"""Seconds for which a connection that somebody has just used is taken to live."""


_CHANGES_TABLES = re.compile(rb"(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b").match


class _Preparing(PrepareManager):
    """Lets a connection keep what it has prepared when a transaction is rolled back.

    psycopg forgets all of it then, as a transaction may have made tables that are gone. After each form
    that a rule refuses, the server would plan every query of a page ten times anew. Statements of Niwari
    name tables that migrations made, and the server itself follows what happens to these.
    """

    def clear(self) -> bool:
        """Keep everything: called for what is rolled back, and by nobody else."""
        return False

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult], *_: Any) -> bool:
        """Tell whether nothing prepared may be used any more; then it is forgotten."""
        done = [one for one in results if one.status == ExecStatus.COMMAND_OK]
        if any(_CHANGES_TABLES(one.command_status or b"") for one in done):
            return super().clear()
        return False


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
            conn._prepared = _Preparing()
        return conn

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
