"""市町村ごとの機能: what the secretariat sees of its region, and who else may not."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.testing.world import SUKAGAWA, World


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere."""
    return crashers


def cells(world: World, town: str) -> list[str]:
    """What the row of a town says, in the order of the columns."""
    page = world.client_for("secretariat").get("/admin/matrix").get_data(as_text=True)
    (row,) = re.findall(rf"<tr><th[^>]*>{town}</th>(.*?)</tr>", page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row)]


def test_each_town_of_the_region_has_a_row_with_the_state_of_each_feature(world: World) -> None:
    world.switch(SUKAGAWA, "crasher", on=False)
    assert cells(world, "郡山市") == ["使っています", "使っています"]
    assert cells(world, "須賀川市") == ["使っていません", "使っています"]
    assert cells(world, "田村市") == ["使っていません", "使っていません"]


def test_all_seventeen_towns_of_the_region_are_there(world: World) -> None:
    page = world.client_for("secretariat").get("/admin/matrix").get_data(as_text=True)
    assert len(set(re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', page))) == 17


def test_what_is_paused_is_said_so(world: World) -> None:
    client = world.client_for("it@koriyama")
    client.submit("/admin/features/crasher/pause", {"reason": ""})
    assert cells(world, "郡山市") == ["休止中", "使っています"]


@pytest.mark.parametrize("login", ["staff@koriyama", "it@koriyama", "head@koriyama", "hr@koriyama"])
def test_only_the_secretariat_may_see_all_towns(world: World, login: str) -> None:
    assert world.client_for(login).get("/admin/matrix").status_code == 403


def test_the_secretariat_sees_and_does_not_switch(world: World) -> None:
    client = world.client_for("secretariat")
    assert client.get("/admin/features").status_code == 403
    response = client.submit("/admin/features/crasher/off", {}, form_at="/neighbour/")
    assert response.status_code == 403
    assert world.client_for("staff@koriyama").get("/crasher/").status_code == 200


def test_the_page_takes_five_queries_at_the_most(world: World, queries: Callable[[], Any]) -> None:
    client = world.client_for("secretariat")
    client.get("/admin/matrix")
    with queries() as log:
        client.get("/admin/matrix")
    assert len(log) <= 5
