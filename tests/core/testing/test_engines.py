"""The databases of a run: no two are called alike, and none outlives the run."""

from pathlib import Path

import psycopg
import pytest

from niwari.testing.engines import Engines, engines


def present(database_engines: Engines) -> set[str]:
    """Return the databases of the run's engine: names on its server, or files in its folder."""
    if database_engines.kind == "sqlite":
        return {path.name for path in database_engines.folder.glob("*.db")}
    with psycopg.connect(database_engines.postgres_url) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def made(url: str) -> None:
    """Let a file of SQLite be there; PostgreSQL's database is."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).touch()


def test_two_runs_with_the_same_process_number_share_no_name(tmp_path: Path) -> None:
    first, second = (Engines("sqlite", tmp_path) for _ in range(2))
    assert first.empty() != second.empty()


def test_a_template_is_gone_when_the_engines_end(database_engines: Engines) -> None:
    before = present(database_engines)
    mine = Engines(database_engines.kind, database_engines.folder, database_engines.postgres_url)
    copy = mine.copy_of("empty", made)
    assert len(present(database_engines) - before) == 2
    mine.drop(copy)
    mine.end()
    assert present(database_engines) == before


def test_a_named_server_is_left_as_it_was(
    database_engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = present(database_engines)
    monkeypatch.setenv("NIWARI_TEST_PG_URL", database_engines.postgres_url)
    with engines(database_engines.kind) as found:
        found.drop(found.copy_of("empty", made))
    assert not found.folder.exists()
    assert present(database_engines) == before
