"""A plugin that fails wherever it can: everything else stays up, and the reason is told."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from niwari.cli import main
from niwari.db import connection, database
from niwari.host.discovery import Found
from niwari.testing.engines import release
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

FAILED = "この機能は一時的に使えません。ほかの機能は使えます。"

Crashing = Callable[[str], World]


@pytest.fixture
def crashing(
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    monkeypatch: pytest.MonkeyPatch,
) -> Crashing:
    """A world with the neighbour and a crasher that fails at the given place, both on."""

    def open_it(place: str) -> World:
        monkeypatch.setenv("CRASHER_AT", place)
        return open_world([trial_plugins["crasher"], trial_plugins["neighbour"]])

    return open_it


def text(response: Any) -> str:
    return str(response.get_data(as_text=True))


def see_that_others_work(world: World) -> str:
    """Home, the ledger and the neighbour work; returns the home page."""
    client = world.client_for("staff@koriyama")
    home = client.get("/")
    assert home.status_code == 200
    assert "となりの戸口" in text(home)
    assert "0回たたきました" in text(home)
    assert client.get("/ledger/").status_code == 200
    assert "となりの戸口です" in text(client.get("/neighbour/"))
    assert client.submit("/neighbour/knock", {}, form_at="/neighbour/").status_code == 303
    return text(home)


def status(world: World, address: str = "/crasher/") -> int:
    return int(world.client_for("staff@koriyama").get(address).status_code)


def test_without_a_failure_its_page_menu_and_card_are_there(crashing: Crashing) -> None:
    world = crashing("")
    home = see_that_others_work(world)
    assert "こわれもののカードの中身" in home
    assert 'href="/crasher/"' in home
    assert FAILED not in home
    assert status(world) == 200


@pytest.mark.parametrize("place", ["import", "declare"])
def test_a_crash_at_the_start_leaves_out_the_plugin_alone(crashing: Crashing, place: str) -> None:
    world = crashing(place)
    assert world.host.plugins["crasher"].error == f"Crash: crashed on purpose at {place}"
    home = see_that_others_work(world)
    assert "こわれもの" not in home
    assert status(world) == 404


def test_what_the_plugin_raised_is_told_to_nobody_but_who_runs_the_server(
    crashing: Crashing,
) -> None:
    world = crashing("import")
    response = world.client_for("it@koriyama").get("/admin/features")
    assert response.status_code == 200
    assert "こわれもの" in text(response)
    assert "on purpose" not in text(response)


def test_a_crash_in_the_migration_lets_the_plugin_wait_and_the_others_be_migrated(
    crashing: Crashing,
) -> None:
    world = crashing("migration")
    home = see_that_others_work(world)
    assert "こわれもの" not in home
    assert status(world) == 503
    with connection():
        assert "neighbour_knock" in database.get_tables()
        assert "crasher_shard" not in database.get_tables()


def test_a_crash_in_the_menu_takes_its_item_alone(crashing: Crashing) -> None:
    world = crashing("navigation")
    home = see_that_others_work(world)
    assert 'href="/crasher/"' not in home
    assert "こわれもののカードの中身" in home
    assert status(world) == 200


@pytest.mark.parametrize("place", ["cards", "card"])
def test_a_crash_in_the_cards_or_a_cards_template_shows_in_its_place_alone(
    crashing: Crashing, place: str
) -> None:
    world = crashing(place)
    home = see_that_others_work(world)
    assert home.count(FAILED) == 1
    assert "こわれもののカードの中身" not in home
    assert 'href="/crasher/"' in home


@pytest.mark.parametrize(
    ("place", "address"), [("route", "/crasher/"), ("template", "/crasher/"), ("", "/crasher/exit")]
)
def test_a_crash_in_a_page_shows_a_page_with_the_number_of_the_request(
    crashing: Crashing, place: str, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = crashing(place)
    client = world.client_for("staff@koriyama")
    with caplog.at_level(logging.ERROR):
        response = client.get(address)
    assert response.status_code == 500
    assert FAILED in text(response)
    number = re.search(r"<code>([0-9a-f]{32})</code>", text(response))
    assert number is not None
    assert f"(request {number[1]})" in caplog.text
    assert "crasher failed in route " in caplog.text
    assert len([record for record in caplog.records if record.exc_info]) == 1
    assert "on purpose" in caplog.text
    assert "on purpose" not in text(response)
    see_that_others_work(world)


def test_the_page_of_a_crash_keeps_the_menu(crashing: Crashing) -> None:
    world = crashing("route")
    page = text(world.client_for("staff@koriyama").get("/crasher/"))
    assert "となりの戸口" in page
    assert "わたしの20%" in page


def test_everything_at_once_still_leaves_the_others_up(crashing: Crashing) -> None:
    world = crashing("navigation,cards,route")
    see_that_others_work(world)
    assert status(world) == 500


def test_a_rule_that_says_no_is_an_answer_and_no_failure(crashing: Crashing) -> None:
    response = crashing("").client_for("staff@koriyama").get("/crasher/rule")
    assert response.status_code == 409
    assert "今日は休みなのでできません。" in text(response)
    assert FAILED not in text(response)
    assert "<code>" not in text(response)


def test_a_failure_of_the_core_is_not_called_a_plugins(crashing: Crashing) -> None:
    world = crashing("")
    with connection():
        database.execute_sql("DROP TABLE neighbour_knock")
        database.execute_sql("ALTER TABLE ledger_leave_span RENAME TO ledger_leave_gone")
    response = world.client_for("staff@koriyama").get("/ledger/")
    assert response.status_code == 500
    assert FAILED not in text(response)
    assert "こちらの不具合で、処理を続けられませんでした。" in text(response)


# -- niwari plugins list --------------------------------------------------------------------------


@pytest.fixture
def niwari(
    database_url: str,
    tmp_path: Path,
    workshop: Workshop,
    trial_plugins: Mapping[str, Found],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Result]]:
    """Run ``niwari`` where crasher and neighbour are installed: ``niwari("plugins", "list")``."""
    for name in ("crasher", "neighbour"):
        workshop.install(name)
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir(exist_ok=True)
    monkeypatch.setenv("NIWARI_DATABASE_URL", database_url)

    def run(*arguments: str, crash: str = "") -> Result:
        monkeypatch.setenv("CRASHER_AT", crash)
        return CliRunner().invoke(main, arguments)

    yield run
    release()


def lines(result: Result) -> list[str]:
    return [" ".join(line.split()) for line in result.output.splitlines()]


def test_the_list_names_the_reason_of_a_plugin_that_stopped(niwari: Callable[..., Result]) -> None:
    result = niwari("plugins", "list", crash="import")
    assert result.exit_code == 0
    assert "crasher 6.6 checked on: –" in lines(result)
    assert "stopped: Crash: crashed on purpose at import" in lines(result)


def test_the_list_says_what_waits_for_its_migrations(niwari: Callable[..., Result]) -> None:
    said = lines(niwari("plugins", "list"))
    place = said.index("crasher 6.6 declared on: –")
    assert said[place + 1] == "waits for its migrations; run: niwari migrate"


def test_the_list_says_where_a_ready_plugin_is_on(niwari: Callable[..., Result]) -> None:
    assert niwari("migrate").exit_code == 0
    assert niwari("plugins", "enable", "crasher", "--municipality", "072079").exit_code == 0
    assert "crasher 6.6 ready on: 須賀川市" in lines(niwari("plugins", "list"))


def test_migrate_names_the_migration_that_failed_and_applies_the_others(
    niwari: Callable[..., Result],
) -> None:
    result = niwari("migrate", crash="migration")
    assert result.exit_code == 2
    assert (
        "migration crasher/0001_first failed and was rolled back: "
        "crashed on purpose at migration" in result.output
    )
    said = lines(niwari("plugins", "list"))
    assert "neighbour 1.0 ready on: –" in said
    assert "crasher 6.6 declared on: –" in said


def test_a_plugin_that_stopped_is_not_enabled_and_the_reason_is_told(
    niwari: Callable[..., Result],
) -> None:
    result = niwari("plugins", "enable", "crasher", "--municipality", "072079", crash="import")
    assert result.exit_code == 2
    assert "crashed on purpose at import" in result.output
