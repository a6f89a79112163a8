"""What happens when, for calendars: in order, in pages, and for those alone who see the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.db import database, is_postgresql
from niwari.search.dates import MOST, dates_of, entries_between
from niwari.search.models import Entry, EntryDate
from niwari.specs.contributions import Repeats, When
from niwari.testing.world import World
from niwari_consult.models import Question
from tests.core.search.conftest import ASKER, NEIGHBOUR, Ask
from tests.core.search.test_indexing import describe_by

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def dated(world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Questions that are about days: their ids by title."""
    days = {
        "月初め": When(date(2026, 11, 1)),
        "三日間": When(date(2026, 10, 30), date(2026, 11, 2)),
        "毎週": When(
            date(2026, 11, 4), repeats=Repeats("FREQ=WEEKLY;BYDAY=WE", date(2026, 11, 25))
        ),
        "来月": When(date(2026, 12, 1)),
    }
    describe_by(world, monkeypatch, dated=lambda question: days[question.title])
    return {title: ask(title) for title in days}


def test_what_touches_the_days_is_returned_in_order(world: World, dated: dict[str, int]) -> None:
    found = entries_between(world.ctx_for(NEIGHBOUR), FIRST, LAST)
    assert [(one.row.said.title, one.day.day) for one in found.dates] == [
        ("三日間", 30),
        ("月初め", 1),
        ("毎週", 4),
        ("毎週", 11),
        ("毎週", 18),
        ("毎週", 25),
    ]
    assert found.following is None


def test_pages_follow_each_other(world: World, dated: dict[str, int]) -> None:
    ctx, after, days = world.ctx_for(ASKER), None, []
    for _ in range(3):
        page = entries_between(ctx, FIRST, LAST, after=after, limit=2)
        days += [one.day for one in page.dates]
        after = page.following
    assert len(days) == len(set(days)) == 6
    assert after is None


def test_what_the_person_does_not_see_is_not_among_it(world: World, dated: dict[str, int]) -> None:
    Question.update(audience="municipality").where(Question.id == dated["毎週"]).execute()
    assert len(entries_between(world.ctx_for(NEIGHBOUR), FIRST, LAST).dates) == 2
    assert dates_of(world.ctx_for(NEIGHBOUR), "consult.question", dated["毎週"], since=FIRST) == ()
    world.index()
    assert len(entries_between(world.ctx_for(NEIGHBOUR), FIRST, LAST).dates) == 2
    assert len(entries_between(world.ctx_for(ASKER), FIRST, LAST).dates) == 6


def test_the_days_of_one_row_are_those_that_are_left(world: World, dated: dict[str, int]) -> None:
    ctx = world.ctx_for(NEIGHBOUR)
    days = dates_of(ctx, "consult.question", dated["毎週"], since=date(2026, 11, 12))
    assert [one.day.day for one in days] == [18, 25]
    assert dates_of(ctx, "nothing.there", 1, since=FIRST) == ()


def test_where_the_feature_is_off_there_is_nothing(world: World, dated: dict[str, int]) -> None:
    world.switch("072079", "consult", on=False)
    assert entries_between(world.ctx_for(NEIGHBOUR), FIRST, LAST).dates == []
    assert entries_between(world.ctx_for(ASKER), FIRST, LAST, plugins=["ledger"]).dates == []
    assert entries_between(world.ctx_for(ASKER), LAST + timedelta(days=90), LAST).dates == []


def test_what_is_later_is_not_read_for_an_earlier_month(
    world: World, dated: dict[str, int]
) -> None:
    _add_dates(date(2027, 1, 1), number=6_000)
    with explained() as plans:
        entries_between(world.ctx_for(NEIGHBOUR), FIRST, LAST)
    (plan,) = plans
    for scope in ("municipality_id", "region_id"):
        read = plan.partition(f"search_date_{scope}_day_id_last_day")[2]
        # Both ends are bounds of the index; what comes after the next arrow is another table.
        bounds = ("(day >= ", "(day <= ") if is_postgresql() else ("day>?", "day<?")
        assert all(bound in read[:300] for bound in bounds), plan


def _add_dates(first: date, *, number: int, entry: Entry | None = None) -> None:
    entry = entry or Entry.get()
    common = {
        "entry": entry.id,
        "municipality": entry.municipality_id,
        "region_id": entry.region_id,
    }
    for start in range(0, number, 500):
        days = [first + timedelta(days=(start + step) % 365) for step in range(500)]
        EntryDate.insert_many([{**common, "day": day, "last_day": day} for day in days]).execute()
    database.execute_sql("ANALYZE")


@contextmanager
def explained() -> Iterator[list[str]]:
    """Gather how the engine carried out the questions of the block for dates."""
    plans: list[str] = []
    seen: list[tuple[str, Any]] = []

    def notice(event: Any) -> None:
        if event.sql.lstrip("(").startswith("SELECT") and '"search_date"' in event.sql:
            seen.append((event.sql, event.params))

    database.query_hooks.append(notice)
    try:
        yield plans
    finally:
        database.query_hooks.remove(notice)
    explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
    for sql, params in seen:
        found = database.execute_sql(f"{explain} {sql}", params).fetchall()
        plans.append("\n".join(str(row[-1]) for row in found))


def test_what_lasts_a_year_is_found_on_its_last_day(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = datetime(2025, 11, 1, 13, 30, tzinfo=TOKYO)
    describe_by(
        world, monkeypatch, dated=lambda _question: When(start, start + timedelta(days=366))
    )
    ask("一年")
    ends = date(2026, 11, 2)
    assert len(entries_between(world.ctx_for(NEIGHBOUR), ends, ends).dates) == 1
    after = ends + timedelta(days=1)
    assert entries_between(world.ctx_for(NEIGHBOUR), after, after).dates == []


def test_it_is_narrowed_by_feature_and_town(world: World, dated: dict[str, int]) -> None:
    ctx = world.ctx_for(NEIGHBOUR)
    there = world.ctx_for(ASKER).municipality.id
    assert len(entries_between(ctx, FIRST, LAST, plugins=["consult", "x"]).dates) == 6
    assert len(entries_between(ctx, FIRST, LAST, municipality_id=there).dates) == 6
    assert entries_between(ctx, FIRST, LAST, municipality_id=ctx.municipality.id).dates == []


def test_dates_that_the_person_does_not_see_are_gone_through_but_once(
    world: World, dated: dict[str, int]
) -> None:
    hidden = Entry.get(Entry.row_id == dated["毎週"])
    _add_dates(FIRST, number=1_000, entry=hidden)
    Question.update(audience="municipality").execute()
    page = entries_between(world.ctx_for(NEIGHBOUR), FIRST, FIRST + timedelta(days=365))
    assert page.dates == []
    assert page.following is not None
    later = entries_between(
        world.ctx_for(NEIGHBOUR), FIRST, FIRST + timedelta(days=365), after=page.following
    )
    assert later.following > page.following
    assert MOST == 500
