"""Counting queries: for budgets in tests and for the cost report of the benchmark."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from niwari.db.engine import database

_COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass
class QueryLog:
    """The statements that ran inside ``counted_queries``; savepoints and BEGIN are not counted."""

    statements: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __len__(self) -> int:
        return len(self.statements)

    def notice(self, event: Any) -> None:
        """Take in one event of Peewee's query hook."""
        # PostgreSQL is sent unions in brackets.
        if str(event.sql).lstrip(" \n\t(").upper().startswith(_COUNTED):
            self.statements.append(event.sql)
            self.seconds += event.duration


@contextmanager
def counted_queries() -> Iterator[QueryLog]:
    """Count the SELECT, INSERT, UPDATE and DELETE statements of the block, in all threads."""
    log = QueryLog()
    hooks = database.query_hooks
    hooks.append(log.notice)
    try:
        yield log
    finally:
        hooks.remove(log.notice)
