"""Columns that hardly any request has are looked up by an index all the same."""

from typing import Any

import pytest

from niwari.db import database, is_postgresql
from niwari.db.sets import chunks
from niwari.ledger.models import Request
from tests.core.ledger.conftest import WEDNESDAY, Ledger


@pytest.fixture
def usual(ledger: Ledger) -> Request:
    """Hundreds of requests of the usual kind, and what the engine learns of them."""
    asked = ledger.ask(WEDNESDAY, 60)
    row: dict[str, Any] = {k: v for k, v in Request.select().dicts().get().items() if k != "id"}
    copies = [{**row, "form_key": f"copy-{number}"} for number in range(900)]
    for some in chunks(copies):
        Request.insert_many(some).execute()
    database.execute_sql("ANALYZE")
    return asked


@pytest.mark.parametrize("field", ["standing", "freeze", "travel_for", "joint_with"])
def test_what_no_request_has_is_not_looked_for_in_all(usual: Request, field: str) -> None:
    column = getattr(Request, field)
    query = Request.select().where((Request.id == usual.id) | (column == usual.id))
    explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
    sql, params = query.sql()
    plan = "\n".join(str(row[-1]) for row in database.execute_sql(f"{explain} {sql}", params))
    assert f"ledger_request_{field}_id" in plan
