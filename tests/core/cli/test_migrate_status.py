"""``niwari migrate`` and ``--status``: to look changes nothing, and one that fails holds up nobody."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from niwari.cli.main import main
from niwari.db import connection, database, open_database
from niwari.db.migrate import MigrationSet
from niwari.host.discovery import Found
from niwari.host.models import InstalledPlugin
from niwari.testing.engines import release
from niwari.testing.workshop import Workshop

Niwari = Callable[..., Result]


@pytest.fixture
def niwari(
    tmp_path: Path,
    workshop: Workshop,
    trial_plugins: Mapping[str, Found],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Niwari]:
    """Run ``niwari`` where crasher and neighbour are installed and no folder was made yet."""
    for name in ("crasher", "neighbour"):
        workshop.install(name)
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))

    def run(*arguments: str, crash: str = "") -> Result:
        monkeypatch.setenv("CRASHER_AT", crash)
        return CliRunner().invoke(main, arguments)

    yield run
    release()


@pytest.fixture
def in_database(
    niwari: Niwari, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Niwari]:
    """The same with an empty database of the chosen engine."""
    monkeypatch.setenv("NIWARI_DATABASE_URL", empty_database_url)
    yield niwari
    release()


def tables(url: str) -> list[str]:
    open_database(url)
    with connection():
        return sorted(database.get_tables())


def waiting(result: Result) -> set[str]:
    assert result.exit_code == 0
    return set(re.findall(r"^(\w+): \S+  waits; run: niwari migrate$", result.output, re.MULTILINE))


def test_looking_at_what_is_not_there_yet_makes_nothing(niwari: Niwari, tmp_path: Path) -> None:
    said = niwari("migrate", "--status")
    assert {"core", "consult", "crasher", "neighbour"} <= waiting(said)
    assert not (tmp_path / "home").exists()


def test_looking_at_an_empty_database_leaves_it_empty(
    in_database: Niwari, empty_database_url: str
) -> None:
    assert {"core", "crasher"} <= waiting(in_database("migrate", "--status"))
    assert tables(empty_database_url) == []


def test_after_migrating_nothing_waits_and_looking_changes_nothing(
    in_database: Niwari, empty_database_url: str
) -> None:
    assert in_database("migrate").exit_code == 0
    before = tables(empty_database_url)
    said = in_database("migrate", "--status")
    assert waiting(said) == set()
    assert re.search(r"^crasher: 0001_first  has run$", said.output, re.MULTILINE)
    assert tables(empty_database_url) == before


def test_what_one_new_plugin_has_waiting_is_told_of_it_alone(
    in_database: Niwari, empty_database_url: str
) -> None:
    in_database("migrate")
    open_database(empty_database_url)
    with connection():
        MigrationSet("neighbour", _folder("niwari_neighbour")).runner().History.delete().execute()
    assert waiting(in_database("migrate", "--status")) == {"neighbour"}


def _folder(package: str) -> Path:
    return Path(__file__).parents[2] / "plugins" / package / "migrations"


def test_a_plugin_that_stopped_is_named_with_the_reason(in_database: Niwari) -> None:
    said = in_database("migrate", "--status", crash="import")
    assert "crasher: stopped: Crash: crashed on purpose at import" in said.output
    assert "crasher" not in waiting(said)


def test_migrating_again_says_that_there_is_nothing_to_do(in_database: Niwari) -> None:
    assert "neighbour: 0001_knocks" in in_database("migrate").output
    assert in_database("migrate").output == "Nothing to do: all tables are up to date.\n"


def noted(url: str) -> dict[str, str]:
    open_database(url)
    with connection():
        return {row.name: row.version for row in InstalledPlugin.select()}


def test_a_migration_that_fails_keeps_no_other_plugin_from_being_told_of_its_update(
    in_database: Niwari, empty_database_url: str
) -> None:
    result = in_database("migrate", crash="migration")
    assert result.exit_code == 2
    assert "migration crasher/0001_first failed and was rolled back" in result.output
    assert noted(empty_database_url)["neighbour"] == "1.0"
    assert "crasher" not in noted(empty_database_url)
    assert in_database("migrate").exit_code == 0
    assert noted(empty_database_url)["crasher"] == "6.6"


def test_an_update_that_cannot_adapt_its_data_ends_with_a_sentence_and_is_tried_again(
    in_database: Niwari, empty_database_url: str
) -> None:
    in_database("migrate")
    open_database(empty_database_url)
    with connection():
        from niwari.demo.people import load_people

        load_people()
        InstalledPlugin.update(version="6.5").where(InstalledPlugin.name == "crasher").execute()
    release()
    words = ("plugins", "enable", "crasher", "--municipality", "072079")
    assert in_database(*words).exit_code == 0
    failed = in_database("migrate", crash="upgraded")
    assert failed.exit_code == 2
    assert "crasher: upgraded failed for 須賀川市: Crash" in failed.output
    assert "Traceback" not in failed.output
    assert noted(empty_database_url)["crasher"] == "6.5"
    assert in_database("migrate").exit_code == 0
    assert noted(empty_database_url)["crasher"] == "6.6"
