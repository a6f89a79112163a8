"""A connection that stays for the next request holds nothing of the last one."""

from select import select
from threading import Thread
from typing import Any

import psycopg
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


def last_asked(held: Any, url: str) -> str:
    """Return what was asked last over a connection to PostgreSQL, as its server says."""
    with psycopg.connect(url, autocommit=True) as other:
        of_it = "SELECT query FROM pg_stat_activity WHERE pid = %s"
        found = other.execute(of_it, [held.info.backend_pid]).fetchone()
    assert found is not None
    return str(found[0])


def test_the_next_request_goes_on_with_it_and_asks_nothing_to_know_that_it_lives(
    numbers: str,
) -> None:
    held = database.connection()
    asked: list[str] = []
    if not is_postgresql():
        held.set_trace_callback(asked.append)
    database.execute_sql("SELECT 7")
    end_use()

    database.connect(reuse_if_open=True)
    assert database.connection() is held
    if is_postgresql():
        asked.append(last_asked(held, numbers))
    assert asked == ["SELECT 7"]


def test_one_that_the_server_has_ended_is_not_given_to_the_next_request(numbers: str) -> None:
    held = database.connection()
    end_use()
    if is_postgresql():
        with psycopg.connect(numbers, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 30000)", [held.info.backend_pid])

    database.connect(reuse_if_open=True)
    assert database.execute_sql("SELECT value FROM number").fetchall() == [(1,)]
    assert (database.connection() is held) != is_postgresql()


def test_one_that_nobody_used_for_a_while_is_asked(numbers: str) -> None:
    held = database.connection()
    end_use()
    if is_postgresql():
        database.obj._given_back[held] -= 60

    database.connect(reuse_if_open=True)
    assert database.connection() is held
    if is_postgresql():
        assert last_asked(held, numbers) == "SELECT 1"


def test_one_to_which_the_server_said_something_is_asked_and_goes_on(numbers: str) -> None:
    held = database.connection()
    if is_postgresql():
        database.execute_sql("LISTEN door")
    end_use()
    if is_postgresql():
        with psycopg.connect(numbers, autocommit=True) as other:
            other.execute("NOTIFY door")
        assert select([held], [], [], 30)[0] == [held]

    database.connect(reuse_if_open=True)
    assert database.connection() is held
    if is_postgresql():
        assert last_asked(held, numbers) == "SELECT 1"
    assert database.execute_sql("SELECT value FROM number").fetchall() == [(1,)]
