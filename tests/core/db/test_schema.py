"""What the tables are made of, of all at once."""

from niwari.db import database
from niwari.db.schema import ForeignKey, columns, foreign_keys
from niwari.testing.world import World


def test_keys_are_those_that_peewee_tells_table_by_table(world: World) -> None:
    # PostgreSQL takes long to tell Peewee of one.
    tables = ("directory_appointment", "directory_municipality", "ledger_request")
    told = {
        (table, key.column, key.dest_table)
        for table in tables
        for key in database.get_foreign_keys(table)
    }
    assert {key for key in foreign_keys() if key.table in tables} == told
    assert ForeignKey("directory_appointment", "person_id", "directory_person") in told


def test_columns_are_those_that_peewee_tells_table_by_table(world: World) -> None:
    told = columns()
    tables = [table for table in database.get_tables() if not table.startswith("sqlite_")]
    assert sorted(told) == sorted(tables)
    for table in tables:
        assert told[table] == [column.name for column in database.get_columns(table)]
