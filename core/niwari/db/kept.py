"""Keeping answers in memory that belong to a revision of what they were read from."""

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakSet

from niwari.db.engine import database

Answer = TypeVar("Answer")

# Weak, so that what is kept for an application goes with it.
_CACHES: WeakSet[Any] = WeakSet()
_CHANGING = Lock()


def _forget(_engine: object) -> None:
    with _CHANGING:
        caches = list(_CACHES)
    for cached in caches:
        cached.cache_clear()


database.attach_callback(_forget)


def kept(maxsize: int) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Keep up to ``maxsize`` answers of a function that reads the database, by its arguments.

    Inside a transaction nothing is kept nor taken: what is read there may be rolled back, and the
    same revision then comes to mean something else. Another database begins with nothing.
    """

    def decorate(function: Callable[..., Answer]) -> Callable[..., Answer]:
        cached = lru_cache(maxsize)(function)
        with _CHANGING:
            _CACHES.add(cached)

        @wraps(function)
        def answer(*arguments: int) -> Answer:
            return function(*arguments) if database.in_transaction() else cached(*arguments)

        return answer

    return decorate
