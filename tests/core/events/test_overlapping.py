"""Workers that overlap: each goes by a list that may be old, and none makes another wait."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from peewee import OperationalError

from niwari.context import Context
from niwari.db import connection, database, is_postgresql, transaction
from niwari.events.delivering import deliver
from niwari.events.models import Delivery
from niwari.host.dispatch import Dispatcher
from niwari.host.models import Failure, Quarantine
from niwari.host.quarantine import begin_trial, end_quarantine
from niwari.host.town_state import state_of
from niwari.testing.world import World

STAFF, SURFACE = "staff@koriyama", "handler crasher.Broke"

Crash = Callable[..., None]


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher, which hears itself."""
    return crashers


def fall(world: World, times: int = 1) -> None:
    from niwari_crasher import service  # type: ignore[import-not-found]  # on the path in tests

    for _ in range(times):
        service.fall(world.ctx_for(STAFF))


def darken(world: World, crash: Crash) -> None:
    """Let the handler go dark, with one event waiting, until the moment at which it may be tried."""
    crash("handler")
    fall(world, 5)
    world.deliver()
    crash()
    Delivery.delete().execute()
    world.clock.advance(minutes=5)
    fall(world)


def elsewhere(look: Callable[[], Any]) -> Any:
    """What another process sees now."""
    seen: list[Any] = []

    def run() -> None:
        with connection():
            seen.append(look())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    (answer,) = seen
    return answer


# -- an old list ----------------------------------------------------------------------------------


def test_a_delivery_that_another_run_has_put_off_is_not_tried_again_at_once(
    world: World, crash: Crash
) -> None:
    crash("handler")
    fall(world)
    listed = Delivery.get().id
    for _ in range(12):
        assert not deliver(world.dispatcher, listed, world.clock())
    row = Delivery.get()
    assert (row.state, row.attempts) == ("pending", 1)
    assert row.due_at == world.clock() + timedelta(minutes=1)
    assert Failure.select().count() == 1


def test_a_delivery_that_another_run_has_ended_is_left_alone(world: World) -> None:
    fall(world)
    listed = Delivery.get().id
    assert deliver(world.dispatcher, listed, world.clock())
    assert not deliver(world.dispatcher, listed, world.clock())
    assert Delivery.get().attempts == 1


# -- trials ---------------------------------------------------------------------------------------


def test_a_trial_is_known_to_others_while_the_handler_is_still_at_it(
    world: World, crash: Crash, monkeypatch: pytest.MonkeyPatch
) -> None:
    darken(world, crash)
    seen: list[datetime | None] = []

    def look(_ctx: Any, _event: Any) -> None:
        seen.append(elsewhere(lambda: Quarantine.get().trying_until))

    monkeypatch.setitem(world.host._handlers["crasher.Broke"], "crasher", look)
    assert world.deliver() == 1
    assert seen == [world.clock() + timedelta(minutes=1)]
    assert Quarantine.get().closed_at == world.clock()


def test_whoever_asks_for_a_trial_that_is_just_being_given_is_told_no_at_once(
    world: World, crash: Crash
) -> None:
    darken(world, crash)
    ctx = world.ctx_for(STAFF)

    def ask() -> bool | str:
        # SQLite has one writer: there it is the whole database that whoever asks would wait for.
        if is_postgresql():
            database.execute_sql("SET lock_timeout = '100ms'")
        else:
            database.execute_sql("PRAGMA busy_timeout = 0")
        try:
            return begin_trial(ctx.municipality.id, "crasher", SURFACE, ctx.now)
        except OperationalError as waited:
            return str(waited)

    with transaction(ctx):
        assert begin_trial(ctx.municipality.id, "crasher", SURFACE, ctx.now)
        assert elsewhere(ask) == (False if is_postgresql() else "database is locked")
    assert not elsewhere(ask)


class Overtaken(Dispatcher):
    """One whose process knows that a part is dark, while another process lights it."""

    def enter(self, ctx: Context, plugin: str, surface: str) -> bool:
        """Ask once it is too late."""
        assert (plugin, surface) in state_of(ctx.municipality.id, ctx.municipality.revision).dark
        end_quarantine(ctx.municipality.id, plugin, surface, ctx.now)
        return super().enter(ctx, plugin, surface)


def test_what_was_lit_meanwhile_is_not_put_off_as_dark(world: World, crash: Crash) -> None:
    darken(world, crash)
    waiting = Delivery.get()
    assert not deliver(Overtaken(world.host, world.clock), waiting.id, world.clock())
    assert Delivery.get().due_at == waiting.due_at
    assert world.deliver() == 1


def test_whoever_may_try_does_so_though_others_have_put_it_off(world: World, crash: Crash) -> None:
    darken(world, crash)

    class Slow(Dispatcher):
        """One that is given the trial and then is slower than another process."""

        def enter(self, ctx: Context, plugin: str, surface: str) -> bool:
            """Let the other process deliver in between."""
            given = super().enter(ctx, plugin, surface)
            assert world.deliver() == 0
            assert Delivery.get().due_at == world.clock() + timedelta(minutes=5)
            return given

    assert deliver(Slow(world.host, world.clock), Delivery.get().id, world.clock())
    assert Delivery.get().state == "done"
    assert Quarantine.get().closed_at == world.clock()
