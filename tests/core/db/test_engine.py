"""The engine behind a URL: what is opened, how, and what is refused."""

import sqlite3
from pathlib import Path

import pytest
from peewee import InterfaceError

from niwari.config import ConfigError
from niwari.db import connection, database, is_postgresql, open_database
from niwari.db.engine import UnknownEngine


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root@localhost/niwari",
        "sqlite+pool:////srv/niwari.db",
        "sqlite://niwari.db",
        "sqlite:///",
        "/srv/niwari.db",
        "niwari.db",
    ],
)
def test_an_unknown_engine_is_refused_with_the_way_to_write_it(url: str) -> None:
    with pytest.raises(
        UnknownEngine, match=r"^database_url: .* use sqlite:////path.*postgresql://"
    ):
        open_database(url)


def test_an_unknown_engine_is_a_wrong_setting_so_commands_answer_with_its_sentence() -> None:
    assert issubclass(UnknownEngine, ConfigError)


@pytest.mark.parametrize("folder", ["山田 太郎", "a#b", "100%", "what?", "a%20b"])
def test_a_folder_may_have_any_name(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "niwari.db"
    path.parent.mkdir()
    open_database(f"sqlite:///{path}")
    with connection():
        database.execute_sql("CREATE TABLE proof (id INTEGER)")
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("proof",)]
    plain.close()


def test_user_and_password_in_a_url_may_be_escaped() -> None:
    engine = open_database("postgresql://niwari%40town:p%40ss%2Fword@db.example.jp/niwari")
    assert engine.connect_params["user"] == "niwari@town"
    assert engine.connect_params["password"] == "p@ss/word"


def test_nothing_is_connected_by_opening(empty_database_url: str) -> None:
    open_database(empty_database_url)
    assert database.is_closed()


def test_sqlite_waits_for_writers_keeps_foreign_keys_and_survives_a_power_cut(
    tmp_path: Path,
) -> None:
    open_database(f"sqlite:///{tmp_path / 'niwari.db'}")
    with connection():
        found = {
            name: database.pragma(name)
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    full = 2
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "synchronous": full,
    }


def test_sqlite_keeps_compiled_what_the_pages_ask(tmp_path: Path) -> None:
    compiled: list[int] = []

    def note(*_what: object) -> int:
        compiled.append(1)
        return sqlite3.SQLITE_OK

    asked = [f"SELECT {number}" for number in range(400)]
    open_database(f"sqlite:///{tmp_path / 'niwari.db'}")
    with connection():
        database.connection().set_authorizer(note)
        for _ in range(2):
            assert [database.execute_sql(one).fetchone() for one in asked][-1] == (399,)
    assert len(compiled) == len(asked)


def test_a_connection_is_held_by_the_outermost_block(empty_database_url: str) -> None:
    open_database(empty_database_url)
    with connection():
        with connection():
            assert not database.is_closed()
        assert not database.is_closed()
    assert database.is_closed()


def test_a_connection_is_given_back_after_an_error(empty_database_url: str) -> None:
    open_database(empty_database_url)
    with pytest.raises(LookupError), connection():
        raise LookupError
    assert database.is_closed()


def test_a_query_without_a_connection_is_an_error_and_opens_none(empty_database_url: str) -> None:
    open_database(empty_database_url)
    with pytest.raises(InterfaceError, match="not opened"):
        database.execute_sql("SELECT 1")
    assert database.is_closed()


def test_the_database_that_was_open_before_is_let_go(
    empty_database_url: str, tmp_path: Path
) -> None:
    former = open_database(empty_database_url)
    database.connect()
    open_database(f"sqlite:///{tmp_path / 'next.db'}")
    assert former.is_closed()


def test_the_models_follow_to_the_engine_that_was_opened_last(
    empty_database_url: str, request: pytest.FixtureRequest
) -> None:
    open_database(empty_database_url)
    assert is_postgresql() == (request.config.getoption("--engine") == "postgresql")
