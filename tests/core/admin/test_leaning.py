"""Features that stand on others, per town; and that two who switch there come one after the other."""

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from niwari.admin import switching
from niwari.admin.switching import Lacks, LeanedOn
from niwari.db import is_postgresql
from niwari.host.enablement import enablements
from niwari.host.town_state import OFF, ON, PAUSED
from niwari.testing.workshop import MANIFEST, Workshop
from niwari.testing.world import KORIYAMA, World

IT, NEXT_DOOR = "it@koriyama", "it@sukagawa"


def switch(world: World, state: str, plugin: str, login: str = IT) -> bool:
    dispatcher = world.app.extensions["niwari"].dispatcher
    return switching.switch(world.ctx_for(login), dispatcher, plugin, state)


def state(world: World, plugin: str, login: str = IT) -> str:
    row = enablements(world.ctx_for(login).municipality.id).get(plugin)
    return row.state if row else OFF


@pytest.fixture
def stacked(workshop: Workshop, open_world: Callable[..., World]) -> World:
    """A world with shop, which requires base; both are off in 郡山市 and on elsewhere."""
    manifest = MANIFEST.format(name="shop") + 'requires = ["base"]\n'
    world = open_world([workshop.make("base"), workshop.make("shop", manifest=manifest)])
    for name in ("shop", "base"):
        world.switch(KORIYAMA, name, on=False)
    return world


def test_a_feature_needs_what_it_requires_to_be_on_in_the_same_town(stacked: World) -> None:
    with pytest.raises(Lacks, match=r"shopの機能.*先に「baseの機能"):
        switch(stacked, ON, "shop")
    assert state(stacked, "shop") == OFF
    assert switch(stacked, ON, "base")
    assert switch(stacked, ON, "shop")


def test_what_is_paused_does_not_carry_another(stacked: World) -> None:
    switch(stacked, ON, "base")
    switch(stacked, PAUSED, "base")
    with pytest.raises(Lacks):
        switch(stacked, ON, "shop")


@pytest.mark.parametrize("wanted", [OFF, PAUSED])
def test_a_feature_is_not_taken_away_from_under_another(stacked: World, wanted: str) -> None:
    with pytest.raises(LeanedOn, match=r"shopの機能.*baseの機能.*必要としています"):
        switch(stacked, wanted, "base", NEXT_DOOR)
    assert state(stacked, "base", NEXT_DOOR) == ON
    switch(stacked, OFF, "shop", NEXT_DOOR)
    assert switch(stacked, wanted, "base", NEXT_DOOR)


@pytest.mark.parametrize(
    ("locale", "said"),
    [("ja", "baseの機能、shopの機能、gone"), ("en", "The feature base, The feature shop, gone")],
)
def test_features_are_listed_as_the_language_does(stacked: World, locale: str, said: str) -> None:
    dispatcher = stacked.app.extensions["niwari"].dispatcher
    assert switching.labels_of(dispatcher, ["base", "shop", "gone"], locale) == said


def test_going_on_needs_what_it_requires_too(stacked: World) -> None:
    switch(stacked, PAUSED, "shop", NEXT_DOOR)
    switch(stacked, OFF, "base", NEXT_DOOR)
    with pytest.raises(Lacks):
        switch(stacked, ON, "shop", NEXT_DOOR)


def test_another_towns_features_neither_carry_nor_hinder(stacked: World) -> None:
    assert state(stacked, "base", NEXT_DOOR) == ON
    with pytest.raises(Lacks):
        switch(stacked, ON, "shop")
    switch(stacked, ON, "base")
    assert switch(stacked, OFF, "base")


def test_while_the_checks_run_nobody_else_can_switch_in_the_town(
    workshop: Workshop, open_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = workshop.make(
        "asker",
        """
        from niwari_asker import told

        @hookimpl
        def can_enable(ctx):
            told.seen.append(told.ask())
            return []
        """,
        files={"told.py": "seen = []\nask = None\n"},
    )
    world = open_world([plugin])
    world.switch(KORIYAMA, "asker", on=False)
    from niwari_asker import told  # type: ignore[import-not-found]  # the workshop made it

    monkeypatch.setattr(told, "ask", lambda: is_held(world))
    assert not is_held(world)
    switch(world, ON, "asker")
    assert told.seen == [True]


def is_held(world: World) -> bool:
    """Whether another process would have to wait before it could switch in 郡山市."""
    url = world.settings.database_url
    other: Any
    if is_postgresql():
        with psycopg.connect(url) as other:
            question = "SELECT 1 FROM directory_municipality WHERE code = '072036' "
            try:
                other.execute(question + "FOR NO KEY UPDATE NOWAIT")
            except psycopg.errors.LockNotAvailable:
                return True
        return False
    other = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
    return False
