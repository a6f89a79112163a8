"""What the tests of the audit share: rows of it, and a hand that changes what nobody may change."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from niwari.audit import service as audit
from niwari.audit.models import AuditEntry
from niwari.db import connection, database, is_postgresql, rows, transaction
from niwari.testing.world import World

STAFF = "staff@koriyama"

Write = Callable[[int], list[int]]
Tamper = Callable[[str], None]

_TABLES = ("audit_entry", "audit_seal", "audit_sealed_entry")


@pytest.fixture
def town(world: World) -> int:
    """The municipality whose audit is tried."""
    return world.ctx_for(STAFF).municipality.id


@pytest.fixture
def write(world: World, town: int) -> Write:
    """Write rows of the audit, as acts do; returns their ids."""

    def do(count: int) -> list[int]:
        ctx = world.ctx_for(STAFF)
        with transaction(ctx):
            for number in range(count):
                audit.record(ctx, "test.act", "thing", number, note="草野")
        newest = AuditEntry.select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(count)
        return sorted(one for (one,) in rows(newest))

    return do


@pytest.fixture
def tamper(world: World) -> Tamper:
    """Run a statement as somebody does who has the database and its triggers in hand."""

    def do(statement: str) -> None:
        for table in _TABLES:
            if is_postgresql():
                database.execute_sql(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}")
            else:
                database.execute_sql(f"DROP TRIGGER IF EXISTS {table}_no_update")
                database.execute_sql(f"DROP TRIGGER IF EXISTS {table}_no_delete")
        database.execute_sql(statement)

    return do


@pytest.fixture
def elsewhere() -> Callable[[Callable[[], Any]], Any]:
    """Do something on a connection of its own and return what it gives."""

    def do(act: Callable[[], Any]) -> Any:
        said: list[Any] = []

        def run() -> None:
            with connection():
                said.append(act())

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return said[0]

    return do
