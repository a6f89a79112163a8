"""Trials of a dark part while the database is busy, or changes under them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest
from peewee import PeeweeException

from niwari.db import database, is_postgresql, transaction
from niwari.host.models import Quarantine
from niwari.host.quarantine import Dark, Failed, end_quarantine, record_failure
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

HERE, CARD = "staff@koriyama", "card x"

HELD = """
WHILE_IT_RUNS = []
blueprint = Blueprint("held", __name__)

@hookimpl
def permissions():
    return [Permission("held.read", Label("読む", "Read"), ("staff",))]

@hookimpl
def routes():
    return [blueprint]

@blueprint.get("/", permission="held.read")
def page():
    for act in WHILE_IT_RUNS:
        act()
    return "done"
"""


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere since the clock's beginning."""
    return crashers


def darken(world: World, plugin: str = "crasher", surface: str = CARD) -> None:
    """Send a part into quarantine, and let five minutes go by: the next call is its trial."""
    ctx = world.ctx_for(HERE)
    failed = Failed(
        plugin, surface, ctx.municipality.id, ctx.person_id, world.clock(), "number", "Crash"
    )
    assert [record_failure(failed) for _ in range(5)][-1]
    world.clock.advance(minutes=5)


def is_lit() -> bool:
    database.connect(reuse_if_open=True)
    return Quarantine.get().closed_at is not None


@contextmanager
def nobody_can_write(world: World) -> Iterator[None]:
    """Let another process hold what a trial must write, and this one not wait for it."""
    database.connect(reuse_if_open=True)
    if is_postgresql():
        database.execute_sql("SET lock_timeout = '10ms'")
        with psycopg.connect(world.settings.database_url) as other:
            other.execute("LOCK TABLE host_quarantine IN SHARE MODE")
            yield
        return
    database.execute_sql("PRAGMA busy_timeout = 0")
    path = world.settings.database_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


# -- when it cannot be written that somebody tries ------------------------------------------------


def test_a_trial_that_cannot_be_written_down_takes_no_page_with_it(world: World) -> None:
    menu = 'href="/crasher/"'
    client = world.client_for(HERE)
    darken(world, surface="navigation")
    world.clock.advance(minutes=-1)
    client.get("/")  # writes into its session, as every first page does
    world.clock.advance(minutes=1)
    with nobody_can_write(world):
        response = client.get("/")
        assert response.status_code == 200
        assert menu not in response.get_data(as_text=True)
    assert menu in client.get("/").get_data(as_text=True)


# -- when it cannot be written that it worked -----------------------------------------------------


def test_a_trial_that_worked_keeps_its_answer_though_its_end_cannot_be_written(
    world: World,
) -> None:
    darken(world)
    ctx = world.ctx_for(HERE)
    with ExitStack() as held:
        outcome = world.dispatcher.guarded(
            ctx, "crasher", CARD, lambda: held.enter_context(nobody_can_write(world))
        )
        assert outcome.error is None
    assert not is_lit()


def test_a_page_whose_trial_worked_is_shown_though_its_end_cannot_be_written(
    workshop: Workshop, open_world: Callable[..., World]
) -> None:
    world = open_world([workshop.make("held", HELD)])
    module: Any = world.host.plugins["held"].module
    client = world.client_for(HERE)
    darken(world, "held", "route page")
    client.get("/")  # writes into its session, as every first page does
    with ExitStack() as held:
        module.WHILE_IT_RUNS.append(lambda: held.enter_context(nobody_can_write(world)))
        response = client.get("/held/")
        assert (response.status_code, response.get_data()) == (200, b"done")
    module.WHILE_IT_RUNS.clear()
    assert not is_lit()
    world.clock.advance(minutes=1)
    assert client.get("/held/").status_code == 200
    assert is_lit()


def test_inside_a_transaction_an_end_that_cannot_be_written_undoes_the_whole(
    world: World,
) -> None:
    darken(world)
    ctx = world.ctx_for(HERE)
    with pytest.raises(PeeweeException), transaction(ctx):
        world.dispatcher.guarded(
            ctx,
            "crasher",
            CARD,
            lambda: database.execute_sql("ALTER TABLE host_quarantine RENAME TO host_gone"),
        )
    assert not is_lit()


# -- when somebody else lights it meanwhile -------------------------------------------------------


@contextmanager
def lit_after_the_first_look(world: World) -> Iterator[None]:
    """Let a part be lit as soon as somebody has read what is dark, as another process may."""
    town, now, looks = world.ctx_for(HERE).municipality.id, world.clock(), iter((True,))

    def light(event: Any) -> None:
        looked = "host_enablement" in str(event.sql) and "host_quarantine" in str(event.sql)
        if looked and next(looks, False):
            end_quarantine(town, "crasher", CARD, now)

    database.query_hooks.append(light)
    try:
        yield
    finally:
        database.query_hooks.remove(light)


def test_a_part_that_is_lit_between_looking_and_trying_is_put_off_at_the_most(
    world: World,
) -> None:
    darken(world)
    ctx = world.ctx_for(HERE)
    with transaction(ctx), lit_after_the_first_look(world):
        outcome = world.dispatcher.guarded(ctx, "crasher", CARD, lambda: "done")
    assert outcome.value == "done" or isinstance(outcome.error, Dark)
    assert is_lit()
    assert world.dispatcher.guarded(world.ctx_for(HERE), "crasher", CARD, lambda: 1).value == 1
