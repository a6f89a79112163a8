"""``niwari audit verify``: what it says, and with which exit code it ends."""

from typing import Any

import pytest
from click.testing import CliRunner

from niwari.audit.sealing import last_seal, seal
from niwari.cli.main import main
from niwari.testing.world import KORIYAMA, World
from tests.core.audit.conftest import Tamper, Write


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on the world's database, at its time."""
    monkeypatch.setenv("NIWARI_ENVIRONMENT", "test")
    monkeypatch.setenv("NIWARI_CLOCK_START", "2026-11-10T09:00")
    monkeypatch.setenv("NIWARI_HOME", str(world.settings.home))
    monkeypatch.setenv("NIWARI_DATABASE_URL", world.settings.database_url)
    return lambda *words: CliRunner().invoke(main, ["audit", "verify", *words])


def test_it_says_for_each_municipality_what_it_found(
    run: Any, world: World, town: int, write: Write
) -> None:
    seal(town, world.clock())
    write(2)
    head = last_seal(town)
    assert head is not None
    said = run()
    assert said.exit_code == 0, said.output
    assert f"072036 郡山市: 1 seals, {head.rows} rows, 2 not sealed yet\n  head {head.hash}\n" in (
        said.output
    )
    assert "075213 三春町: 0 seals" in said.output


def test_a_fault_is_named_and_ends_with_exit_code_1(
    run: Any, world: World, town: int, write: Write, tamper: Tamper
) -> None:
    ids = write(1)
    seal(town, world.clock())
    tamper(f"UPDATE audit_entry SET action = 'other' WHERE id = {ids[0]}")
    said = run("--municipality", KORIYAMA)
    assert said.exit_code == 1
    assert "072036 郡山市" in said.output
    assert f"  FAULT seal 1: row {ids[0]} was changed" in said.output


def test_a_noted_head_is_looked_for(run: Any, world: World, town: int, write: Write) -> None:
    write(1)
    seal(town, world.clock())
    head = last_seal(town)
    assert head is not None
    said = run("--expect", head.hash)
    assert (said.exit_code, "that of seal 1" in said.output) == (0, True)
    said = run("--expect", "f" * 64)
    assert said.exit_code == 1
    assert "no seal has the expected hash" in said.output


@pytest.mark.parametrize("words", [("--expect", "abc"), ("--municipality", "999999")])
def test_a_wrong_argument_ends_with_exit_code_2(run: Any, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
