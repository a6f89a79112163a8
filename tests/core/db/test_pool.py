"""What a connection to PostgreSQL has prepared stays: to plan a query takes longer than to ask it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from peewee import NotSupportedError

from niwari.db import connection, database, is_postgresql, open_database, pool
from niwari.errors import DomainError

ASKED = "SELECT value FROM number"
OFTEN = 7  # psycopg prepares what is asked more than five times


@pytest.fixture(autouse=True)
def number(empty_database_url: str) -> Iterator[None]:
    """A connection over which a number was asked for often, and no table made."""
    open_database(empty_database_url)
    with connection():
        elsewhere("CREATE TABLE number (value INTEGER)", "INSERT INTO number VALUES (1)")
        ask_often()
        assert is_prepared() == is_postgresql()
        yield


def elsewhere(*statements: str) -> None:
    """Do something over the connection of another thread."""

    def do() -> None:
        with connection():
            for one in statements:
                database.execute_sql(one)

    thread = Thread(target=do)
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive()


@contextmanager
def refused() -> Iterator[None]:
    """Do the block in a transaction, or in a part of one, in which something is refused at its end."""
    with pytest.raises(DomainError), database.atomic():
        yield
        raise DomainError


def ask_often() -> None:
    for _ in range(OFTEN):
        assert database.execute_sql(ASKED).fetchall() == [(1,)]


def is_prepared() -> bool:
    """Tell whether the server knows what was asked often; SQLite has none that could."""
    if not is_postgresql():
        return False
    known = "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement = %s"
    return bool(database.execute_sql(known, [ASKED]).fetchone()[0])


def test_after_a_rollback_it_is_still_known() -> None:
    for _ in range(2):
        with refused():
            database.execute_sql("INSERT INTO number VALUES (2)")
        assert is_prepared() == is_postgresql()
    assert database.execute_sql(ASKED).fetchall() == [(1,)]


def test_nor_is_it_forgotten_with_a_part_of_a_transaction() -> None:
    with database.atomic():
        with refused():
            database.execute_sql("INSERT INTO number VALUES (2)")
        assert is_prepared() == is_postgresql()
        database.execute_sql("INSERT INTO number VALUES (3)")
    assert sorted(database.execute_sql(ASKED).fetchall()) == [(1,), (3,)]


@pytest.mark.parametrize("change", ["ALTER TABLE number ADD COLUMN note TEXT", "DROP TABLE number"])
def test_where_tables_change_it_is_forgotten(change: str) -> None:
    database.execute_sql(change)
    assert not is_prepared()


def test_what_was_made_and_rolled_back_may_be_made_in_another_way() -> None:
    asked = "SELECT value FROM other"
    for kind in ("INTEGER", "TEXT", "INTEGER"):
        with refused():
            database.execute_sql(f"CREATE TABLE other (value {kind})")
            for _ in range(OFTEN):
                assert database.execute_sql(asked).fetchall() == []
        with pytest.raises(Exception, match="other"):
            database.execute_sql(asked)


def test_after_a_migration_elsewhere_one_transaction_fails_and_the_next_does_not() -> None:
    elsewhere(
        "DROP TABLE number",
        "CREATE TABLE number (value TEXT)",
        "INSERT INTO number VALUES ('one')",
    )
    if is_postgresql():
        with pytest.raises(NotSupportedError, match="result type"), database.atomic():
            database.execute_sql(ASKED)
    assert database.execute_sql(ASKED).fetchall() == [("one",)]


def test_what_the_url_says_of_it_holds(empty_database_url: str) -> None:
    if is_postgresql():
        more = "&" if "?" in empty_database_url else "?"
        open_database(f"{empty_database_url}{more}prepare_threshold=none")
    with connection():
        ask_often()
        assert not is_prepared()


@pytest.mark.parametrize(
    ("length", "values", "is_kept"), [(5_000, 2, True), (40_000, 2, False), (5_000, 201, False)]
)
def test_a_long_statement_is_parsed_once_and_a_bulk_is_not_kept(
    length: int, values: int, is_kept: bool
) -> None:
    asked = ", ".join([database.param] * values)
    statement = f"SELECT /* {'x' * length} */ {asked}"
    before = pool._parsed.cache_info()
    for number in (1, 2):
        found = database.execute_sql(statement, [number] * values).fetchone()
        assert tuple(found) == (number,) * values
    after = pool._parsed.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (
        (1, 1) if is_kept and is_postgresql() else (0, 0)
    )
