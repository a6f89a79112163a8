"""使う機能の設定, as municipal IT meets it: what is asked, what is said, what then happens."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from niwari.host.discovery import Found
from niwari.host.enablement import enablements
from niwari.testing.world import KORIYAMA, SUKAGAWA, World

IT, NEXT_DOOR, STAFF = "it@koriyama", "it@sukagawa", "staff@koriyama"
FEATURES = "/admin/features"

Crash = Callable[..., None]


@pytest.fixture
def town(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere."""
    return crashers


def page(world: World, address: str = FEATURES, login: str = IT) -> str:
    response = world.client_for(login).get(address)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def switch(world: World, to: str, plugin: str = "crasher", login: str = IT, **typed: str) -> Any:
    address = f"{FEATURES}/{plugin}/{to}"
    return world.client_for(login).submit(address, {"reason": "", **typed})


def state(world: World, plugin: str = "crasher", login: str = IT) -> str:
    row = enablements(world.ctx_for(login).municipality.id).get(plugin)
    return row.state if row else "off"


def status(world: World, login: str = STAFF) -> int:
    return int(world.client_for(login).get("/crasher/").status_code)


# -- what is shown --------------------------------------------------------------------------------


def test_each_feature_stands_with_its_state_and_who_chose_it_why(town: World) -> None:
    switch(town, "off", reason="春まで使いません")
    shown = page(town)
    assert "使っていません" in shown
    assert "春まで使いません" in shown
    assert town.ctx_for(IT).acting.person_name in shown


def test_the_neighbour_town_sees_its_own_state_alone(town: World) -> None:
    switch(town, "off", reason="春まで使いません")
    assert "春まで使いません" not in page(town, login=NEXT_DOOR)
    assert state(town, login=NEXT_DOOR) == "on"


@pytest.mark.parametrize("to", ["on", "off", "pause"])
@pytest.mark.parametrize("login", [STAFF, "head@koriyama", "hr@koriyama", "secretariat"])
def test_only_municipal_it_may_look_or_switch(town: World, to: str, login: str) -> None:
    client = town.client_for(login)
    address = f"{FEATURES}/crasher/{to}"
    assert client.get(FEATURES).status_code == 403
    assert client.get(address).status_code == 403
    assert client.submit(address, {"reason": ""}, form_at="/neighbour/").status_code == 403
    assert state(town) == "on"


@pytest.mark.parametrize("to", ["on", "off", "pause"])
@pytest.mark.parametrize("plugin", ["nobody", "ledger", "web"])
def test_what_is_no_feature_has_no_page_and_no_switch(town: World, to: str, plugin: str) -> None:
    client = town.client_for(IT)
    address = f"{FEATURES}/{plugin}/{to}"
    assert client.get(address).status_code == 404
    assert client.submit(address, {"reason": ""}, form_at="/neighbour/").status_code == 404


# -- switching ------------------------------------------------------------------------------------


def test_off_and_on_holds_at_the_next_request_of_the_town_alone(town: World) -> None:
    assert switch(town, "off").status_code == 303
    assert (status(town), status(town, "staff@sukagawa")) == (404, 200)
    assert switch(town, "on").status_code == 303
    assert status(town) == 200


def test_asking_alone_switches_nothing(town: World) -> None:
    for to in ("off", "pause", "on"):
        page(town, f"{FEATURES}/crasher/{to}")
    assert state(town) == "on"


def test_a_form_without_its_token_switches_nothing(town: World) -> None:
    response = town.client_for(IT).post(f"{FEATURES}/crasher/off", data={"reason": ""})
    assert response.status_code == 400
    assert state(town) == "on"


def test_a_pause_tells_the_towns_people_and_nobody_else(town: World) -> None:
    switch(town, "pause")
    response = town.client_for(STAFF).get("/crasher/")
    assert response.status_code == 404
    assert "休止" in response.get_data(as_text=True)
    assert status(town, "staff@sukagawa") == 200
    assert 'href="/crasher/"' not in page(town, "/", STAFF)
    assert switch(town, "on").status_code == 303
    assert status(town) == 200


def test_a_reason_that_is_too_long_is_refused_and_stays_in_the_form(town: World) -> None:
    reason = "あ" * 201
    response = switch(town, "off", reason=reason)
    assert response.status_code == 422
    text = response.get_data(as_text=True)
    assert "200文字以内で入力してください。" in text
    assert reason in text
    assert state(town) == "on"


# -- what is in the way ---------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "to"), [("off", "on"), ("on", "off")])
def test_what_the_feature_says_is_in_the_way_is_shown_with_what_was_typed(
    town: World, crash: Crash, before: str, to: str
) -> None:
    town.switch(KORIYAMA, "crasher", on=before == "on")
    crash(f"can_{'enable' if to == 'on' else 'disable'}:no")
    response = switch(town, to, reason="試しに")
    assert response.status_code == 409
    text = response.get_data(as_text=True)
    assert "先に床を片付けてください。" in text
    assert "試しに" in text
    assert state(town) == before


def test_what_is_in_the_way_is_said_in_the_readers_language(town: World, crash: Crash) -> None:
    crash("can_disable:no")
    client = town.client_for(IT)
    client.set_cookie("niwari_locale", "en")
    text = client.submit(f"{FEATURES}/crasher/off", {"reason": ""}).get_data(as_text=True)
    assert "Sweep the floor first." in text


def test_a_preparation_that_fails_is_told_with_its_number_and_found_under_it(
    town: World, crash: Crash
) -> None:
    town.switch(KORIYAMA, "crasher", on=False)
    crash("enabled")
    response = switch(town, "on")
    assert response.status_code == 409
    (number,) = re.findall(r"[0-9a-f]{32}", re.sub(r"<[^>]*>", "", main(response)))[:1]
    assert state(town) == "off"
    assert number in page(town, "/admin/health")
    assert "on purpose" not in main(response)


def main(response: Any) -> str:
    (found,) = re.findall(r"<main.*?</main>", response.get_data(as_text=True), re.DOTALL)
    return str(found)


def test_a_feature_that_waits_for_its_migrations_is_503_where_on_and_cannot_be_switched_on(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found], crash: Crash
) -> None:
    crash()
    world = open_world([trial_plugins["crasher"]], migrated=False)
    world.switch(SUKAGAWA, "crasher", on=False)
    assert (status(world), status(world, "staff@sukagawa")) == (503, 404)
    response = switch(world, "on", login=NEXT_DOOR)
    assert response.status_code == 409
    assert "準備が終わっていない" in response.get_data(as_text=True)
    assert state(world, login=NEXT_DOOR) == "off"
    assert switch(world, "off").status_code == 303


# -- withdrawing, with rows that are really shared ------------------------------------------------


def question(world: World) -> str:
    """A question that 郡山市 shows the region; returns the address of its page."""
    from uuid import uuid4

    from niwari_consult.service import posting
    from niwari_consult.texts import Plain

    asked = posting.ask(
        world.ctx_for(STAFF),
        topic="pay",
        title="見せた相談",
        text=Plain("どうしていますか。"),
        audience="region",
        form_key=str(uuid4()),
    )
    return f"/consult/{asked.id}"


def sees(world: World, address: str, login: str) -> tuple[int, bool]:
    client = world.client_for(login)
    listed = "見せた相談" in client.get("/consult/").get_data(as_text=True)
    return client.get(address).status_code, listed


def send(world: World, what: str, login: str = IT) -> int:
    client = world.client_for(login)
    address = f"{FEATURES}/consult/{what}"
    return int(client.submit(address, {}, form_at=f"{FEATURES}/consult/off").status_code)


def test_what_a_town_withdraws_is_hidden_from_its_neighbours_and_comes_back(world: World) -> None:
    address = question(world)
    assert sees(world, address, "staff@sukagawa") == (200, True)
    assert send(world, "withdraw") == 303
    assert sees(world, address, "staff@sukagawa") == (404, False)
    assert sees(world, address, STAFF) == (200, True)
    assert send(world, "share-again") == 303
    assert sees(world, address, "staff@sukagawa") == (200, True)


def test_a_town_cannot_withdraw_what_another_shared(world: World) -> None:
    address = question(world)
    assert send(world, "withdraw", NEXT_DOOR) == 303
    assert sees(world, address, "staff@miharu") == (200, True)


def test_after_switching_off_what_was_shared_stays_readable_unless_withdrawn(world: World) -> None:
    address = question(world)
    switch(world, "off", "consult")
    assert sees(world, address, "staff@sukagawa")[0] == 200
    assert "見せた内容" in page(world)
    assert send(world, "withdraw") == 303
    assert sees(world, address, "staff@sukagawa")[0] == 404


def test_the_page_offers_to_show_again_what_is_hidden(world: World) -> None:
    again = f'action="{FEATURES}/consult/share-again"'
    assert again not in page(world)
    send(world, "withdraw")
    assert again in page(world)
    assert again not in page(world, login=NEXT_DOOR)


def test_switching_on_looks_the_feature_up_once(world: World, queries: Callable[[], Any]) -> None:
    switch(world, "pause", "consult")
    client = world.client_for(IT)
    token = client.token_at(f"{FEATURES}/consult/on")
    with queries() as log:
        answer = client.post(f"{FEATURES}/consult/on", data={"csrf_token": token, "reason": ""})
    assert answer.status_code == 303
    listed = [sql for sql in log.statements if '"host_plugin"' in sql and sql.startswith("SELECT")]
    assert len(listed) == 1
