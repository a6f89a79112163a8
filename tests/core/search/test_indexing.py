"""The index follows the rows: whatever changed them, and whatever fails or is killed in between."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.db import connection, database, is_postgresql
from niwari.db.triggers import set_triggers
from niwari.directory.system import system_context
from niwari.host.discovery import Found
from niwari.host.models import Failure
from niwari.jobs.shifts import Shift, go_on_working, stop_working
from niwari.search import indexing
from niwari.search.describing import Described
from niwari.search.indexing import MOST_ATTEMPTS, index_due, index_for_a_while
from niwari.search.marking import mark_all, reindex
from niwari.search.models import WORDS, Changed, Entry, EntryDate
from niwari.search.writing import words_of
from niwari.specs.contributions import Repeats, When
from niwari.testing.world import World
from niwari_consult.models import Question
from tests.core.search.conftest import ASKER, Ask, Titles


def words_held() -> int:
    """How many rows the full-text structure has."""
    if is_postgresql():
        return Entry.select().count()
    ((count,),) = database.execute_sql(f"SELECT COUNT(*) FROM {WORDS}").fetchall()
    return int(count)


def test_what_one_statement_changes_in_many_rows_is_noted_row_by_row(
    world: World, ask: Ask, found: Titles
) -> None:
    numbers = [ask(f"窓口 {number}") for number in range(3)]
    Question.update(title="戸籍の係").where(Question.id.in_(numbers)).execute()
    assert {row.row_id for row in Changed.select()} == set(numbers)
    world.index()
    assert (found("窓口"), len(found("戸籍の係"))) == ([], 3)


def test_rows_that_a_statement_copies_are_noted(world: World, ask: Ask, found: Titles) -> None:
    ask("窓口")
    columns = ", ".join(
        f'"{field.column_name}"'
        for field in Question._meta.sorted_fields
        if field.name not in ("id", "key")
    )
    database.execute_sql(
        f"INSERT INTO consult_question ({columns}, key) "
        f"SELECT {columns}, '{uuid4()}' FROM consult_question"
    )
    world.index()
    assert found("窓口") == ["窓口", "窓口"]


def test_rows_that_a_statement_removes_leave_with_words_and_dates(
    world: World, ask: Ask, found: Titles
) -> None:
    ask("窓口")
    ask("戸籍")
    Question.delete().where(Question.title == "窓口").execute()
    world.index()
    assert found("窓口") == []
    assert (Entry.select().count(), EntryDate.select().count(), words_held()) == (1, 0, 1)


def test_what_is_rolled_back_is_not_noted(world: World, ask: Ask) -> None:
    ask("窓口")
    with pytest.raises(ZeroDivisionError), database.atomic():
        Question.update(title="戸籍").execute()
        raise ZeroDivisionError
    assert Changed.select().count() == 0


def test_a_worker_that_is_killed_before_the_end_loses_nothing(
    world: World, ask: Ask, found: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask("窓口")
    Question.update(title="戸籍").where(Question.id == number).execute()
    with monkeypatch.context() as killed:
        killed.setattr(indexing, "_end", _killed)
        with pytest.raises(KeyboardInterrupt):
            world.index()
    database.connect(reuse_if_open=True)
    assert Changed.select().count() == 1
    world.index()
    assert (found("窓口"), found("戸籍")) == ([], ["戸籍"])


def _killed(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_row_that_changes_while_it_is_described_is_looked_at_again(
    world: World, ask: Ask, found: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask("窓口")
    later = iter(["戸籍", "税務"])

    def text(question: Question) -> str:
        title = next(later, None)
        if title is not None:
            Question.update(title=title).where(Question.id == number).execute()
        return "本文"

    describe_by(world, monkeypatch, text=text)
    Question.update(title="福祉").where(Question.id == number).execute()
    world.index()
    assert (found("福祉"), found("戸籍"), found("税務")) == ([], [], ["税務"])
    assert Changed.select().count() == 0


def describe_by(world: World, monkeypatch: pytest.MonkeyPatch, **told: Any) -> None:
    """Let consult describe its questions in another way."""
    consult = world.host.plugins["consult"]
    (resource,) = consult.contributions.resources
    monkeypatch.setattr(
        consult,
        "contributions",
        replace(consult.contributions, resources=(replace(resource, **told),)),
    )


def test_a_row_whose_plugin_fails_leaves_the_index_alone_and_counts_against_that_part(
    world: World, ask: Ask, found: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = ask("悪い窓口"), ask("良い窓口")

    def text(question: Question) -> str:
        if question.id == bad:
            raise ValueError("fails on purpose")
        return "本文"

    with monkeypatch.context() as failing:
        describe_by(world, failing, text=text)
        Question.update(topic="other").where(Question.id.in_([bad, good])).execute()
        world.index()
        assert found("窓口") == ["良い窓口"]
        (failure,) = Failure.select()
        assert (failure.plugin, failure.surface) == ("consult", "resource consult.question")
        assert failure.municipality_id == world.ctx_for(ASKER).municipality.id
        (waiting,) = Changed.select()
        assert (waiting.row_id, waiting.attempts) == (bad, 1)
        assert index_due(world.clock()) == 0
    world.clock.advance(minutes=6)
    world.index()
    assert len(found("窓口")) == 2
    assert Changed.select().count() == 0


def test_a_part_in_quarantine_is_not_asked_and_its_rows_wait(
    world: World, ask: Ask, found: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        ask(f"窓口 {number}")
    asked = []

    def text(question: Question) -> str:
        asked.append(question.id)
        raise ValueError("fails on purpose")

    with monkeypatch.context() as failing:
        describe_by(world, failing, text=text)
        for number in range(8):  # one after the other, as people change them
            Question.update(topic="other").where(Question.title == f"窓口 {number}").execute()
            world.index()
    assert len(asked) < 8
    world.clock.advance(hours=2)
    world.index()
    world.clock.advance(hours=2)
    world.index()
    assert len(found("窓口")) == 8


def test_a_row_that_keeps_failing_is_given_up_in_the_end(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("窓口")
    describe_by(world, monkeypatch, text=lambda question: None)
    mark_all(world.system_context(), "consult")
    Changed.update(attempts=MOST_ATTEMPTS - 1).execute()
    world.index()
    assert Changed.select().count() == 0
    assert Entry.select().count() == 0


def test_rows_from_before_the_triggers_are_indexed_once_there_are_some(
    world: World, ask: Ask, found: Titles
) -> None:
    ask("窓口")
    for verb in ("insert", "update", "delete"):
        on = " ON consult_question" if is_postgresql() else ""
        database.execute_sql(f"DROP TRIGGER consult_question_noted_{verb}{on}")
    Question.update(title="戸籍").execute()
    world.index()
    assert found("戸籍") == []
    set_triggers()
    world.index()
    assert found("戸籍") == ["戸籍"]
    set_triggers()
    assert Changed.select().count() == 0


def test_indexing_anew_restores_an_index_that_was_lost_and_removes_what_is_gone(
    world: World, ask: Ask, found: Titles
) -> None:
    numbers = [ask(f"窓口 {number}") for number in range(3)]
    ghost = Entry.get(Entry.row_id == numbers[0])
    Entry.update(row_id=ghost.row_id + 100).where(Entry.id == ghost.id).execute()
    told: list[tuple[int, int]] = []
    done = reindex(world.system_context(), progress=lambda *at: told.append(at))
    assert (done, told) == ((3, 3), [(3, 3)])
    assert len(found("窓口")) == 3
    assert words_held() == 3


def test_an_entry_keeps_its_place_when_its_row_changes(world: World, ask: Ask) -> None:
    number = ask("窓口")
    before = Entry.get().position
    world.clock.advance(days=3)
    Question.update(title="戸籍").where(Question.id == number).execute()
    world.index()
    assert Entry.get().position == before


def test_what_is_yet_to_come_stands_where_it_was_first_indexed(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_by(world, monkeypatch, dated=lambda question: date(2026, 12, 24))
    ask("忘年会")
    entry, day = Entry.get(), EntryDate.get()
    assert entry.shown_at == world.clock()
    assert (day.day, day.last_day, day.starts_at) == (date(2026, 12, 24), date(2026, 12, 24), None)


def test_what_recurs_has_a_date_for_each_time(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = When(
        datetime(2026, 11, 11, 1, tzinfo=UTC),
        datetime(2026, 11, 11, 2, tzinfo=UTC),
        repeats=Repeats("FREQ=WEEKLY;BYDAY=WE", date(2026, 12, 2)),
    )
    describe_by(world, monkeypatch, dated=lambda question: when)
    ask("勉強会")
    days = [row.day.day for row in EntryDate.select().order_by(EntryDate.day)]
    assert days == [11, 18, 25, 2]


def test_a_row_that_is_about_no_day_has_none(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_by(world, monkeypatch, dated=lambda question: None)
    ask("窓口")
    assert EntryDate.select().count() == 0


def test_rows_of_a_plugin_that_is_gone_wait_and_hold_up_nobody(
    world: World, ask: Ask, found: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    Changed.create(table_name="tea_cup", row_id=1)
    ask("窓口")
    assert found("窓口") == ["窓口"]
    (waiting,) = Changed.select()
    assert waiting.due_at > world.clock() + timedelta(minutes=30)


def test_the_worker_reads_what_waits_by_an_index(world: World) -> None:
    later = world.clock() + timedelta(days=9)
    for first in range(0, 5_000, 500):
        due_at = later + timedelta(minutes=first)
        waiting = [("consult_question", number, due_at) for number in range(500)]
        fields = (Changed.table_name, Changed.row_id, Changed.due_at)
        Changed.insert_many(waiting, fields).execute()
    database.execute_sql("ANALYZE search_changed")
    asked: list[tuple[str, Any]] = []
    database.query_hooks.append(notice := lambda event: asked.append((event.sql, event.params)))
    try:
        assert index_due(world.clock()) == 0
    finally:
        database.query_hooks.remove(notice)
    questions = [one for one in asked if one[0].startswith("SELECT") and "search_changed" in one[0]]
    assert len(questions) == 2  # what is new, and what is due again
    for sql, params in questions:
        explained = "EXPLAIN " if is_postgresql() else "EXPLAIN QUERY PLAN "
        plan = str(database.execute_sql(explained + sql, params).fetchall())
        assert "search_changed_due_at_id" in plan
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan


def test_nothing_is_begun_once_the_time_is_over_or_the_worker_is_to_stop(
    world: World, ask: Ask, found: Titles
) -> None:
    number = ask("窓口")
    Question.update(title="戸籍").where(Question.id == number).execute()
    assert index_due(world.clock(), shift=Shift(0)) == 0
    stop_working()
    try:
        assert index_for_a_while(world.clock()) == 0
    finally:
        go_on_working()
    assert index_for_a_while(world.clock()) == 1
    assert found("戸籍") == ["戸籍"]


def test_what_another_worker_has_seen_to_meanwhile_is_left_as_it_is(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask("窓口")
    calls = []

    def text(question: Question) -> str:
        calls.append(question.id)
        if len(calls) == 1:
            world.index()  # as another worker
        raise ValueError("fails on purpose")

    describe_by(world, monkeypatch, text=text)
    Question.update(title="戸籍").where(Question.id == number).execute()
    world.index()
    (waiting,) = Changed.select()
    assert (len(calls), waiting.attempts) == (2, 1)


def test_the_words_of_a_row_are_made_before_anybody_has_to_wait(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def words(said: Described) -> str:
        held.append(database.in_transaction())
        return words_of(said)

    monkeypatch.setattr(indexing, "words_of", words)
    ask("窓口")
    assert held == [False]


def test_a_trigger_that_does_less_than_it_shall_is_set_anew(world: World, ask: Ask) -> None:
    ask("窓口")
    if is_postgresql():
        database.execute_sql(
            "CREATE OR REPLACE FUNCTION niwari_note_changed() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$"
        )
    else:
        database.execute_sql("DROP TRIGGER consult_question_noted_update")
        database.execute_sql(
            "CREATE TRIGGER consult_question_noted_update AFTER UPDATE ON consult_question "
            "BEGIN SELECT 1; END"
        )
    Question.update(title="戸籍").execute()
    assert Changed.select().count() == 0
    set_triggers()
    Question.update(title="税務").execute()
    assert Changed.select().count() == 1


def test_purging_a_plugin_takes_its_entries_along(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found]
) -> None:
    from niwari.admin.purging import purge

    world = open_world([trial_plugins["dummy"]])
    (note,) = world.host.plugins["dummy"].contributions.resources
    note.sample(world.ctx_for(ASKER))
    world.index()
    note.sample(world.ctx_for(ASKER))
    for code in ("072036", "072079", "075213"):
        world.switch(code, "dummy", on=False)
    ctx = system_context(world.clock(), "test")
    purge(ctx, world.dispatcher, "dummy", typed="dummy", save=lambda kept: None)
    with connection():
        assert (Entry.select().count(), Changed.select().count(), words_held()) == (0, 0, 0)


def test_an_update_of_a_plugin_has_its_rows_indexed_anew(world: World, ask: Ask) -> None:
    ask("窓口")
    assert mark_all(world.system_context(), "consult") == 1
    assert [row.table_name for row in Changed.select()] == ["consult_question"]
    assert mark_all(world.system_context(), "nothing") == 0
