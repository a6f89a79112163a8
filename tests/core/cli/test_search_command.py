"""search reindex: everything is indexed anew, and said in numbers."""

from pathlib import Path

import pytest

from niwari.clock import FrozenClock
from niwari.db import connection, open_database
from niwari.host.discovery import Found
from niwari.search.models import Changed, Entry
from niwari.testing.world import World
from tests.core.cli.conftest import Run


@pytest.fixture
def noted(
    run: Run,
    migrated_url: str,
    clock: FrozenClock,
    tmp_path: Path,
    trial_plugins: dict[str, Found],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Two notes were written, and then the index was lost."""
    monkeypatch.setenv("NIWARI_ENVIRONMENT", "test")
    run("migrate")
    with World.open(migrated_url, clock, tmp_path / "home", [trial_plugins["dummy"]]) as world:
        (note,) = world.host.plugins["dummy"].contributions.resources
        for login in ("staff@koriyama", "staff@sukagawa"):
            note.sample(world.ctx_for(login))
        Changed.delete().execute()
    return run


def test_rows_are_gone_through_and_can_be_found(noted: Run, migrated_url: str) -> None:
    done = noted("search", "reindex")
    assert (done.exit_code, done.output) == (
        0,
        "2 rows gone through, 2 of them can be found.\n",
    )
    open_database(migrated_url)
    with connection():
        assert Entry.select().count() == 2


def test_one_plugin_alone_can_be_named(noted: Run) -> None:
    assert "2 rows gone through" in noted("search", "reindex", "--plugin", "dummy").output
    assert "0 rows gone through" in noted("search", "reindex", "--plugin", "neighbour").output


def test_a_plugin_that_is_none_is_refused_in_a_sentence(noted: Run) -> None:
    done = noted("search", "reindex", "--plugin", "nothing")
    assert done.exit_code == 2
    assert "nothing" in done.output
    assert "niwari plugins list" in done.output
