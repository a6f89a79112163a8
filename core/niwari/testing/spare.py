"""The connection with which the next test in a PostgreSQL database goes on.

To make one, and to read what the tables are made of into it, takes the server longer than what most
tests then ask. Between two tests everything is discarded in it that a session can have, but for plans.
"""

import heapq
import time
from typing import Any

from playhouse.postgres_ext import PooledPsycopg3Database
from psycopg import Connection, Error
from psycopg.pq import TransactionStatus

from niwari.db import database

# By the name of the database.
_spare: dict[str, Connection[Any]] = {}
# What DISCARD ALL does, but for statements that were prepared and their plans: to plan them again takes
# the server longer than to run them. They follow what happens to their tables by themselves.
_DISCARD = (
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; "
    "SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"
)
_STATEMENTS = 1_000
"""How many a connection keeps prepared, each from when it is asked a second time."""


def set_aside(pool: Any) -> None:
    """Keep one of the idle connections of ``pool``, as new, for the next pool of its database."""
    if not isinstance(pool, PooledPsycopg3Database) or pool.database in _spare:
        return
    with pool._pool_lock:
        idle, pool._connections = pool._connections, []
    for _since, _number, connection in idle:
        if pool.database not in _spare and _is_as_new(connection):
            _spare[pool.database] = connection
        else:
            connection.close()


def _is_as_new(connection: Connection[Any]) -> bool:
    if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    if not connection.autocommit:  # what is discarded would begin a transaction
        return False
    try:
        connection.execute(_DISCARD.encode())
    except Error:
        return False
    connection.prepared_max, connection.prepare_threshold = _STATEMENTS, 1
    return True


def _go_on(pool: Any) -> None:
    """Let a pool that has just been opened begin with the connection to its database."""
    if isinstance(pool, PooledPsycopg3Database) and pool.database in _spare:
        heapq.heappush(pool._connections, (time.time(), 0, _spare.pop(pool.database)))


database.attach_callback(_go_on)


def process_of(name: str) -> int:
    """Return the server's process of the connection to the database ``name``; 0 where there is none."""
    return _spare[name].info.backend_pid if name in _spare else 0


def let_go(name: str) -> None:
    """Close the connection to the database ``name``, where there is one."""
    if name in _spare:
        _spare.pop(name).close()
