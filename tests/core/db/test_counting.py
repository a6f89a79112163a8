"""Counting statements, for the budgets of pages."""

from threading import Thread
from typing import Any

import pytest
from peewee import IntegerField

from niwari.context import Context
from niwari.db import Model, connection, transaction
from niwari.db.counting import counted_queries


class Counted(Model):
    """A row to count by."""

    number: Any = IntegerField()

    class Meta:
        table_name = "test_counted"


@pytest.fixture(autouse=True)
def table(empty_database: str) -> None:
    Counted.create_table()


def test_reading_and_writing_count_and_what_holds_them_together_does_not(ctx: Context) -> None:
    with counted_queries() as log, transaction(ctx):
        Counted.create(number=1)
        with transaction(ctx):
            Counted.update(number=2).execute()
        Counted.delete().where(Counted.number == 1).execute()
        assert Counted.select().count() == 1
    verbs = [statement.split()[0] for statement in log.statements]
    assert verbs == ["INSERT", "UPDATE", "DELETE", "SELECT"]
    assert log.seconds > 0


def test_what_runs_before_and_after_the_block_does_not_count() -> None:
    Counted.create(number=1)
    with counted_queries() as log:
        pass
    Counted.create(number=2)
    assert len(log) == 0


def test_counting_ends_with_the_block_also_after_an_error() -> None:
    with pytest.raises(LookupError), counted_queries() as log:
        raise LookupError
    Counted.create(number=1)
    assert len(log) == 0


def test_the_statements_of_other_threads_count_too() -> None:
    def look() -> None:
        with connection():
            list(Counted.select())

    with counted_queries() as log:
        thread = Thread(target=look)
        thread.start()
        thread.join(timeout=20)
    assert len(log) == 1
