"""A connection that stays for the next request holds nothing of the last one."""

from threading import Thread

import pytest

from niwari.db import connection, database, end_use, is_postgresql, open_database


@pytest.fixture
def numbers(empty_database_url: str) -> str:
    """A table with one number in it."""
    open_database(empty_database_url)
    database.connect()
    database.execute_sql("CREATE TABLE number (value INTEGER)")
    database.execute_sql("INSERT INTO number VALUES (1)")
    return empty_database_url


def add_elsewhere(value: int) -> None:
    """Commit a number over another thread's connection."""

    def add() -> None:
        with connection():
            database.execute_sql(f"INSERT INTO number VALUES ({value})")

    thread = Thread(target=add)
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_a_cursor_that_was_not_read_to_its_end_hides_nothing_from_the_next_request(
    numbers: str,
) -> None:
    add_elsewhere(2)
    half_read = database.execute_sql("SELECT value FROM number")
    assert half_read.fetchone() == (1,)
    end_use()
    add_elsewhere(3)

    database.connect(reuse_if_open=True)
    assert database.execute_sql("SELECT COUNT(*) FROM number").fetchone() == (3,)


def test_a_transaction_that_was_left_open_is_rolled_back(numbers: str) -> None:
    database.execute_sql("BEGIN")
    database.execute_sql("INSERT INTO number VALUES (9)")
    end_use()

    database.connect(reuse_if_open=True)
    assert database.execute_sql("SELECT COUNT(*) FROM number").fetchone() == (1,)


def test_only_sqlite_keeps_its_connection(numbers: str) -> None:
    end_use()
    assert database.is_closed() == is_postgresql()
