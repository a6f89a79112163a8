"""A feature whose package is gone: its rows stay, it is listed, and it can be switched off."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from niwari.admin.upgrading import note_plugins
from niwari.db import database
from niwari.host.discovery import Found
from niwari.host.enablement import enablements
from niwari.host.settings import save_settings
from niwari.testing.world import KORIYAMA, World

IT, STAFF = "it@koriyama", "staff@koriyama"
FEATURES = "/admin/features"


@pytest.fixture
def world(
    crashers: World,
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
) -> World:
    """A world in which the crasher was on with rows and settings, and whose package is gone."""
    note_plugins(crashers.app.extensions["niwari"].dispatcher)
    save_settings(crashers.ctx_for(IT), "crasher", "municipality", {"height": 1})
    database.execute_sql("INSERT INTO crasher_shard DEFAULT VALUES")
    return open_world([trial_plugins["neighbour"]])


def page(world: World, address: str = FEATURES) -> str:
    response = world.client_for(IT).get(address)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def count_of(table: str) -> int:
    database.connect(reuse_if_open=True)
    ((count,),) = database.execute_sql(f"SELECT COUNT(*) FROM {table}").fetchall()
    return int(count)


def switch(world: World, to: str) -> Any:
    client = world.client_for(IT)
    address = f"{FEATURES}/crasher/{to}"
    return client.submit(address, {"reason": ""}, form_at=f"{FEATURES}/crasher/off")


def state(world: World, login: str = IT) -> str:
    return str(enablements(world.ctx_for(login).municipality.id)["crasher"].state)


def test_it_is_listed_by_its_label_and_its_rows_are_kept(world: World) -> None:
    shown = page(world)
    assert "こわれもの" in shown
    assert "データは残っています。" in shown
    assert count_of("crasher_shard") == 1


def test_its_pages_menu_and_card_are_gone_and_everything_else_works(world: World) -> None:
    client = world.client_for(STAFF)
    assert client.get("/crasher/").status_code == 404
    home = client.get("/").get_data(as_text=True)
    assert "こわれもの" not in home
    assert "となりの戸口" in home


def test_it_can_be_switched_off_by_the_page_that_says_so(world: World) -> None:
    assert f'href="{FEATURES}/crasher/off"' in page(world)
    assert switch(world, "off").status_code == 303
    assert (state(world), state(world, "it@sukagawa")) == ("off", "on")
    assert "「こわれもの」" in page(world, f"{FEATURES}/crasher/off")
    assert f'href="{FEATURES}/crasher/off"' not in page(world)


def test_it_cannot_be_switched_on(world: World) -> None:
    switch(world, "off")
    response = switch(world, "on")
    assert response.status_code == 409
    assert "準備が終わっていない" in response.get_data(as_text=True)
    assert state(world) == "off"


def test_it_has_no_settings_page_and_what_was_set_is_kept(world: World) -> None:
    assert world.client_for(IT).get(f"{FEATURES}/crasher/settings").status_code == 404
    assert count_of("host_municipality_setting") == 1


def test_once_its_package_is_back_everything_is(
    world: World, open_world: Callable[..., World], trial_plugins: Mapping[str, Found]
) -> None:
    again = open_world([trial_plugins["crasher"], trial_plugins["neighbour"]])
    assert again.client_for(STAFF).get("/crasher/").status_code == 200
    assert 'value="1"' in page(again, f"{FEATURES}/crasher/settings")
    assert again.ctx_for(STAFF).municipality.code == KORIYAMA
