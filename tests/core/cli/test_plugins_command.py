"""``niwari plugins``, --strict and --safe-mode: every refusal names the thing and ends with 2."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from niwari.app import create_app
from niwari.cli.main import main
from niwari.config import Settings
from niwari.db import connection, open_database
from niwari.host.discovery import Found, installed_plugins
from niwari.host.environment import environment_of_database
from niwari.host.models import Enablement, InstalledPlugin
from niwari.host.registry import PluginsStopped
from niwari.testing.engines import release
from niwari.testing.workshop import Workshop
from niwari.testing.world import World
from tests.core.conftest import TownWith

SUKAGAWA = ("--municipality", "072079")

Niwari = Callable[..., Result]


@pytest.fixture
def database_url(town_with: TownWith, trial_plugins: Mapping[str, Found]) -> str:
    """The usual database, with the tables of the two plugins."""
    return town_with([trial_plugins["crasher"], trial_plugins["neighbour"]])


@pytest.fixture
def niwari(
    database_url: str,
    tmp_path: Path,
    workshop: Workshop,
    trial_plugins: Mapping[str, Found],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Niwari]:
    """Run ``niwari`` where the crasher and the neighbour are installed, migrated and off."""
    for name in ("crasher", "neighbour"):
        workshop.install(name)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NIWARI_DATABASE_URL", database_url)

    def run(*arguments: str, crash: str = "") -> Result:
        monkeypatch.setenv("CRASHER_AT", crash)
        return CliRunner().invoke(main, arguments)

    assert run("migrate").exit_code == 0
    yield run
    release()


def state(url: str, plugin: str = "crasher") -> list[str]:
    open_database(url)
    with connection():
        return [row.state for row in Enablement.select().where(Enablement.plugin == plugin)]


def refused(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert result.output.startswith("niwari: ")
    return result.output.removeprefix("niwari: ").strip()


# -- switching ------------------------------------------------------------------------------------


def test_enable_pause_and_disable_say_what_is_now(niwari: Niwari, database_url: str) -> None:
    for word, now in (("enable", "on"), ("pause", "paused"), ("enable", "on"), ("disable", "off")):
        result = niwari("plugins", word, "crasher", *SUKAGAWA)
        assert result.output == f"crasher is now {now} for 須賀川市 (072079).\n"
        assert state(database_url) == [now]


def test_doing_it_again_says_so(niwari: Niwari) -> None:
    niwari("plugins", "enable", "crasher", *SUKAGAWA)
    again = niwari("plugins", "enable", "crasher", *SUKAGAWA)
    assert (again.exit_code, again.output) == (
        0,
        "crasher was already on for 須賀川市 (072079).\n",
    )


@pytest.mark.parametrize("word", ["enable", "disable", "pause"])
def test_what_is_not_installed_is_named_with_what_is(niwari: Niwari, word: str) -> None:
    said = refused(niwari("plugins", word, "nobody", *SUKAGAWA))
    assert said.startswith("nobody という機能は入っていません。")
    assert said.endswith("、".join(sorted(plugin.name for plugin in installed_plugins())))
    assert "crasher" in said


def test_a_town_that_is_not_there_is_named(niwari: Niwari) -> None:
    said = refused(niwari("plugins", "enable", "crasher", "--municipality", "131016"))
    assert "131016" in said


def test_a_plugin_that_stopped_is_refused_with_the_reason(
    niwari: Niwari, database_url: str
) -> None:
    said = refused(niwari("plugins", "enable", "crasher", *SUKAGAWA, crash="declare"))
    assert said.startswith("crasher は使えるようにできません。")
    assert said.endswith("Crash: crashed on purpose at declare")
    assert state(database_url) == []


@pytest.mark.parametrize(
    ("crash", "word", "said"),
    [
        ("can_enable:no", "enable", "先に床を片付けてください。"),
        ("can_enable", "enable", "何も変わっていません"),
        ("enabled", "enable", "何も変わっていません"),
    ],
)
def test_what_is_in_the_way_is_said_and_nothing_is_changed(
    niwari: Niwari, database_url: str, crash: str, word: str, said: str
) -> None:
    assert said in refused(niwari("plugins", word, "crasher", *SUKAGAWA, crash=crash))
    assert state(database_url) == []


def test_a_plugin_that_waits_for_its_migrations_is_refused_with_the_mend(
    niwari: Niwari, database_url: str
) -> None:
    from niwari.db import database

    open_database(database_url)
    with connection():
        database.execute_sql('DELETE FROM "niwari_migration_crasher"')
    said = refused(niwari("plugins", "enable", "crasher", *SUKAGAWA))
    assert "crasher" in said
    assert "run: niwari migrate" in said
    assert state(database_url) == []


def test_with_migrate_it_is_brought_up_to_date_first_and_then_on(
    niwari: Niwari, database_url: str
) -> None:
    from niwari.db import database

    open_database(database_url)
    with connection():
        for table in ("niwari_migration_crasher", "niwari_migration_neighbour"):
            database.execute_sql(f'DELETE FROM "{table}"')
        for table in ("crasher_shard", "neighbour_knock"):
            database.execute_sql(f'DROP TABLE "{table}"')
    result = niwari("plugins", "enable", "crasher", *SUKAGAWA, "--migrate")
    assert result.exit_code == 0, result.output
    assert "neighbour: 0001_knocks\n" in result.output
    assert result.output.endswith("crasher is now on for 須賀川市 (072079).\n")
    again = niwari("plugins", "enable", "crasher", *SUKAGAWA, "--migrate")
    assert again.output == "crasher was already on for 須賀川市 (072079).\n"


@pytest.fixture
def fresh(niwari: Niwari, empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Niwari:
    """The same before anything was migrated, in a folder that is not there yet."""
    monkeypatch.setenv("NIWARI_HOME", f"{os.environ['NIWARI_HOME']}/new")
    monkeypatch.setenv("NIWARI_DATABASE_URL", empty_database_url)
    return niwari


def test_with_migrate_the_core_is_migrated_too_also_where_no_folder_is_yet(
    fresh: Niwari, empty_database_url: str
) -> None:
    result = fresh("plugins", "enable", "crasher", *SUKAGAWA, "--migrate")
    assert result.output.startswith("core: 0001_")
    assert result.output.splitlines()[-1].startswith("niwari: ")  # nobody has loaded its towns yet
    assert "072079" in result.output.splitlines()[-1]
    assert fresh("migrate").output == "Nothing to do: all tables are up to date.\n"
    open_database(empty_database_url)
    with connection():
        assert environment_of_database() == "production"


def test_without_migrate_nothing_is_made(fresh: Niwari) -> None:
    assert "there is no folder" in refused(fresh("plugins", "enable", "crasher", *SUKAGAWA))
    assert not Path(os.environ["NIWARI_HOME"]).exists()


# -- a package that is gone -----------------------------------------------------------------------


@pytest.fixture
def orphaned(niwari: Niwari, database_url: str) -> Niwari:
    """The same after the plugin gone, which was on in 須賀川市, was uninstalled."""
    open_database(database_url)
    with connection():
        from niwari.directory.models import Municipality

        town = Municipality.get(Municipality.code == "072079").id
        now = InstalledPlugin.get(InstalledPlugin.name == "crasher").seen_at
        InstalledPlugin.insert(
            name="gone", version="2.0", label_ja="去ったもの", label_en="Gone", seen_at=now
        ).execute()
        Enablement.insert(municipality_id=town, plugin="gone", state="on", since=now).execute()
    return niwari


def test_an_orphan_is_listed_with_where_it_is_on(orphaned: Niwari) -> None:
    lines = [" ".join(line.split()) for line in orphaned("plugins", "list").output.splitlines()]
    place = lines.index("gone 2.0 orphaned on: 須賀川市")
    assert "its rows are kept" in lines[place + 1]


def test_an_orphan_can_be_switched_off_and_not_on(orphaned: Niwari, database_url: str) -> None:
    assert orphaned("plugins", "disable", "gone", *SUKAGAWA).exit_code == 0
    assert state(database_url, "gone") == ["off"]
    said = refused(orphaned("plugins", "enable", "gone", *SUKAGAWA))
    assert said.startswith("gone は使えるようにできません。")
    assert said.endswith("its package is gone and its rows are kept; install it again")
    assert state(database_url, "gone") == ["off"]


# -- starting -------------------------------------------------------------------------------------


@pytest.fixture
def starting(
    crashers: World, trial_plugins: Mapping[str, Found], crash: Callable[..., None]
) -> Callable[..., Any]:
    """Start an application once more on a world's database: ``starting("declare", strict=True)``."""

    def start(place: str = "", **changed: bool) -> Any:
        crash(place)
        found = [trial_plugins["crasher"], trial_plugins["neighbour"]]
        settings: Settings = replace(crashers.settings, **changed)
        return create_app(settings, clock=crashers.clock, plugins=found)

    return start


def test_a_strict_application_does_not_start_with_a_plugin_that_stopped(
    starting: Callable[..., Any],
) -> None:
    with pytest.raises(PluginsStopped, match="crasher: Crash: crashed on purpose at declare"):
        starting("declare", strict=True)
    assert starting(strict=True).extensions["niwari"].host.is_ready("crasher")


def test_a_strict_application_does_not_start_while_a_plugin_waits_for_its_migrations(
    starting: Callable[..., Any],
) -> None:
    from niwari.db import database

    with connection():
        database.execute_sql('DELETE FROM "niwari_migration_crasher"')
    with pytest.raises(PluginsStopped, match="crasher: its migrations have not run"):
        starting(strict=True)


def test_safe_mode_runs_the_core_alone_and_no_line_of_a_plugin(
    crashers: World, starting: Callable[..., Any]
) -> None:
    app = starting("declare,navigation,cards,route", safe_mode=True)
    host = app.extensions["niwari"].host
    assert [p.name for p in host.loaded() if not p.core] == []
    world = World(app, crashers.clock, crashers.settings)
    client = world.client_for("staff@koriyama")
    home = client.get("/").get_data(as_text=True)
    assert "わたしの20%" in home
    assert "こわれもの" not in home
    assert "となりの戸口" not in home
    assert client.get("/ledger/").status_code == 200
    assert [client.get(f"/{name}/").status_code for name in ("crasher", "neighbour")] == [404, 404]
    features = world.client_for("it@koriyama").get("/admin/features").get_data(as_text=True)
    assert "safe mode" in features


def test_after_safe_mode_everything_is_on_where_it_was(
    crashers: World, starting: Callable[..., Any]
) -> None:
    starting(safe_mode=True)
    world = World(starting(), crashers.clock, crashers.settings)
    assert world.client_for("staff@koriyama").get("/crasher/").status_code == 200
