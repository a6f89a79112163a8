"""Switching a feature in one town: what must hold before, what is undone, what it leaves behind."""

from collections.abc import Callable, Mapping

import pytest

from niwari.admin import switching
from niwari.admin.switching import (
    Blocked,
    NothingToPause,
    NotReady,
    StillDark,
    UnknownPlugin,
    Unprepared,
)
from niwari.audit.models import AuditEntry
from niwari.db import database
from niwari.host.discovery import Found
from niwari.host.dispatch import Dispatcher
from niwari.host.enablement import enablements
from niwari.host.models import Failure, Quarantine
from niwari.host.quarantine import BUDGET, Failed, end_quarantine, record_failure
from niwari.host.town_state import OFF, ON, PAUSED
from niwari.testing.world import KORIYAMA, World

IT, NEXT_DOOR = "it@koriyama", "it@sukagawa"

Crash = Callable[..., None]


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour; the crasher is off in 郡山市."""
    crashers.switch(KORIYAMA, "crasher", on=False)
    return crashers


def dispatcher_of(world: World) -> Dispatcher:
    found: Dispatcher = world.app.extensions["niwari"].dispatcher
    return found


def switch(world: World, state: str, plugin: str = "crasher", login: str = IT) -> bool:
    return switching.switch(world.ctx_for(login), dispatcher_of(world), plugin, state)


def state(world: World, plugin: str = "crasher", login: str = IT) -> str:
    row = enablements(world.ctx_for(login).municipality.id).get(plugin)
    return row.state if row else OFF


def shards() -> int:
    ((count,),) = database.execute_sql("SELECT COUNT(*) FROM crasher_shard").fetchall()
    return int(count)


def acts() -> list[str]:
    found = AuditEntry.select(AuditEntry.action).where(AuditEntry.action.startswith("plugin."))
    return [entry.action for entry in found.where(AuditEntry.actor_id.is_null(False))]


# -- on -------------------------------------------------------------------------------------------


def test_switching_on_prepares_the_town_and_writes_who_did_it(world: World) -> None:
    assert switch(world, ON)
    assert (state(world), shards(), acts()) == (ON, 1, ["plugin.on"])


def test_switching_to_where_it_stands_asks_and_changes_nothing(world: World, crash: Crash) -> None:
    switch(world, ON)
    crash("can_enable", "enabled")
    assert not switch(world, ON)
    assert (shards(), acts()) == (1, ["plugin.on"])


def test_a_feature_that_says_what_is_in_the_way_is_not_switched_on(
    world: World, crash: Crash
) -> None:
    crash("can_enable:no")
    with pytest.raises(Blocked, match=r"こわれもの.*先に床を片付けてください。"):
        switch(world, ON)
    assert (state(world), shards(), acts()) == (OFF, 0, [])


@pytest.mark.parametrize("place", ["can_enable", "enabled"])
def test_a_feature_that_fails_while_it_prepares_undoes_the_switch_wholly(
    world: World, crash: Crash, place: str
) -> None:
    before = world.ctx_for(IT).municipality.revision
    crash(place)
    with pytest.raises(Unprepared, match="何も変わっていません"):
        switch(world, ON)
    assert (state(world), shards(), acts()) == (OFF, 0, [])
    assert world.ctx_for(IT).municipality.revision == before
    assert [(row.plugin, row.surface) for row in Failure.select()] == [("crasher", place)]


def test_trying_again_and_again_leaves_nothing_in_quarantine(world: World, crash: Crash) -> None:
    crash("enabled")
    for _ in range(6):
        with pytest.raises(Unprepared):
            switch(world, ON)
    assert Quarantine.select().count() == 0
    crash()
    assert switch(world, ON)


@pytest.mark.parametrize("plugin", ["nobody", "ledger", "web", ""])
def test_what_is_not_installed_or_belongs_to_the_core_is_refused_naming_what_there_is(
    world: World, plugin: str
) -> None:
    for wanted in (ON, OFF, PAUSED):
        with pytest.raises(UnknownPlugin) as refused:
            switch(world, wanted, plugin)
        assert str(refused.value).startswith(f"{plugin} という機能は入っていません。")
        assert str(refused.value).endswith("crasher、neighbour")


def test_a_feature_that_waits_for_its_migrations_is_refused_by_name(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found], crash: Crash
) -> None:
    crash()
    world = open_world([trial_plugins["crasher"]], migrated=False)
    world.switch(KORIYAMA, "crasher", on=False)
    with pytest.raises(NotReady, match=r"こわれもの.*準備が終わっていない"):
        switch(world, ON)
    assert state(world) == OFF


def test_a_feature_that_stopped_can_be_switched_off_and_not_on(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found], crash: Crash
) -> None:
    crash("declare")
    world = open_world([trial_plugins["crasher"]])
    assert state(world) == ON
    assert switch(world, OFF)
    with pytest.raises(NotReady):
        switch(world, ON)


def test_what_still_has_parts_in_quarantine_is_not_switched_on_until_they_are_lit(
    world: World,
) -> None:
    ctx = world.ctx_for(IT)
    for _ in range(BUDGET):
        record_failure(Failed("crasher", "cards", ctx.municipality.id, None, ctx.now, "t", "x"))
    with pytest.raises(StillDark) as refused:
        switch(world, ON)
    assert "「こわれもの」は、不具合が続いた部分（1個）を止めたままです。" in str(refused.value)
    assert state(world) == OFF
    assert end_quarantine(ctx.municipality.id, "crasher", "cards", ctx.now)
    assert switch(world, ON)


# -- off ------------------------------------------------------------------------------------------


def test_switching_off_lets_the_feature_clean_up(world: World) -> None:
    assert switch(world, OFF, login=NEXT_DOOR)
    assert (state(world, login=NEXT_DOOR), shards(), acts()) == (OFF, 1, ["plugin.off"])


def test_a_feature_may_say_what_is_in_the_way_of_switching_off(world: World, crash: Crash) -> None:
    crash("can_disable:no")
    with pytest.raises(Blocked, match="先に床を片付けてください。"):
        switch(world, OFF, login=NEXT_DOOR)
    assert (state(world, login=NEXT_DOOR), shards(), acts()) == (ON, 0, [])


def test_a_feature_that_fails_when_asked_whether_it_may_go_is_switched_off(
    world: World, crash: Crash
) -> None:
    crash("can_disable")
    assert switch(world, OFF, login=NEXT_DOOR)
    assert (state(world, login=NEXT_DOOR), shards()) == (OFF, 1)


def test_a_feature_that_fails_while_it_cleans_up_is_undone_alone_and_is_off(
    world: World, crash: Crash
) -> None:
    crash("disabled")
    assert switch(world, OFF, login=NEXT_DOOR)
    assert (state(world, login=NEXT_DOOR), shards(), acts()) == (OFF, 0, ["plugin.off"])
    assert [row.surface for row in Failure.select()] == ["disabled"]


# -- pause ----------------------------------------------------------------------------------------


def test_pausing_and_going_on_asks_and_tells_nothing(world: World, crash: Crash) -> None:
    crash("can_enable", "enabled", "can_disable", "disabled")
    assert switch(world, PAUSED, login=NEXT_DOOR)
    assert state(world, login=NEXT_DOOR) == PAUSED
    assert switch(world, ON, login=NEXT_DOOR)
    assert (state(world, login=NEXT_DOOR), shards()) == (ON, 0)
    assert acts() == ["plugin.paused", "plugin.on"]


def test_what_is_off_cannot_be_paused(world: World) -> None:
    with pytest.raises(NothingToPause, match=r"こわれもの.*使われていない"):
        switch(world, PAUSED)
    assert state(world) == OFF


def test_what_is_paused_can_be_switched_off(world: World) -> None:
    switch(world, PAUSED, login=NEXT_DOOR)
    assert switch(world, OFF, login=NEXT_DOOR)
    assert shards() == 1


def test_one_town_is_switched_and_the_others_stay(world: World) -> None:
    switch(world, ON)
    switch(world, PAUSED)
    assert state(world, login=NEXT_DOOR) == ON
    switch(world, OFF, login=NEXT_DOOR)
    assert state(world) == PAUSED


# -- withdrawing ----------------------------------------------------------------------------------


def set_withdrawn(world: World, login: str = IT, *, withdrawn: bool) -> bool:
    return switching.set_withdrawn(
        world.ctx_for(login), dispatcher_of(world), "crasher", withdrawn=withdrawn
    )


def test_withdrawing_and_sharing_again_is_written_down_and_leaves_the_state(world: World) -> None:
    assert set_withdrawn(world, withdrawn=True)
    assert not set_withdrawn(world, withdrawn=True)
    assert set_withdrawn(world, withdrawn=False)
    assert not set_withdrawn(world, withdrawn=False)
    assert acts() == ["plugin.withdraw", "plugin.share_again"]
    assert state(world) == OFF


def test_what_was_withdrawn_stays_so_when_the_feature_is_switched_on_again(world: World) -> None:
    set_withdrawn(world, withdrawn=True)
    switch(world, ON)
    assert set_withdrawn(world, withdrawn=False)


def test_a_town_withdraws_its_own_alone(world: World) -> None:
    set_withdrawn(world, withdrawn=True)
    assert set_withdrawn(world, NEXT_DOOR, withdrawn=True)
