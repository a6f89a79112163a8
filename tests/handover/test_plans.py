"""How the databases look up what is many: by person, notebook and town, never by walking through all."""

from collections.abc import Callable
from typing import Any

from niwari.api import transaction
from niwari.db import database, is_postgresql
from niwari_handover.service import beginning, listing, sight


def plans_of(ctx: Any, act: Callable[[], object]) -> list[str]:
    """Return how the engine reads the tables for each query of an act, without sizes to go by."""
    asked: list[Any] = []
    database.query_hooks.append(asked.append)
    try:
        act()
    finally:
        database.query_hooks.remove(asked.append)
    queries = [one for one in asked if one.sql.startswith("SELECT") and "handover" in one.sql]
    explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
    with transaction(ctx):
        if is_postgresql():
            database.execute_sql("SET LOCAL enable_seqscan = off")
        return [
            "\n".join(
                str(row[-1]) for row in database.execute_sql(f"{explain} {one.sql}", one.params)
            )
            for one in queries
        ]


def test_no_page_and_no_morning_walks_through_a_town_or_all_towns(
    ctx_for: Any, open_notebook: Any, write: Any, name_successor: Any
) -> None:
    notebook = open_notebook()
    write(notebook)
    name_successor(notebook)
    ctx, hr = ctx_for("staff@koriyama"), ctx_for("hr@koriyama")
    acts: list[Callable[[], object]] = [
        lambda: listing.unfinished(ctx, 3),
        lambda: listing.list_notebooks(ctx),
        lambda: listing.list_posts(hr),
        lambda: sight.get_seen(ctx, notebook),
        lambda: beginning.look_at_day(ctx),
    ]
    plans = [plan for act in acts for plan in plans_of(ctx, act)]
    assert len(plans) > len(acts)
    for plan in plans:
        assert "SCAN t" not in plan
        assert "Seq Scan on handover" not in plan
        # All that is open, of every town, for each notebook; all posts of a town for each person.
        assert "handover_handing_state" not in plan
        assert "directory_appointment_municipality" not in plan
