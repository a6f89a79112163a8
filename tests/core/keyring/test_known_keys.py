"""Which keys a database was used with: nothing starts without one of them, and the mend is said."""

import base64
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from niwari.app import create_app
from niwari.cli.main import main
from niwari.clock import FrozenClock
from niwari.config import ConfigError, Settings
from niwari.db import connection, database, open_database
from niwari.host.keys import MissingKey, known_keys
from niwari.testing.engines import Engines, release
from niwari.testing.world import prepare_tables

ONE, TWO = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ring(home: Path) -> Path:
    """The folder of the keys."""
    return home / "keys" / "ring"


@pytest.fixture
def new_url(request: pytest.FixtureRequest, database_engines: Engines) -> Iterator[str]:
    """The URL of a database with nothing in it, or in its tables for what is ``installed``."""
    if "installed" in request.fixturenames:
        url = database_engines.copy_of("tables", prepare_tables)
    else:
        url = database_engines.empty()
    yield url
    database_engines.drop(url)


@pytest.fixture
def run(new_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``niwari`` in a new installation."""
    monkeypatch.setenv("NIWARI_HOME", str(home))
    monkeypatch.setenv("NIWARI_ENVIRONMENT", "test")
    monkeypatch.setenv("NIWARI_DATABASE_URL", new_url)

    def invoke(*words: str) -> Result:
        try:
            return CliRunner().invoke(main, words)
        finally:
            release()

    return invoke


@pytest.fixture
def installed(run: Run) -> Run:
    """Run ``niwari`` where ``niwari migrate`` has run."""
    assert run("migrate").exit_code == 0
    return run


@pytest.fixture
def start(home: Path, new_url: str, clock: FrozenClock) -> Callable[..., None]:
    """Start the application, as the web pages and the worker do."""
    settings = Settings(home=home, environment="test", database_url=new_url)

    def begin(**changed: str) -> None:
        try:
            create_app(replace(settings, **changed), clock=clock, plugins=[])  # type: ignore[arg-type]
        finally:
            release()

    return begin


def noted(url: str) -> frozenset[str]:
    open_database(url)
    with connection():
        return known_keys()


def listed(run: Run) -> list[list[str]]:
    return [line.split("  ") for line in run("keys", "list").stdout.splitlines()]


def test_migrating_makes_the_first_key_once_and_notes_it(
    installed: Run, ring: Path, new_url: str
) -> None:
    ((key_id, does, origin),) = listed(installed)
    assert (does, origin) == ("seals and opens", str(ring / "1.key"))
    assert installed("migrate").exit_code == 0
    assert noted(new_url) == {key_id}
    assert [path.name for path in ring.iterdir()] == ["1.key"]


def test_before_migrating_no_command_makes_a_key(run: Run, home: Path) -> None:
    home.mkdir()
    said = run("keys", "list")
    assert (said.exit_code, "run: niwari migrate" in said.output) == (2, True)
    assert not (home / "keys").exists()


def test_rotating_makes_a_key_and_the_list_shows_which_one_seals(
    installed: Run, ring: Path, new_url: str
) -> None:
    said = installed("keys", "rotate").output
    assert "Back up this file.\n0 lockers of the vault were sealed anew.\n" in said
    assert installed("keys", "reseal").output == "0 lockers of the vault were sealed anew.\n"
    newest, oldest = listed(installed)
    assert newest[1:] == ["seals and opens", str(ring / "2.key")]
    assert oldest[1:] == ["opens", str(ring / "1.key")]
    assert noted(new_url) == {newest[0], oldest[0]}


def test_no_command_prints_a_key(installed: Run, ring: Path) -> None:
    said = installed("keys", "rotate").output + installed("keys", "list").output
    keys = [path.read_text(encoding="ascii") for path in ring.iterdir()]
    assert len(keys) == 2
    assert not [key for key in keys if key in said]


def test_an_application_does_not_start_without_a_key_that_it_had(
    installed: Run, start: Callable[..., None], ring: Path
) -> None:
    ((key_id, *_),) = listed(installed)
    (ring / "1.key").unlink()
    with pytest.raises(MissingKey, match=f"key {key_id} is missing.*put its file back into"):
        start()
    (ring / "2.key").write_text(TWO, encoding="ascii")
    with pytest.raises(MissingKey, match=f"niwari keys forget {key_id}"):
        start()
    assert [path.name for path in ring.iterdir()] == ["2.key"]


@pytest.mark.parametrize("words", [("migrate",), ("keys", "rotate"), ("audit", "verify")])
def test_no_command_makes_up_for_a_key_that_is_missing(
    installed: Run, ring: Path, words: tuple[str, ...]
) -> None:
    ((key_id, *_),) = listed(installed)
    (ring / "1.key").unlink()
    said = installed(*words)
    assert said.exit_code == 2
    assert f"key {key_id} is missing" in said.output
    assert list(ring.iterdir()) == []
    assert [line[:2] for line in listed(installed)] == [[key_id, "MISSING"]]


def test_a_list_with_a_missing_key_ends_with_1_and_says_what_to_do(
    installed: Run, ring: Path
) -> None:
    assert installed("keys", "list").exit_code == 0
    ((key_id, *_),) = listed(installed)
    (ring / "1.key").unlink()
    said = installed("keys", "list")
    assert said.exit_code == 1
    assert f"{key_id} missing: put the file back from the backup" in said.stderr


def test_keys_of_the_environment_are_known_and_missed_alike(
    run: Run, start: Callable[..., None], ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIWARI_KEYRING", f"1:{ONE}")
    assert run("migrate").exit_code == 0
    assert not ring.exists()
    monkeypatch.setenv("NIWARI_KEYRING", f"1:{ONE},2:{TWO}")
    start()
    newest, _ = listed(run)
    monkeypatch.setenv("NIWARI_KEYRING", f"1:{ONE}")
    with pytest.raises(MissingKey, match=f"key {newest[0]} is missing.*NIWARI_KEYRING"):
        start()


def test_a_key_that_is_lost_for_good_is_forgotten_and_another_one_made(
    installed: Run, start: Callable[..., None], ring: Path
) -> None:
    ((key_id, *_),) = listed(installed)
    there = installed("keys", "forget", key_id)
    assert (there.exit_code, "so it is not lost" in there.output) == (2, True)
    (ring / "1.key").unlink()
    assert installed("keys", "forget", key_id).exit_code == 0
    unknown = installed("keys", "forget", key_id)
    assert (unknown.exit_code, "was never used with such a key" in unknown.output) == (2, True)
    assert listed(installed) == []
    assert installed("migrate").exit_code == 0
    start()
    ((new, *_),) = listed(installed)
    assert new != key_id


def test_in_production_a_key_that_everybody_may_read_stops_the_start(
    installed: Run, start: Callable[..., None], ring: Path, new_url: str
) -> None:
    if os.name == "nt":
        return
    (ring / "1.key").chmod(0o644)
    assert "every account of this machine may read" in installed("keys", "list").output
    start()
    open_database(new_url)
    with connection():
        database.execute_sql("UPDATE host_installation SET environment = 'production'")
    with pytest.raises(ConfigError, match=r"1\.key: every account.*chmod 600"):
        start(environment="production")
    (ring / "1.key").chmod(0o600)
    start(environment="production")


def test_a_folder_that_is_not_there_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "elsewhere"))
    result = run("keys", "list")
    assert result.exit_code == 2
    assert "there is no folder" in result.output
    assert not (tmp_path / "elsewhere").exists()
