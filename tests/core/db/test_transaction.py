"""``transaction``: one way to write, whole or not at all, also when many write at once."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from peewee import IntegerField, IntegrityError, OperationalError

from niwari.context import Context
from niwari.db import Model, connection, database, is_postgresql, locked, transaction
from niwari.db.transaction import savepoint


class Tally(Model):
    """A number that many change at once."""

    key: Any = IntegerField(unique=True)
    count: Any = IntegerField(default=0)

    class Meta:
        table_name = "test_tally"


pytestmark = pytest.mark.usefixtures("tallies")


@pytest.fixture
def tallies(empty_database: str) -> None:
    """The table of tallies, with one row."""
    Tally.create_table()
    Tally.create(key=1)


def keys() -> list[int]:
    return [row.key for row in Tally.select().order_by(Tally.key)]


@pytest.mark.parametrize("wrong", [None, "ctx", object()])
def test_only_a_context_opens_a_transaction(wrong: Any) -> None:
    with pytest.raises(TypeError, match="takes the Context"), transaction(wrong):
        pass
    assert not database.in_transaction()


def test_what_the_block_wrote_is_there_after_it(ctx: Context) -> None:
    with transaction(ctx):
        assert database.in_transaction()
        Tally.create(key=2)
    assert not database.in_transaction()
    assert keys() == [1, 2]


def test_an_exception_rolls_the_whole_back(ctx: Context) -> None:
    with pytest.raises(LookupError), transaction(ctx):
        Tally.create(key=2)
        with transaction(ctx):
            Tally.create(key=3)
        raise LookupError
    assert keys() == [1]
    assert not database.in_transaction()


def test_an_inner_call_joins_the_outer_one(ctx: Context) -> None:
    with transaction(ctx):
        with transaction(ctx):
            Tally.create(key=2)
        assert in_thread(keys) == [1]
    assert keys() == [1, 2]


def test_an_error_of_an_inner_call_rolls_the_whole_back_where_nobody_catches_it(
    ctx: Context,
) -> None:
    with pytest.raises(LookupError), transaction(ctx):
        Tally.create(key=2)
        with transaction(ctx):
            Tally.create(key=3)
            raise LookupError
    assert keys() == [1]


def test_an_error_of_an_inner_call_that_is_caught_leaves_nothing_half_done(ctx: Context) -> None:
    with transaction(ctx):
        Tally.create(key=2)
        with pytest.raises(LookupError), transaction(ctx):
            Tally.create(key=3)
            raise LookupError
        Tally.create(key=4)
    assert keys() == [1, 2, 4]


def test_a_refused_row_in_an_inner_call_leaves_the_outer_one_usable(ctx: Context) -> None:
    with transaction(ctx):
        with pytest.raises(IntegrityError), transaction(ctx):
            Tally.create(key=1)
        Tally.create(key=2)
    assert keys() == [1, 2]


def test_a_savepoint_undoes_its_block_alone(ctx: Context) -> None:
    with transaction(ctx):
        Tally.create(key=2)
        with pytest.raises(LookupError), savepoint():
            Tally.create(key=3)
            raise LookupError
    assert keys() == [1, 2]


def test_a_savepoint_outside_a_transaction_opens_none() -> None:
    with savepoint():
        assert not database.in_transaction()


def test_rows_are_locked_inside_a_transaction_only(ctx: Context) -> None:
    query = Tally.select().where(Tally.key == 1)
    with pytest.raises(RuntimeError, match=r"locked\(\) needs a transaction\(ctx\)"):
        locked(query)
    with transaction(ctx):
        assert locked(query).get().key == 1


def test_the_outermost_transaction_holds_the_write_lock_from_its_beginning(ctx: Context) -> None:
    if is_postgresql():
        # There the row is what is locked.
        with transaction(ctx):
            locked(Tally.select().where(Tally.key == 1)).get()
            assert not in_thread(lambda: may_lock("SELECT 1 FROM test_tally FOR UPDATE NOWAIT"))
        return
    with transaction(ctx):
        assert not in_thread(lambda: may_lock("BEGIN IMMEDIATE"))
    assert in_thread(lambda: may_lock("BEGIN IMMEDIATE"))


def test_read_modify_write_in_eight_threads_loses_nothing(ctx: Context) -> None:
    start = Barrier(8)
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            with connection():
                start.wait(timeout=20)
                for _ in range(10):
                    with transaction(ctx):
                        row = locked(Tally.select().where(Tally.key == 1)).get()
                        row.count += 1
                        row.save()
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert Tally.get(Tally.key == 1).count == 80


def in_thread(look: Callable[[], Any]) -> Any:
    """What ``look`` sees on a connection of its own."""
    found: list[Any] = []

    def run() -> None:
        with connection():
            found.append(look())

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    (answer,) = found
    return answer


def may_lock(statement: str) -> bool:
    """Tell whether this connection gets the lock at once."""
    if not is_postgresql():
        database.execute_sql("PRAGMA busy_timeout = 0")
    try:
        database.execute_sql(statement)
    except OperationalError:
        return False
    if not is_postgresql():
        database.execute_sql("ROLLBACK")
    return True
