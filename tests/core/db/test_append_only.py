"""Append-only tables: what is written stays, on both engines, whatever a migration does to the table."""

from pathlib import Path
from typing import Any

import pytest
from peewee import DatabaseError, TextField

from niwari.db import Model, append_only, database, is_postgresql
from niwari.db.migrate import MigrationSet, migrate
from niwari.db.model import append_only_tables
from niwari.db.triggers import set_triggers


@append_only
class Book(Model):
    """A table whose rows stay."""

    key: Any = TextField(unique=True)
    line: Any = TextField(default="")

    class Meta:
        table_name = "test_book"


FIRST = """
from peewee import TextField
from niwari.db import MigrationModel

def up(migrator, db):
    class Book(MigrationModel):
        key = TextField(unique=True)
        line = TextField(null=True)

        class Meta:
            table_name = "test_book"

    Book.create_table(safe=False)
"""

REBUILD = """
def up(migrator, db):
    migrator.migrate(migrator.drop_not_null("test_book", "key"))
"""

BROKEN = """
def up(migrator, db):
    raise RuntimeError("broken on purpose")
"""


@pytest.fixture
def book(empty_database: str) -> None:
    """The table with its triggers and one row."""
    Book.create_table()
    set_triggers()
    Book.create(key="a", line="written")


def change(statement: str) -> None:
    with pytest.raises(DatabaseError, match="test_book is append-only"):
        database.execute_sql(statement)


def rows() -> list[tuple[str, str]]:
    return [tuple(row) for row in Book.select(Book.key, Book.line).order_by(Book.id).tuples()]


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE test_book SET line = 'changed'",
        "UPDATE test_book SET line = line",
        "DELETE FROM test_book",
        "DELETE FROM test_book WHERE key = 'a'",
        "INSERT INTO test_book (key, line) VALUES ('a', 'changed') "
        "ON CONFLICT (key) DO UPDATE SET line = excluded.line",
    ],
)
def test_a_row_is_not_changed_or_removed(statement: str) -> None:
    change(statement)
    assert rows() == [("a", "written")]


@pytest.mark.usefixtures("book")
def test_rows_are_not_changed_through_the_model_either() -> None:
    row = Book.get()
    row.line = "changed"
    with pytest.raises(DatabaseError, match="append-only"):
        row.save()
    with pytest.raises(DatabaseError, match="append-only"):
        row.delete_instance()
    assert rows() == [("a", "written")]


@pytest.mark.usefixtures("book")
def test_the_table_is_not_emptied_by_the_engines_shortcut() -> None:
    shortcuts = (
        ("TRUNCATE test_book", "TRUNCATE test_book CASCADE")
        if is_postgresql()
        else (
            "INSERT OR REPLACE INTO test_book (key, line) VALUES ('a', 'changed')",
            "REPLACE INTO test_book (id, key, line) VALUES (1, 'b', 'changed')",
            "UPDATE OR IGNORE test_book SET line = 'changed'",
            "UPDATE OR REPLACE test_book SET line = 'changed'",
        )
    )
    for statement in shortcuts:
        change(statement)
    assert rows() == [("a", "written")]


@pytest.mark.usefixtures("book")
def test_a_row_is_added_as_ever() -> None:
    Book.create(key="b", line="too")
    assert rows() == [("a", "written"), ("b", "too")]


@pytest.mark.usefixtures("book")
def test_setting_the_triggers_again_changes_nothing() -> None:
    before = triggers()
    set_triggers()
    assert triggers() == before
    assert len(before) == 2


def test_a_declared_table_that_is_not_there_yet_is_no_error(empty_database: str) -> None:
    set_triggers()
    assert "test_book" in append_only_tables()
    assert triggers() == []


def test_the_triggers_survive_a_rebuild_of_the_table(empty_database: str, tmp_path: Path) -> None:
    histories = MigrationSet("test_book", tmp_path)
    (tmp_path / "0001_first.py").write_text(FIRST, encoding="utf-8")
    migrate([histories])
    Book.create(key="a", line="written")
    (tmp_path / "0002_rebuild.py").write_text(REBUILD, encoding="utf-8")
    assert migrate([histories]) == [("test_book", "0002_rebuild")]
    change("UPDATE test_book SET line = 'changed'")
    change("DELETE FROM test_book")
    assert migrate([histories]) == []
    change("DELETE FROM test_book")
    assert rows() == [("a", "written")]


def test_the_triggers_are_set_again_also_when_a_later_migration_fails(
    empty_database: str, tmp_path: Path
) -> None:
    histories = MigrationSet("test_book", tmp_path)
    (tmp_path / "0001_first.py").write_text(FIRST, encoding="utf-8")
    migrate([histories])
    Book.create(key="a", line="written")
    (tmp_path / "0002_rebuild.py").write_text(REBUILD, encoding="utf-8")
    (tmp_path / "0003_broken.py").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(RuntimeError, match="broken on purpose"):
        migrate([histories])
    change("DELETE FROM test_book")


def triggers() -> list[tuple[str, ...]]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if is_postgresql()
        else "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    return sorted(tuple(row) for row in database.execute_sql(query).fetchall())
