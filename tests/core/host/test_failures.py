"""Failures: whose they are, what is kept of them, and that keeping them harms nobody."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from peewee import IntegrityError, InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded
from werkzeug.exceptions import Forbidden, NotFound

from niwari.db import database, transaction
from niwari.errors import DomainError
from niwari.host.dispatch import Dispatcher
from niwari.host.faults import describe, is_answer, is_plugins_fault, mark_counted
from niwari.host.models import Failure
from niwari.host.quarantine import Dark
from niwari.testing.world import World

HERE = "staff@koriyama"


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere."""
    return crashers


@pytest.fixture
def dispatcher(world: World) -> Dispatcher:
    found: Dispatcher = world.app.extensions["niwari"].dispatcher
    return found


def kept() -> list[Any]:
    """The failures that are kept, the oldest first."""
    database.connect(reuse_if_open=True)
    return list(Failure.select().order_by(Failure.id))


def secret() -> None:
    raise LookupError("the mother of 郡山 花子 is ill")


# -- whose fault it is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [LookupError(), SystemExit(1), RecursionError(), MemoryError(), IntegrityError("UNIQUE")],
)
def test_what_a_plugin_raises_counts(world: World, error: BaseException) -> None:
    assert is_plugins_fault(error)
    assert not is_answer(error)


@pytest.mark.parametrize("error", [NotFound(), Forbidden(), DomainError("no")])
def test_an_answer_does_not_count(world: World, error: BaseException) -> None:
    assert not is_plugins_fault(error)
    assert is_answer(error)


@pytest.mark.parametrize(
    "error",
    [
        MaxConnectionsExceeded("Exceeded maximum connections."),
        Dark("crasher", "cards"),
    ],
)
def test_a_database_that_is_away_and_a_part_that_is_dark_do_not_count(
    world: World, error: BaseException
) -> None:
    assert not is_plugins_fault(error)
    assert not is_answer(error)


@pytest.mark.parametrize("error", [OperationalError("no such table: x"), InterfaceError("bad")])
def test_a_wrong_statement_counts_where_it_can_be_told_from_a_database_that_is_away(
    world: World, error: BaseException
) -> None:
    # PostgreSQL has classes of their own for wrong statements, SQLite has not.
    is_sqlite = world.settings.database_url.startswith("sqlite")
    assert is_plugins_fault(error) is is_sqlite


def test_a_missing_table_counts_on_both_engines(world: World) -> None:
    with pytest.raises(Exception, match="crasher_gone") as raised:
        database.execute_sql("SELECT * FROM crasher_gone")
    assert is_plugins_fault(raised.value)


def test_what_was_counted_once_is_not_counted_again() -> None:
    error = LookupError()
    assert is_plugins_fault(error)
    mark_counted(error)
    assert not is_plugins_fault(error)


# -- what is kept ---------------------------------------------------------------------------------


def test_a_failure_keeps_its_kind_and_place_and_never_its_message(
    world: World, dispatcher: Dispatcher
) -> None:
    dispatcher.guarded(world.ctx_for(HERE), "crasher", "card x", secret)
    (row,) = kept()
    assert row.what == "LookupError"
    assert "花子" not in repr(row.__data__)


def test_the_place_is_the_plugins_own_line_and_no_path_of_the_machine(
    world: World, crash: Callable[..., None]
) -> None:
    crash("route")
    world.client_for(HERE).get("/crasher/")
    (row,) = kept()
    assert re.fullmatch(r"Crash niwari_crasher/switch\.py:\d+", row.what)


def test_an_error_outside_the_plugins_package_has_its_kind_alone() -> None:
    with pytest.raises(LookupError) as raised:
        secret()
    assert describe(raised.value, "niwari_crasher") == "LookupError"


def test_the_number_that_the_person_was_shown_leads_to_the_row_and_to_the_log(
    world: World, crash: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    crash("route")
    with caplog.at_level(logging.ERROR):
        page = world.client_for(HERE).get("/crasher/").get_data(as_text=True)
    (row,) = kept()
    assert f"<code>{row.trace}</code>" in page
    assert f"crasher failed in route page (request {row.trace})" in caplog.text


def test_whom_it_met_where_and_when_is_kept(world: World, dispatcher: Dispatcher) -> None:
    ctx = world.ctx_for(HERE)
    dispatcher.guarded(ctx, "crasher", "card x", secret)
    (row,) = kept()
    assert (row.plugin, row.surface, row.municipality_id, row.person_id, row.at) == (
        "crasher",
        "card x",
        ctx.municipality.id,
        ctx.person_id,
        world.clock(),
    )


def test_a_failure_of_the_core_is_logged_and_not_kept(
    world: World, dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        dispatcher.guarded(world.ctx_for(HERE), "ledger", "card x", secret)
    assert "ledger failed in card x" in caplog.text
    assert Failure.select().count() == 0


# -- inside a transaction -------------------------------------------------------------------------


def test_a_failure_inside_a_transaction_is_written_once_it_is_over_also_if_it_was_undone(
    world: World, dispatcher: Dispatcher
) -> None:
    ctx = world.ctx_for(HERE)
    with pytest.raises(KeyError), transaction(ctx):
        dispatcher.guarded(ctx, "crasher", "card x", secret)
        assert Failure.select().count() == 0
        raise KeyError
    assert Failure.select().count() == 0
    dispatcher.failing.write_waiting()
    assert Failure.select().count() == 1
    dispatcher.failing.write_waiting()
    assert Failure.select().count() == 1


# -- when they cannot be kept ---------------------------------------------------------------------


def test_a_page_stays_what_it_is_though_its_failures_cannot_be_kept(
    world: World, crash: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    crash("navigation")
    Failure.drop_table()
    with caplog.at_level(logging.ERROR):
        response: Any = world.client_for(HERE).get("/")
    assert response.status_code == 200
    assert "こわれもののカードの中身" in response.get_data(as_text=True)
    assert "crasher: its failure could not be counted" in caplog.text
