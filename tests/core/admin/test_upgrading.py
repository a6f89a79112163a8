"""After an update: each town that has a changed feature is prepared once, and again after a failure."""

from collections.abc import Callable

import pytest

from niwari.admin.upgrading import note_plugins
from niwari.db import database
from niwari.host.dispatch import Dispatcher
from niwari.host.enablement import set_state
from niwari.host.models import Failure, InstalledPlugin
from niwari.host.town_state import PAUSED
from niwari.testing.world import MIHARU, SUKAGAWA, World

Crash = Callable[..., None]


@pytest.fixture
def world(crashers: World) -> World:
    """A world in which the crasher, on everywhere, was last met in version 6.5."""
    note_plugins(dispatcher_of(crashers))
    InstalledPlugin.update(version="6.5").where(InstalledPlugin.name == "crasher").execute()
    return crashers


def dispatcher_of(world: World) -> Dispatcher:
    found: Dispatcher = world.app.extensions["niwari"].dispatcher
    return found


def note(world: World) -> list[str]:
    return note_plugins(dispatcher_of(world))


def version() -> str:
    return str(InstalledPlugin.get(InstalledPlugin.name == "crasher").version)


def shards() -> int:
    ((count,),) = database.execute_sql("SELECT COUNT(*) FROM crasher_shard").fetchall()
    return int(count)


def test_a_feature_that_is_met_for_the_first_time_is_noted_and_told_nothing(
    crashers: World,
) -> None:
    assert note_plugins(dispatcher_of(crashers)) == []
    row = InstalledPlugin.get(InstalledPlugin.name == "crasher")
    assert (row.version, row.label_ja, row.tables) == ("6.6", "こわれもの", '["crasher_shard"]')
    assert shards() == 0


def test_each_town_that_has_the_feature_on_is_prepared_once(world: World) -> None:
    world.switch(MIHARU, "crasher", on=False)
    assert note(world) == []
    assert (shards(), version()) == (2, "6.6")
    assert note(world) == []
    assert shards() == 2


def test_a_town_that_paused_it_is_prepared_too_because_it_will_simply_go_on(world: World) -> None:
    ctx = world.ctx_for("it@sukagawa")
    set_state(ctx, ctx.municipality.id, "crasher", PAUSED, "")
    note(world)
    assert shards() == 3


def test_one_town_that_fails_is_named_undone_alone_and_called_again_next_time(
    world: World, crash: Crash
) -> None:
    crash("upgraded:須賀川市")
    assert note(world) == ["crasher: upgraded failed for 須賀川市: Crash"]
    assert (shards(), version()) == (2, "6.5")
    (row,) = Failure.select()
    assert (row.surface, row.municipality_id) == (
        "upgraded",
        world.ctx_for("it@sukagawa").municipality.id,
    )
    crash()
    assert note(world) == []
    assert version() == "6.6"


def test_trying_often_does_not_put_it_into_quarantine(world: World, crash: Crash) -> None:
    crash("upgraded:須賀川市")
    for _ in range(6):
        note(world)
    crash()
    assert note(world) == []
    assert version() == "6.6"


def test_a_feature_that_fails_keeps_no_other_from_being_noted(world: World, crash: Crash) -> None:
    InstalledPlugin.update(version="0.9").where(InstalledPlugin.name == "neighbour").execute()
    crash("upgraded")
    assert len(note(world)) == 3
    assert InstalledPlugin.get(InstalledPlugin.name == "neighbour").version == "1.0"


def test_where_it_is_on_nowhere_the_new_version_is_just_noted(world: World) -> None:
    for code in (MIHARU, SUKAGAWA, "072036"):
        world.switch(code, "crasher", on=False)
    assert note(world) == []
    assert (shards(), version()) == (0, "6.6")
