"""What SQLite says while the database is away, and what it says to a wrong statement."""

from collections.abc import Callable
from pathlib import Path

import pytest
from peewee import DatabaseError, OperationalError, SqliteDatabase

from niwari.host.faults import is_answer, is_plugins_fault


def busy(path: Path) -> None:
    holder = SqliteDatabase(path)
    with holder.atomic("EXCLUSIVE"):
        SqliteDatabase(path, timeout=0).execute_sql("CREATE TABLE other (id INTEGER)")


def not_there(path: Path) -> None:
    SqliteDatabase(path / "nowhere" / "file").connect()


def only_for_reading(path: Path) -> None:
    SqliteDatabase(path, pragmas={"query_only": 1}).execute_sql("CREATE TABLE other (id INTEGER)")


def full(path: Path) -> None:
    one_page = SqliteDatabase(path, pragmas={"max_page_count": 1})
    one_page.execute_sql("CREATE TABLE other AS SELECT randomblob(100000) AS data")


def no_database(path: Path) -> None:
    other = path.with_name("text")
    other.write_text("this is no database, only some text that is long enough to be read" * 20)
    SqliteDatabase(other).execute_sql("SELECT * FROM other")


@pytest.mark.parametrize("away", [busy, not_there, only_for_reading, full, no_database])
def test_a_database_that_is_away_is_nobodys_fault_and_no_answer(
    tmp_path: Path, away: Callable[[Path], None]
) -> None:
    with pytest.raises(DatabaseError) as raised:
        away(tmp_path / "niwari.db")
    assert not is_plugins_fault(raised.value)
    assert not is_answer(raised.value)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT locked_at FROM sqlite_schema",
        "SELECT * FROM disk",
        "SELECT readonly FROM sqlite_schema",
        "SELECT is_busy()",
        "SELECT FROM",
    ],
)
def test_a_wrong_statement_is_the_plugins_whatever_its_words(
    tmp_path: Path, statement: str
) -> None:
    with pytest.raises(OperationalError) as raised:
        SqliteDatabase(tmp_path / "niwari.db").execute_sql(statement)
    assert is_plugins_fault(raised.value)
