"""What goes dark, as people meet it: one card, menu or page of one plugin in one town, and no more."""

from collections.abc import Callable
from typing import Any

import pytest

from niwari.db import database
from niwari.host.models import Failure, Quarantine
from niwari.testing.world import World

FAILED = "この機能は一時的に使えません。ほかの機能は使えます。"
STOPPED = "不具合が続いたため、このページだけを止めています。"
CARD, MENU = "こわれもののカードの中身", 'href="/crasher/"'
HERE, NEXT_DOOR = "staff@koriyama", "staff@sukagawa"

Crash = Callable[..., None]


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere since the clock's beginning."""
    return crashers


def get(world: World, address: str = "/", login: str = HERE) -> Any:
    return world.client_for(login).get(address)


def home(world: World, login: str = HERE) -> str:
    response = get(world, login=login)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def status(world: World, address: str = "/crasher/", login: str = HERE) -> int:
    return int(get(world, address, login).status_code)


def kept() -> list[Any]:
    """The failures that are kept, the oldest first."""
    database.connect(reuse_if_open=True)
    return list(Failure.select().order_by(Failure.id))


def darken(world: World, crash: Crash, place: str, address: str = "/") -> None:
    """Let a part fail five times, then mend it: what is not shown now is dark."""
    crash(place)
    client = world.client_for(HERE)
    for _ in range(5):
        client.get(address)
    crash()


# -- each part alone ------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["card", "cards"])
def test_a_failing_card_goes_dark_alone(world: World, crash: Crash, place: str) -> None:
    darken(world, crash, place)
    page = home(world)
    assert CARD not in page
    assert page.count(FAILED) == 1
    assert MENU in page
    assert "0回たたきました" in page
    assert status(world) == 200


def test_a_failing_menu_goes_dark_alone(world: World, crash: Crash) -> None:
    darken(world, crash, "navigation")
    page = home(world)
    assert MENU not in page
    assert CARD in page
    assert "となりの戸口" in page
    assert status(world) == 200


def test_a_failing_page_goes_dark_alone(world: World, crash: Crash) -> None:
    darken(world, crash, "route", "/crasher/")
    assert status(world) == 503
    assert status(world, "/crasher/rule") == 409
    page = home(world)
    assert CARD in page
    assert MENU in page


@pytest.mark.parametrize(
    ("place", "address"), [("card", "/"), ("navigation", "/"), ("route", "/crasher/")]
)
def test_the_next_town_keeps_what_went_dark_here(
    world: World, crash: Crash, place: str, address: str
) -> None:
    darken(world, crash, place, address)
    page = home(world, NEXT_DOOR)
    assert CARD in page
    assert MENU in page
    assert status(world, login=NEXT_DOOR) == 200


def test_a_dark_page_says_that_it_is_stopped_and_keeps_the_menu(world: World, crash: Crash) -> None:
    darken(world, crash, "route", "/crasher/")
    page = get(world, "/crasher/").get_data(as_text=True)
    assert "このページは一時的に使えません" in page
    assert STOPPED in page
    assert "正常に動けば、自動で元に戻ります。" in page
    assert "となりの戸口" in page


def test_four_failures_of_a_page_leave_it_lit(world: World, crash: Crash) -> None:
    crash("route")
    for _ in range(4):
        assert status(world) == 500
    crash()
    assert status(world) == 200


def test_after_a_day_one_person_meets_the_failure_and_the_town_keeps_the_page(
    world: World, crash: Crash
) -> None:
    world.clock.advance(hours=25)
    darken(world, crash, "route", "/crasher/")
    assert status(world) == status(world, login="staff2@koriyama") == 200


def test_after_a_day_three_people_darken_a_page(world: World, crash: Crash) -> None:
    world.clock.advance(hours=25)
    crash("route")
    for login in (HERE, HERE, HERE, "staff2@koriyama", "head@koriyama"):
        assert status(world, login=login) == 500
    assert status(world, login="hr@koriyama") == 503


def test_a_page_that_would_end_the_process_goes_dark_too(world: World, crash: Crash) -> None:
    darken(world, crash, "", "/crasher/exit")
    assert status(world, "/crasher/exit") == 503


@pytest.mark.parametrize(
    ("place", "answer"), [("page:404", 404), ("page:rule", 409), ("page:away", 500)]
)
def test_an_answer_a_rule_and_a_database_that_is_away_do_not_count(
    world: World, crash: Crash, place: str, answer: int
) -> None:
    crash(place)
    assert [status(world) for _ in range(6)] == [answer] * 6
    crash()
    assert status(world) == 200
    assert kept() == []


def test_a_name_that_is_too_long_to_keep_goes_dark_by_its_beginning(
    world: World, workshop: Any, open_world: Callable[..., World]
) -> None:
    name = "x" * 200
    plugin = workshop.make(
        "long",
        f"""
        @hookimpl
        def cards(ctx):
            return [Card("{name}", Label("長い", "Long"), "long/none.html")]
        """,
    )
    opened = open_world([plugin])
    for _ in range(5):
        home(opened)
    assert len(kept()) == 5
    assert [(row.plugin, len(row.surface)) for row in Quarantine.select()] == [("long", 120)]
    home(opened)
    assert len(kept()) == 5


# -- what it costs the others ---------------------------------------------------------------------


@pytest.mark.parametrize("place", ["card", "navigation"])
def test_a_dark_part_costs_no_query(
    world: World, crash: Crash, queries: Callable[[], Any], place: str
) -> None:
    def counted() -> int:
        client = world.client_for(HERE)
        client.get("/")
        with queries() as log:
            assert client.get("/").status_code == 200
        return len(log)

    before = counted()
    darken(world, crash, place)
    assert counted() <= before


# -- trying again ---------------------------------------------------------------------------------


def test_after_five_minutes_a_page_that_works_again_is_lit_for_everybody(
    world: World, crash: Crash
) -> None:
    darken(world, crash, "route", "/crasher/")
    world.clock.advance(minutes=4, seconds=59)
    assert status(world) == 503
    world.clock.advance(seconds=1)
    assert status(world) == 200
    assert status(world, login="staff2@koriyama") == 200


def test_a_trial_that_fails_shows_the_failure_to_one_and_keeps_the_page_dark_for_ten_minutes(
    world: World, crash: Crash
) -> None:
    darken(world, crash, "route", "/crasher/")
    world.clock.advance(minutes=5)
    crash("route")
    assert [status(world), status(world)] == [500, 503]
    crash()
    world.clock.advance(minutes=9)
    assert status(world) == 503
    world.clock.advance(minutes=1)
    assert status(world) == 200


@pytest.mark.parametrize("place", ["card", "cards", "navigation"])
def test_after_five_minutes_a_part_of_the_home_page_is_back(
    world: World, crash: Crash, place: str
) -> None:
    darken(world, crash, place)
    world.clock.advance(minutes=5)
    for _ in range(2):
        page = home(world)
        assert CARD in page
        assert MENU in page


def test_a_trial_that_is_answered_by_a_rule_lights_the_page(world: World, crash: Crash) -> None:
    darken(world, crash, "route", "/crasher/")
    world.clock.advance(minutes=5)
    crash("page:rule")
    assert [status(world), status(world)] == [409, 409]


def test_a_trial_for_which_the_database_was_away_decides_nothing(
    world: World, crash: Crash
) -> None:
    darken(world, crash, "route", "/crasher/")
    world.clock.advance(minutes=5)
    crash("page:away")
    assert [status(world), status(world)] == [500, 503]
    crash()
    world.clock.advance(minutes=1)
    assert status(world) == 200


def test_switching_the_plugin_off_and_on_leaves_its_dark_part_dark(
    world: World, crash: Crash
) -> None:
    darken(world, crash, "route", "/crasher/")
    for on in (False, True):
        world.switch("072036", "crasher", on=on)
    assert status(world) == 503


# -- written whatever becomes of the request ------------------------------------------------------


def test_a_failure_is_kept_though_the_transaction_of_the_request_was_undone(
    world: World, crash: Crash
) -> None:
    crash("fall")
    client = world.client_for(HERE)
    response = client.submit("/crasher/drop", {}, form_at="/neighbour/")
    assert response.status_code == 500
    (row,) = kept()
    ctx = world.ctx_for(HERE)
    assert (row.plugin, row.surface, row.municipality_id, row.person_id, row.at) == (
        "crasher",
        "route drop",
        ctx.municipality.id,
        ctx.person_id,
        world.clock(),
    )
    assert row.trace in response.get_data(as_text=True)
    assert row.what.startswith("Crash niwari_crasher/switch.py:")
