"""The connections to PostgreSQL that requests take in turn. Apart, as SQLite needs none of it."""

from selectors import EVENT_READ, DefaultSelector
from typing import Any

from playhouse.db_url import register_database
from playhouse.postgres_ext import PooledPsycopg3Database
from psycopg.pq import TransactionStatus

from niwari.db.sql_text import SqlText

SCHEME = "niwari-postgresql"
"""What a URL of ``playhouse.db_url`` begins with."""


class Pool(PooledPsycopg3Database):  # type: ignore[misc]  # it has no types
    """A pool that asks the server whether a connection still lives only if the server said something.

    Peewee asks each time one is taken, which is one query more for every page. A server that ends a
    connection says so, and its machine that it is closed; of one that vanished without a word neither
    that question nor the page's first one would come to an end sooner.
    """

    context_class = SqlText

    def _is_closed(self, conn: Any) -> bool:
        if conn.closed or conn.info.transaction_status != TransactionStatus.IDLE:
            return bool(super()._is_closed(conn))
        with DefaultSelector() as incoming:
            incoming.register(conn, EVENT_READ)
            return bool(incoming.select(timeout=0) and super()._is_closed(conn))


register_database(Pool, SCHEME)
