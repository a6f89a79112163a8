"""Whose fault an error is, and how it may be told without telling what somebody wrote."""

import traceback
from typing import Any

from peewee import InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import HTTPException

from niwari.db import is_postgresql
from niwari.errors import DomainError
from niwari.host.quarantine import Dark

NEVER_CONTAINED = (KeyboardInterrupt, GeneratorExit)
"""What ends the process or a generator on purpose, whatever plugin it passes through."""

# SQLite says "no such table" with the same class as "the disk is full".
_SQLITE_UNAVAILABLE = ("locked", "unable to open", "disk", "readonly", "busy")


def is_plugins_fault(error: BaseException) -> bool:
    """Tell whether ``error`` counts against the plugin.

    An answer (``HTTPException``, a domain error), an unavailable database, and what was already
    counted against another plugin's service do not.
    """
    if isinstance(error, HTTPException | DomainError | Dark | MaxConnectionsExceeded):
        return False
    if getattr(error, "niwari_counted", False):
        return False
    if isinstance(error, OperationalError | InterfaceError):
        text = str(error).lower()
        return not is_postgresql() and not any(word in text for word in _SQLITE_UNAVAILABLE)
    return True


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


def mark_counted(error: BaseException) -> None:
    """Note on ``error`` that it was counted, so that nobody further up is charged for it."""
    marked: Any = error
    try:
        marked.niwari_counted = True
    except AttributeError:  # a class with slots; then the caller is charged too
        return
