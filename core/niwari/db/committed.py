"""What is done once a transaction is committed: once for each, and nobody's answer hangs on it."""

import logging
from collections.abc import Callable
from threading import local

from niwari.db.engine import database

log = logging.getLogger(__name__)

_state = local()


def once_after_commit(name: str, call: Callable[[], object]) -> None:
    """Make ``call`` once the caller's transaction is committed, or at once outside of one.

    However often it is asked for under ``name`` in one transaction, it is made once. What it raises
    is logged: what was committed stays so, and whoever did it is told so.
    """
    asked: dict[str, Callable[[], object]] = _state.__dict__.setdefault("asked", {})
    asked[name] = call

    def make() -> None:
        # The first of a transaction takes it; after a rollback it is left, and nobody makes it.
        waiting = asked.pop(name, None)
        if waiting is None:
            return
        try:
            waiting()
        except Exception:
            log.exception("what follows a commit failed: %s", name)

    database.after_commit(make)
