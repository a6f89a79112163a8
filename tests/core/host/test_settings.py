"""Settings: a municipality's and a person's own, typed, kept only where somebody chose otherwise."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from niwari.db.counting import counted_queries
from niwari.errors import NotFound
from niwari.host.discovery import Found
from niwari.host.models import MunicipalitySetting, PersonSetting
from niwari.host.registry import Host
from niwari.host.settings import BadSetting, declared_settings, save_settings, settings_of
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

IT, STAFF, NEXT_DOOR = "it@koriyama", "staff@koriyama", "staff@sukagawa"
DEFAULTS = {
    "fragile": False,
    "height": 80,
    "sound": "ガシャン",
    "notes": "",
    "floor": "stone",
    "gloves": True,
    "nickname": "",
}


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher, which has settings of every type."""
    return crashers


def save(world: World, login: str = IT, scope: Any = "municipality", **values: Any) -> list[str]:
    return save_settings(world.ctx_for(login), "crasher", scope, values)


def read(world: World, login: str = STAFF) -> dict[str, Any]:
    return dict(settings_of(world.ctx_for(login), "crasher"))


def test_without_a_choice_every_setting_has_its_default(world: World) -> None:
    assert read(world) == DEFAULTS


def test_what_a_municipality_sets_holds_for_its_people_at_their_next_request(world: World) -> None:
    before = read(world)
    changed = {"fragile": True, "height": 1, "sound": "ドン", "notes": "x\ny", "floor": "straw"}
    assert save(world, **changed) == list(changed)
    assert read(world) == read(world, "head@koriyama") == {**before, **changed}


def test_another_municipality_keeps_its_own(world: World) -> None:
    save(world, height=1)
    save(world, "it@sukagawa", height=2)
    assert (read(world)["height"], read(world, NEXT_DOOR)["height"]) == (1, 2)
    assert read(world, "staff@miharu")["height"] == 80


def test_the_owner_of_a_row_can_be_asked_for(world: World) -> None:
    save(world, "it@sukagawa", height=2)
    owner = world.ctx_for(NEXT_DOOR).municipality
    found = settings_of(world.ctx_for(STAFF), "crasher", scope="municipality", owner=owner)
    assert found["height"] == 2


def test_saving_a_municipalitys_settings_reads_no_persons(world: World) -> None:
    world.ctx_for(IT)
    with counted_queries() as log:
        save(world, height=1)
    assert not [text for text in log.statements if "host_person_setting" in text]


def test_what_a_person_chose_is_theirs_alone(world: World) -> None:
    save(world, STAFF, "person", gloves=False, nickname="はな")
    assert (read(world)["gloves"], read(world)["nickname"]) == (False, "はな")
    assert read(world, "staff2@koriyama") == DEFAULTS


def test_only_what_changed_is_named_and_what_did_not_writes_nothing(world: World) -> None:
    assert save(world, height=1, sound="ガシャン") == ["height"]
    revision = world.ctx_for(IT).municipality.revision
    assert save(world, height=1, sound="ガシャン") == []
    assert world.ctx_for(IT).municipality.revision == revision


def test_a_default_is_not_kept_so_that_a_better_one_reaches_whoever_never_chose(
    world: World,
) -> None:
    save(world, height=1, floor="straw")
    save(world, height=80)
    save(world, STAFF, "person", nickname="はな")
    save(world, STAFF, "person", nickname="")
    assert [row.key for row in MunicipalitySetting.select()] == ["floor"]
    assert PersonSetting.select().count() == 0
    assert read(world)["height"] == 80


BAD = [
    {"height": 0},
    {"height": 301},
    {"height": "80"},
    {"height": True},
    {"fragile": 1},
    {"fragile": "yes"},
    {"sound": ""},
    {"sound": "x" * 11},
    {"sound": 3},
    {"floor": "ice"},
    {"notes": "x" * 2001},
    {"notes": None},
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_value_that_cannot_be_is_refused_by_its_field_and_nothing_is_kept(
    world: World, bad: dict[str, Any]
) -> None:
    with pytest.raises(BadSetting) as refused:
        save(world, **{"height": 1, "sound": "ドン"} | bad)
    assert refused.value.field == next(iter(bad))
    assert read(world) == DEFAULTS


@pytest.mark.parametrize(
    ("scope", "key"), [("municipality", "width"), ("municipality", "gloves"), ("person", "height")]
)
def test_an_unknown_key_or_one_of_the_other_scope_is_not_there(
    world: World, scope: str, key: str
) -> None:
    with pytest.raises(NotFound, match=key):
        save(world, STAFF, scope, **{key: 1})


def test_settings_of_an_unknown_plugin_are_not_there(world: World) -> None:
    with pytest.raises(NotFound, match="nobody"):
        settings_of(world.ctx_for(STAFF), "nobody")


def test_a_value_from_before_an_upgrade_that_cannot_be_any_more_gives_way_to_the_default(
    world: World,
) -> None:
    town = world.ctx_for(IT).municipality.id
    for key, value in (("height", 999), ("gone", 3), ("sound", ["x"])):
        MunicipalitySetting.create(
            municipality_id=town, plugin="crasher", key=key, value=json.dumps(value)
        )
    assert read(world) == DEFAULTS


def test_a_system_actor_reads_the_municipalitys_settings(world: World) -> None:
    from dataclasses import replace

    save(world, height=1)
    save(world, STAFF, "person", gloves=False)
    system = replace(world.ctx_for(STAFF), appointment=None, actor="test")
    assert settings_of(system, "crasher")["height"] == 1
    assert settings_of(system, "crasher")["gloves"] is True


def test_settings_stay_while_the_plugin_is_off(world: World) -> None:
    save(world, height=1)
    for on in (False, True):
        world.switch("072036", "crasher", on=on)
    assert read(world)["height"] == 1


def test_reading_costs_one_query_for_the_persons_own_once_the_towns_are_known(
    world: World, queries: Callable[[], Any]
) -> None:
    ctx = world.ctx_for(STAFF)
    settings_of(ctx, "crasher")
    with queries() as log:
        settings_of(ctx, "crasher")
    assert len(log) == 1


def test_what_is_read_cannot_be_changed_by_accident(world: World) -> None:
    found: Any = settings_of(world.ctx_for(STAFF), "crasher")
    with pytest.raises(TypeError):
        found["height"] = 3


def test_each_scope_lists_its_settings_in_the_plugins_order(world: World) -> None:
    assert [s.key for s in declared_settings("crasher", "municipality")] == list(DEFAULTS)[:5]
    assert [s.key for s in declared_settings("crasher", "person")] == list(DEFAULTS)[5:]


def test_a_plugin_that_stopped_has_no_settings(
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    crash: Callable[..., None],
) -> None:
    crash("declare")
    world = open_world([trial_plugins["crasher"]])
    assert read(world) == {}


@pytest.mark.parametrize("key", ["validate", "data", "csrf_token", "refuse"])
def test_a_key_that_forms_need_for_themselves_stops_its_plugin(
    workshop: Workshop, key: str
) -> None:
    text = f"""
    @hookimpl
    def settings():
        return [Setting("{key}", Label("名", "Name"), 3)]
    """
    host = Host({}, [workshop.make("odd", text)])
    assert host.plugins["odd"].error == (
        f"Setting '{key}': forms use that name; choose another key"
    )
