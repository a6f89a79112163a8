"""機能の調子: what failed in the own town, with its number and without a name, and how to go on."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import database
from niwari.host.models import Failure
from niwari.host.quarantine import BUDGET, Failed, record_failure
from niwari.jobs.models import JobRun
from niwari.testing.world import World

IT, NEXT_DOOR, STAFF = "it@koriyama", "it@sukagawa", "staff@koriyama"
PAGE = "/admin/health"

Crash = Callable[..., None]


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere."""
    return crashers


def text(world: World, login: str = IT, address: str = PAGE) -> str:
    response = world.client_for(login).get(address)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def main(page: str) -> str:
    (found,) = re.findall(r"<main.*?</main>", page, re.DOTALL)
    return str(found)


def visit(world: World, address: str = "/crasher/", times: int = 1, login: str = STAFF) -> None:
    client = world.client_for(login)
    for _ in range(times):
        client.get(address)
    database.connect(reuse_if_open=True)


def try_again(world: World, login: str = IT, plugin: str = "crasher") -> Any:
    client = world.client_for(login)
    address = f"/admin/features/{plugin}/try-again"
    return client.submit(address, {}, form_at="/neighbour/")


def test_without_a_failure_it_says_so(world: World) -> None:
    assert "止めている部分はありません。" in text(world)
    assert "こわれもの" not in main(text(world)).partition("サーバーへの負担")[0]


def test_what_runs_for_long_is_shown_with_since_when_in_its_own_town(world: World) -> None:
    run = JobRun.create(
        job="crasher.unheard",
        municipality_id=world.ctx_for(IT).municipality.id,
        due_at=world.clock(),
        started_at=world.clock(),
    )
    world.clock.advance(minutes=5)
    assert "長く動いている処理" not in text(world)
    world.clock.advance(seconds=1)
    page = main(text(world))
    assert re.search(r"9:00から動いています", page), page
    assert "長く動いている処理" not in text(world, NEXT_DOOR)
    JobRun.update(state="done").where(JobRun.id == run.id).execute()
    assert "長く動いている処理" not in text(world)


def test_a_failure_is_shown_with_its_number_kind_and_place_and_nobodys_name(
    world: World, crash: Crash
) -> None:
    crash("route")
    visit(world)
    (row,) = Failure.select()
    page = main(text(world))
    name = world.ctx_for(STAFF).acting.person_name
    assert row.trace in page
    assert "こわれもの" in page
    assert "Crash niwari_crasher/switch.py" in page
    assert name not in page
    assert "on purpose" not in page


def test_the_neighbour_town_sees_only_what_met_its_own_people(world: World, crash: Crash) -> None:
    crash("route")
    visit(world)
    (ours,) = Failure.select()
    assert ours.trace not in text(world, NEXT_DOOR)
    visit(world, login="staff@sukagawa")
    theirs = Failure.get(Failure.id != ours.id)
    assert theirs.trace in text(world, NEXT_DOOR)
    assert theirs.trace not in text(world)


def test_what_is_dark_is_named_here_and_not_next_door(world: World, crash: Crash) -> None:
    crash("route")
    visit(world, times=5)
    assert "止めている部分はありません。" not in text(world)
    assert "こわれもの" in main(text(world))
    assert "止めている部分はありません。" in text(world, NEXT_DOOR)


def test_the_menu_of_municipal_it_counts_what_is_dark(world: World, crash: Crash) -> None:
    def badge(login: str) -> list[str]:
        return re.findall(r'shell-count">(\d+)', text(world, login, "/"))

    crash("route")
    visit(world, times=5)
    assert badge(IT)[0] == "1"
    assert badge(NEXT_DOOR) == []
    assert badge(STAFF) == []


def test_municipal_it_ends_a_quarantine_by_hand_at_once(world: World, crash: Crash) -> None:
    crash("route")
    visit(world, times=5)
    crash()
    client = world.client_for(STAFF)
    assert client.get("/crasher/").status_code == 503
    assert try_again(world).status_code == 303
    assert client.get("/crasher/").status_code == 200
    assert "止めている部分はありません。" in text(world)


def test_trying_again_by_hand_is_written_down(world: World) -> None:
    ctx = world.ctx_for(IT)
    failed = Failed("crasher", "cards", ctx.municipality.id, None, ctx.now, "t", "x")
    for _ in range(BUDGET):
        record_failure(failed)
    try_again(world)
    try_again(world)
    (row,) = AuditEntry.select().where(AuditEntry.action == "plugin.try_again")
    assert row.actor_id == ctx.acting.id


def test_ending_it_here_ends_nothing_next_door(world: World, crash: Crash) -> None:
    crash("route")
    for login in (STAFF, "staff@sukagawa"):
        visit(world, times=5, login=login)
    crash()
    try_again(world, NEXT_DOOR)
    assert world.client_for("staff@sukagawa").get("/crasher/").status_code == 200
    assert world.client_for(STAFF).get("/crasher/").status_code == 503


def test_ending_one_features_quarantine_leaves_that_of_another(world: World, crash: Crash) -> None:
    crash("route")
    visit(world, times=5)
    try_again(world, plugin="neighbour")
    assert world.client_for(STAFF).get("/crasher/").status_code == 503


@pytest.mark.parametrize("login", [STAFF, "head@koriyama", "hr@koriyama", "secretariat"])
def test_only_municipal_it_sees_and_ends(world: World, crash: Crash, login: str) -> None:
    crash("route")
    visit(world, times=5)
    crash()
    assert world.client_for(login).get(PAGE).status_code == 403
    assert try_again(world, login).status_code == 403
    assert world.client_for(STAFF).get("/crasher/").status_code == 503


def test_costs_are_those_of_the_whole_server_with_the_failures_among_them(
    world: World, crash: Crash
) -> None:
    crash("route")
    visit(world, times=2, login="staff@sukagawa")
    world.clock.advance(minutes=1)
    visit(world, "/ledger/")
    page = main(text(world))
    (cells,) = re.findall(
        r'<th scope="row"[^>]*>こわれもの</th>(.*?)</tr>', page.partition("サーバー")[2], re.DOTALL
    )
    numbers = [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", cells)]
    assert re.findall(r"\d+", numbers[0]) == [
        "5"
    ]  # two pages with their menus, and the menu of a third
    assert re.findall(r"\d+", numbers[-1]) == ["2"]


def test_the_features_page_points_to_it_while_something_is_dark(world: World, crash: Crash) -> None:
    assert 'href="/admin/health"' not in main(text(world, address="/admin/features"))
    crash("route")
    visit(world, times=5)
    assert 'href="/admin/health"' in main(text(world, address="/admin/features"))
    assert 'href="/admin/health"' not in main(text(world, NEXT_DOOR, "/admin/features"))


def test_a_thousand_failures_are_fifty_lines(world: World, crash: Crash) -> None:
    town = world.ctx_for(IT).municipality.id
    Failure.insert_many(
        {"plugin": "crasher", "surface": "card x", "municipality_id": town, "at": world.clock()}
        for _ in range(1000)
    ).execute()
    assert len(re.findall(r"<tr>", main(text(world)))) <= 53
