"""The gate: each kind of route, asked by each kind of visitor, gives its one answer."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from niwari.host.discovery import Found
from niwari.testing.world import SUKAGAWA, World

PAGE = {"Accept": "text/html"}


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """A world with the neighbour, on everywhere."""
    return open_world([trial_plugins["neighbour"]])


@pytest.fixture
def waiting(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """A world with the neighbour, on everywhere, whose migrations have not run."""
    return open_world([trial_plugins["neighbour"]], migrated=False)


def location(response: Any) -> str:
    return str(response.headers["Location"])


def form_token(page: Any) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert found is not None
    return found[1]


def main_text(page: Any) -> str:
    """What the page says, without its frame."""
    (said,) = re.findall(r"<main.*?</main>", page.get_data(as_text=True), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", said).split())


# -- nobody signed in -----------------------------------------------------------------------------


def test_an_anonymous_page_leads_to_sign_in_and_back(world: World) -> None:
    response = world.anonymous().get("/neighbour/?topic=1&q=a%26b", headers=PAGE)
    assert response.status_code == 302
    assert location(response) == "/sign-in?next=/neighbour/%3Ftopic%3D1%26q%3Da%2526b"


def test_an_anonymous_page_of_the_core_leads_to_sign_in(world: World) -> None:
    response = world.anonymous().get("/", headers=PAGE)
    assert (response.status_code, location(response)) == (302, "/sign-in?next=/")


def test_an_address_that_looks_like_another_host_is_not_gone_back_to(world: World) -> None:
    response = world.anonymous().get("/neighbour/?x=//evil.example", headers=PAGE)
    assert location(response).startswith("/sign-in?next=/neighbour/")


def test_an_anonymous_form_is_401_with_a_page_that_says_so(world: World) -> None:
    response = world.anonymous().post("/neighbour/knock", headers=PAGE)
    assert response.status_code == 401
    assert "サインインが必要です" in response.get_data(as_text=True)


def test_a_form_whose_session_has_ended_asks_to_sign_in(world: World) -> None:
    client = world.client_for("staff@koriyama")
    token = form_token(client.get("/neighbour/"))
    client.delete_cookie("niwari_session")
    response = client.post("/neighbour/knock", data={"csrf_token": token}, headers=PAGE)
    assert response.status_code == 401


def test_an_anonymous_fragment_is_401_and_no_sign_in_page(world: World) -> None:
    response = world.anonymous().get("/neighbour/", headers={**PAGE, "HX-Request": "true"})
    assert response.status_code == 401
    assert "<form" not in response.get_data(as_text=True)


def test_an_anonymous_question_for_data_is_401(world: World) -> None:
    response = world.anonymous().get("/neighbour/", headers={"Accept": "application/json"})
    assert response.status_code == 401


def test_a_public_page_is_for_everybody(world: World) -> None:
    assert world.anonymous().get("/neighbour/hours").status_code == 200
    assert world.client_for("staff@koriyama").get("/neighbour/hours").status_code == 200


def test_an_unknown_address_is_404_for_everybody(world: World) -> None:
    assert world.anonymous().get("/nothing/", headers=PAGE).status_code == 404
    assert world.client_for("staff@koriyama").get("/nothing/").status_code == 404


# -- signed in ------------------------------------------------------------------------------------


def test_a_page_opens_for_whoever_holds_its_permission(world: World) -> None:
    response = world.client_for("staff@koriyama").get("/neighbour/")
    assert response.status_code == 200
    assert "となりの戸口です" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("login", "status"),
    [("staff@koriyama", 403), ("head@koriyama", 403), ("hr@koriyama", 200), ("it@koriyama", 403)],
)
def test_a_page_without_the_permission_is_403(world: World, login: str, status: int) -> None:
    assert world.client_for(login).get("/neighbour/office").status_code == status


def test_what_one_cannot_open_is_not_in_ones_menu(world: World) -> None:
    def menu(login: str) -> str:
        return str(world.client_for(login).get("/").get_data(as_text=True))

    assert "となりの事務所" in menu("hr@koriyama")
    assert "となりの事務所" not in menu("staff@koriyama")
    assert "となりの戸口" in menu("staff@koriyama")


def test_a_form_with_its_token_is_taken(world: World) -> None:
    client = world.client_for("staff@koriyama")
    response = client.submit("/neighbour/knock", {}, form_at="/neighbour/")
    assert (response.status_code, location(response)) == (303, "/neighbour/")
    assert "1回たたきました" in client.get("/").get_data(as_text=True)


def test_a_method_that_the_address_does_not_take_is_405(world: World) -> None:
    assert world.client_for("staff@koriyama").get("/neighbour/knock").status_code == 405


# -- off ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/neighbour/", "/neighbour/office", "/neighbour/hours"])
def test_every_page_of_a_plugin_that_is_off_is_404(world: World, address: str) -> None:
    world.switch(SUKAGAWA, "neighbour", on=False)
    assert world.client_for("staff@sukagawa").get(address).status_code == 404
    assert world.client_for("head@koriyama").get(address).status_code in (200, 403)


def test_a_form_of_a_plugin_that_is_off_is_404_and_changes_nothing(world: World) -> None:
    client = world.client_for("staff@sukagawa")
    token = form_token(client.get("/neighbour/"))
    world.switch(SUKAGAWA, "neighbour", on=False)
    response = client.post("/neighbour/knock", data={"csrf_token": token})
    assert response.status_code == 404
    world.switch(SUKAGAWA, "neighbour", on=True)
    assert "0回たたきました" in client.get("/").get_data(as_text=True)


def test_off_is_the_same_answer_as_not_there(world: World) -> None:
    world.switch(SUKAGAWA, "neighbour", on=False)
    client = world.client_for("staff@sukagawa")
    off, unknown = client.get("/neighbour/"), client.get("/nowhere/")
    assert off.status_code == unknown.status_code == 404
    assert main_text(off) == main_text(unknown)


# -- waiting for its migrations -------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/neighbour/", "/neighbour/office", "/neighbour/hours"])
def test_a_plugin_that_waits_for_its_migrations_is_503(waiting: World, address: str) -> None:
    response = waiting.client_for("hr@koriyama").get(address)
    assert response.status_code == 503
    assert "この機能は更新の途中です。ほかの機能は使えます。" in response.get_data(as_text=True)


def test_a_waiting_plugin_is_off_where_it_is_off(waiting: World) -> None:
    waiting.switch(SUKAGAWA, "neighbour", on=False)
    assert waiting.client_for("staff@sukagawa").get("/neighbour/").status_code == 404


def test_a_public_page_waits_too(waiting: World) -> None:
    assert waiting.anonymous().get("/neighbour/hours").status_code == 503


def test_a_waiting_plugin_is_not_in_the_menu_and_has_no_card(waiting: World) -> None:
    response = waiting.client_for("staff@koriyama").get("/")
    assert response.status_code == 200
    assert "となりの戸口" not in response.get_data(as_text=True)
    assert "ノックの数" not in response.get_data(as_text=True)
