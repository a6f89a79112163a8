"""Whose fault an error is, and how it may be told without telling what somebody wrote."""

import sqlite3
import traceback
from typing import Any

from peewee import InterfaceError, OperationalError, PeeweeException
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException

from niwari.db import is_postgresql
from niwari.errors import DomainError
from niwari.host.quarantine import Dark

NEVER_CONTAINED = (KeyboardInterrupt, GeneratorExit)
"""What ends the process or a generator on purpose, whatever plugin it passes through."""

# SQLite says "no such table" with the same class as "the disk is full", and its sentences may name
# columns; only its number tells them apart.
_SQLITE_UNAVAILABLE = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY),
        *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM),
        *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
    }
)


def is_plugins_fault(error: BaseException) -> bool:
    """Tell whether ``error`` counts against the plugin.

    An answer (``HTTPException``, a domain error), an unavailable database, and what was already
    counted against another plugin's service do not.
    """
    if isinstance(error, HTTPException | DomainError | Dark | MaxConnectionsExceeded):
        return False
    if was_counted(error):
        return False
    if isinstance(error, PeeweeException):
        return not _database_is_away(error)
    return True


def _database_is_away(error: PeeweeException) -> bool:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_UNAVAILABLE  # what is above says more of the same
    return is_postgresql() and isinstance(error, OperationalError | InterfaceError)


def is_answer(error: BaseException | None) -> bool:
    """Tell whether a call was answered, if only by a rule or a page that says no."""
    return error is None or isinstance(error, HTTPException | DomainError)


def describe(error: BaseException, package: str) -> str:
    """Return the kind of ``error`` and where in ``package`` it was raised, never its message."""
    kind = type(error).__name__
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        folder = f"/{package}/"
        name = frame.filename.replace("\\", "/")
        if package and folder in name:
            place = f"{package}/{name.rsplit(folder, 1)[1]}:{frame.lineno}"
    return f"{kind} {place}".strip()


def was_counted(error: BaseException) -> bool:
    """Tell whether ``error`` was logged and counted already."""
    return bool(getattr(error, "niwari_counted", False))


def mark_counted(error: BaseException) -> None:
    """Note on ``error`` that it was counted, so that nobody further up is charged for it."""
    marked: Any = error
    try:
        marked.niwari_counted = True
    except AttributeError:  # a class with slots; then the caller is charged too
        return
