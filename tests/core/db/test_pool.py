"""What a connection to PostgreSQL has prepared stays: to plan a query takes longer than to ask it."""

from collections.abc import Iterator

import pytest

from niwari.db import connection, database, is_postgresql, open_database

ASKED = "SELECT value FROM number"
OFTEN = 7  # psycopg prepares what is asked more than five times


@pytest.fixture(autouse=True)
def number(empty_database_url: str) -> Iterator[None]:
    """A connection over which a number was asked for often."""
    open_database(empty_database_url)
    with connection():
        database.execute_sql("CREATE TABLE number (value INTEGER)")
        database.execute_sql("INSERT INTO number VALUES (1)")
        for _ in range(OFTEN):
            assert database.execute_sql(ASKED).fetchall() == [(1,)]
        yield


def is_prepared() -> bool:
    """Tell whether the server knows what was asked often; SQLite has none that could."""
    if not is_postgresql():
        return False
    known = "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement = %s"
    return bool(database.execute_sql(known, [ASKED]).fetchone()[0])


def test_after_a_rollback_it_is_still_known() -> None:
    assert is_prepared() == is_postgresql()
    with pytest.raises(ZeroDivisionError), database.atomic():
        database.execute_sql("INSERT INTO number VALUES (2)")
        1 / 0  # noqa: B018
    assert is_prepared() == is_postgresql()
    assert database.execute_sql(ASKED).fetchall() == [(1,)]


def test_nor_is_it_forgotten_with_a_part_of_a_transaction() -> None:
    with database.atomic():
        with pytest.raises(ZeroDivisionError), database.atomic():
            database.execute_sql("INSERT INTO number VALUES (2)")
            1 / 0  # noqa: B018
        assert is_prepared() == is_postgresql()
        database.execute_sql("INSERT INTO number VALUES (3)")
    assert sorted(database.execute_sql(ASKED).fetchall()) == [(1,), (3,)]


def test_what_was_made_and_rolled_back_is_asked_for_in_vain_and_found_once_it_is_there() -> None:
    asked = "SELECT value FROM other"
    with pytest.raises(ZeroDivisionError), database.atomic():
        database.execute_sql("CREATE TABLE other (value INTEGER)")
        for _ in range(OFTEN):
            assert database.execute_sql(asked).fetchall() == []
        1 / 0  # noqa: B018
    with pytest.raises(Exception, match="other"):
        database.execute_sql(asked)
    database.execute_sql("CREATE TABLE other (value INTEGER)")
    database.execute_sql("INSERT INTO other VALUES (5)")
    assert database.execute_sql(asked).fetchall() == [(5,)]


@pytest.mark.parametrize("change", ["ALTER TABLE number ADD COLUMN note TEXT", "DROP TABLE number"])
def test_where_tables_change_it_is_forgotten(change: str) -> None:
    database.execute_sql(change)
    assert not is_prepared()
