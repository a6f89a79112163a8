"""Using a test's SQLite database again: to read what its tables are made of takes most of a test's time.

A new connection reads the whole schema at its first question. So the connection stays open, also where a
test closes it and connects again, and beneath it the pages of the file that a test changed are put back. A
database of which a test changed more than rows, or that another process or another connection of an engine
has open, is not used again. A test may put another file in the place of its own, but not write into it
past SQLite.
"""

import os
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import get_ident
from typing import Any
from weakref import WeakSet

from peewee import SqliteDatabase

from niwari.db import database

IS_POSSIBLE = sys.platform != "win32" and hasattr(os, "preadv")
"""Whether files have the locks that this needs, and can be read into a place that is there."""

_BLOCK = 16 * 1024
# By how much a file may have grown and still be used again, in bytes: it is never cut, as SQLite
# remembers how long it was. What lies behind the pages that its head counts means nothing.
_GROWN = 4 * 1024**2
# From https://www.sqlite.org/fileformat2.html: the number in the head of a file that changes with its
# tables, indexes, triggers and views, and one that is its user's. From os.h of SQLite: the bytes that
# whoever has a file open locks.
_SHAPE = slice(40, 44)
_NUMBER = slice(60, 64)
_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510
# What a test may have set for its connection, as it is where nobody has. The rest is set when the next
# engine takes it; until then it waits for nobody.
_UNSET = (
    "query_only = 0",
    "ignore_check_constraints = 0",
    "defer_foreign_keys = 0",
    "writable_schema = 0",
    "wal_autocheckpoint = 1000",
    "busy_timeout = 0",
)
# By path.
_known: dict[str, "RecycledFile"] = {}


class RecycledFile:
    """A copy of a prepared database in a file, and the connection with which its next test goes on."""

    def __init__(self, path: Path, prepared: bytes) -> None:
        """Write what was ``prepared`` to ``path``, where there is no file yet."""
        self._path = path
        self._prepared = prepared
        self._found = bytearray(len(prepared))
        self._thread = get_ident()
        self._made: WeakSet[sqlite3.Connection] = WeakSet()
        self._spare: sqlite3.Connection | None = None
        self._other: sqlite3.Connection | None = None
        # Open as long as a connection is: whoever closes a file gives up all locks of their process on
        # it, SQLite's too.
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._write(0, prepared)
        _known[str(path)] = self

    def connect(self, engine: Any, anew: Callable[[], Any]) -> Any:
        """Return the spare connection for ``engine``, or one made ``anew``."""
        if self._spare is not None and get_ident() == self._thread:
            found, self._spare = self._spare, None
            if self._is_where_it_was():
                engine._add_conn_hooks(found)
                return found
            found.close()
        made = anew()
        self._made.add(made)
        return made

    def close(self, connection: Any, close: Callable[[Any], None]) -> None:
        """Set a connection aside that an engine closes; ``close`` it where it cannot be as new."""
        is_mine = self._spare is None and get_ident() == self._thread
        if is_mine and self._is_where_it_was() and _is_as_new(connection):
            self._spare = connection
        else:
            close(connection)

    def put_back(self) -> bool:
        """Let it hold what was prepared; ``False`` if more than rows changed, or somebody is at it."""
        if self._spare is None or not self._prepared or not self._is_its_alone():
            return False
        try:
            is_held, waiting, _moved = self._spare.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)"
            ).fetchone()
        except sqlite3.Error:
            return False
        size = os.fstat(self._file).st_size
        if is_held or waiting or size > len(self._prepared) + _GROWN:
            return False
        # Read into the same place each time: to get new memory from the system takes as long again.
        found = self._found
        is_whole = os.preadv(self._file, [found], 0) == len(found)
        if not is_whole or found[_SHAPE] != self._prepared[_SHAPE]:
            return False
        self._put_back_blocks(found)
        self._tell_of_change()
        return True

    def let_go(self) -> None:
        """Close what is open; the file stays."""
        del _known[str(self._path)]
        for connection in (self._spare, self._other):
            if connection is not None:
                connection.close()
        self._spare = self._other = None
        os.close(self._file)
        self._file = -1  # the number is soon another file's

    def _put_back_blocks(self, found: bytearray) -> None:
        # Bytes are compared many times as fast as views of them, and to copy them costs next to nothing.
        for at in range(0, len(self._prepared), _BLOCK):
            before = self._prepared[at : at + _BLOCK]
            if before != found[at : at + _BLOCK]:
                self._write(at, before)

    def _tell_of_change(self) -> None:
        """Let the spare connection forget what it has read, the full-text index too.

        Another connection has written to the head of the file, where it says of no table that it is
        another one: so what it knows of the tables stays.
        """
        if self._other is None:
            self._other = sqlite3.connect(self._path, isolation_level=None)
        said = int.from_bytes(self._prepared[_NUMBER], "big", signed=True)
        self._other.execute(f"PRAGMA user_version = {said}")

    def _write(self, at: int, data: bytes) -> None:
        while data:
            written = os.pwrite(self._file, data, at)
            at, data = at + written, data[written:]

    def _is_its_alone(self) -> bool:
        """Tell whether only the spare connection has it open, and the file is where it was."""
        if any(_is_open(one) for one in self._made if one is not self._spare):
            return False
        import fcntl  # Windows has none

        try:
            # The lock of this process becomes one that no other process shares, and what it was again.
            for kind in (fcntl.LOCK_EX, fcntl.LOCK_SH):
                fcntl.lockf(self._file, kind | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError:
            return False
        return self._is_where_it_was()

    def _is_where_it_was(self) -> bool:
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._file))
        except OSError:
            return False


def _go_on(engine: Any) -> None:
    file = _known.get(engine.database) if isinstance(engine, SqliteDatabase) else None
    if file is not None:
        engine._connect = partial(file.connect, engine, engine._connect)
        engine._close = partial(file.close, close=engine._close)


database.attach_callback(_go_on)


def _is_as_new(connection: Any) -> bool:
    """End what is left of a test in its connection; ``False`` where tables or files lie in it.

    What it wrote is in the file then, as where it is closed, unless another connection reads.
    """
    if not hasattr(connection, "let_go"):  # of an engine that is not Niwari's
        return False
    try:
        connection.let_go()
        connection.row_factory, connection.text_factory = None, str
        connection.isolation_level = None
        connection.set_authorizer(None)
        connection.set_progress_handler(None, 0)
        connection.set_trace_callback(None)
        for setting in _UNSET:
            connection.execute(f"PRAGMA {setting}")
        present = {name for _number, name, _path in connection.execute("PRAGMA database_list")}
        temporary = connection.execute("SELECT name FROM temp.sqlite_schema LIMIT 1").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        return False
    return present <= {"main", "temp"} and not temporary


def _is_open(connection: sqlite3.Connection) -> bool:
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False
