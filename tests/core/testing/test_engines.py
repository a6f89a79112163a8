"""The databases of a run: no two are called alike, none outlives the run, each copy is as new."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from niwari.db import connection, database, open_database
from niwari.testing.engines import Engines, engines, release


def present(database_engines: Engines) -> set[str]:
    """Return the databases of the run's engine: names on its server, or files in its folder."""
    if database_engines.kind == "sqlite":
        return {path.name for path in database_engines.folder.glob("*.db")}
    with psycopg.connect(database_engines.postgres_url) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def made(url: str) -> None:
    """Let a file of SQLite be there; PostgreSQL's database is."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).touch()


def test_two_runs_with_the_same_process_number_share_no_name(tmp_path: Path) -> None:
    first, second = (Engines("sqlite", tmp_path) for _ in range(2))
    assert first.empty() != second.empty()


def test_a_template_is_gone_when_the_engines_end(database_engines: Engines) -> None:
    before = present(database_engines)
    mine = Engines(database_engines.kind, database_engines.folder, database_engines.postgres_url)
    copy = mine.copy_of("empty", made)
    assert len(present(database_engines) - before) == 2
    mine.drop(copy)
    mine.end()
    assert present(database_engines) == before


def test_a_named_server_is_left_as_it_was(
    database_engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = present(database_engines)
    monkeypatch.setenv("NIWARI_TEST_PG_URL", database_engines.postgres_url)
    with engines(database_engines.kind) as found:
        found.drop(found.copy_of("empty", made))
    assert not found.folder.exists()
    assert present(database_engines) == before


def shelf(url: str) -> None:
    """Put a table with two rows, of which one lies on the other, into the database at ``url``."""
    numbered = (
        "INTEGER PRIMARY KEY AUTOINCREMENT" if url.startswith("sqlite") else "SERIAL PRIMARY KEY"
    )
    open_database(url)
    with connection():
        database.execute_sql(
            f"CREATE TABLE book (id {numbered}, name TEXT, under INTEGER REFERENCES book (id))"
        )
        database.execute_sql("INSERT INTO book (name, under) VALUES ('first', NULL), ('second', 1)")


BOOKS = [(1, "first", None), (2, "second", 1)]


def books(added: str = "third") -> list[Any]:
    """Return the rows of the table, then with one more, whose number the database gives."""
    found = database.execute_sql("SELECT * FROM book ORDER BY id").fetchall()
    database.execute_sql(f"INSERT INTO book (name) VALUES ('{added}')")
    return [*found, *database.execute_sql("SELECT * FROM book ORDER BY id").fetchall()[-1:]]


@pytest.mark.parametrize(
    "statements",
    [
        ["DELETE FROM book"],
        ["UPDATE book SET name = 'another', under = 2"],
        ["INSERT INTO book (name) VALUES ('more')", "DELETE FROM book WHERE name = 'more'"],
        ["ALTER TABLE book ADD COLUMN shelf TEXT"],
        ["CREATE INDEX book_name ON book (name)"],
        ["CREATE TABLE another (id INTEGER)"],
        ["DROP TABLE book"],
    ],
    ids=["emptied", "changed", "counted on", "a column more", "an index", "a table", "gone"],
)
def test_whatever_one_test_does_to_its_copy_the_next_one_has_what_was_prepared(
    database_engines: Engines, statements: list[str]
) -> None:
    first = database_engines.copy_of("shelf", shelf)
    open_database(first)
    with connection():
        for statement in statements:
            database.execute_sql(statement)
    database_engines.drop(first)
    second = database_engines.copy_of("shelf", shelf)
    open_database(second)
    with connection():
        assert books() == [*BOOKS, (3, "third", None)]
        assert set(database.get_tables()) - {"sqlite_sequence"} == {"book"}
        assert [index.name for index in database.get_indexes("book")] in ([], ["book_pkey"])
    database_engines.drop(second)


# What can be done to a database besides its rows, tables and indexes.
MORE_THAN_ROWS = {
    "sqlite": {
        "a trigger": [
            "CREATE TRIGGER book_stays BEFORE DELETE ON book BEGIN SELECT RAISE(ABORT, 'so'); END"
        ],
        "a view": ["CREATE VIEW name AS SELECT name FROM book"],
    },
    "postgresql": {
        "a trigger": [
            "CREATE FUNCTION it_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER book_stays BEFORE DELETE ON book "
            "FOR EACH ROW EXECUTE FUNCTION it_stays()",
        ],
        "a trigger that sleeps": ["ALTER TABLE book DISABLE TRIGGER ALL"],
        "a function": ["CREATE FUNCTION seven() RETURNS int LANGUAGE sql AS 'SELECT 7'"],
        "a setting": [
            "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database()"
            " || ' SET lock_timeout = 7000'; END $$"
        ],
        "a type": ["CREATE TYPE mood AS ENUM ('fine')"],
        "a view": ["CREATE VIEW name AS SELECT name FROM book"],
        "a schema": ["CREATE SCHEMA cellar"],
        "a default": ["ALTER TABLE book ALTER COLUMN name SET DEFAULT 'untitled'"],
        "another step": ["ALTER SEQUENCE book_id_seq INCREMENT BY 7"],
    },
}
SHAPE = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master",
    "postgresql": """
    SELECT 'trigger', tgname::text, tgenabled::text FROM pg_trigger
    UNION ALL SELECT 'function', proname::text, '' FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'setting', '', setconfig::text FROM pg_db_role_setting JOIN pg_database d
      ON setdatabase = d.oid WHERE datname = current_database()
    UNION ALL SELECT 'type', enumlabel::text, '' FROM pg_enum
    UNION ALL SELECT 'view', viewname::text, '' FROM pg_views WHERE schemaname = 'public'
    UNION ALL SELECT 'schema', nspname::text, '' FROM pg_namespace WHERE nspname = 'cellar'
    UNION ALL SELECT 'default', pg_get_expr(adbin, adrelid), '' FROM pg_attrdef
      WHERE adrelid = 'book'::regclass
    UNION ALL SELECT 'step', seqincrement::text, '' FROM pg_sequence
    """,
}


def test_what_is_no_row_is_not_there_for_the_next_test_either(database_engines: Engines) -> None:
    def shape() -> list[Any]:
        return sorted(database.execute_sql(SHAPE[database_engines.kind]).fetchall())

    for kind, statements in MORE_THAN_ROWS[database_engines.kind].items():
        first = database_engines.copy_of("shelf", shelf)
        open_database(first)
        with connection():
            before = shape()
            for statement in statements:
                database.execute_sql(statement)
            assert shape() != before, kind
        database_engines.drop(first)
        second = database_engines.copy_of("shelf", shelf)
        open_database(second)
        with connection():
            assert shape() == before, kind
            assert books() == [*BOOKS, (3, "third", None)], kind
        database_engines.drop(second)


def test_a_number_that_a_transaction_gave_back_is_given_again(database_engines: Engines) -> None:
    first = database_engines.copy_of("shelf", shelf)
    open_database(first)
    with connection(), pytest.raises(LookupError), database.atomic():
        database.execute_sql("INSERT INTO book (name) VALUES ('more')")
        raise LookupError
    database_engines.drop(first)
    second = database_engines.copy_of("shelf", shelf)
    open_database(second)
    with connection():
        assert books() == [*BOOKS, (3, "third", None)]
    database_engines.drop(second)


def test_a_database_is_as_new_each_time_and_also_where_nothing_was_done_to_it(
    database_engines: Engines,
) -> None:
    for statement in ("DELETE FROM book", "SELECT 1", "UPDATE book SET name = 'x'", "SELECT 1"):
        url = database_engines.copy_of("shelf", shelf)
        open_database(url)
        with connection():
            assert books() == [*BOOKS, (3, "third", None)]
            database.execute_sql(statement)
        database_engines.drop(url)


@pytest.mark.parametrize("begins", ["before", "after"])
def test_what_a_connection_of_an_earlier_test_holds_open_never_gets_in(
    database_engines: Engines, begins: str
) -> None:
    first = database_engines.copy_of("shelf", shelf)
    open_database(first)
    left = database.obj._connect()  # as in a thread that somebody forgot
    if begins == "before":
        left.execute("BEGIN")
        left.execute("INSERT INTO book (name) VALUES ('late')")
    with connection():
        assert len(database.execute_sql("SELECT * FROM book").fetchall()) == 2
        release()
    database_engines.drop(first)
    with suppress(psycopg.OperationalError, sqlite3.OperationalError):
        if begins == "after":
            left.execute("INSERT INTO book (name) VALUES ('late')")
        left.commit()
    second = database_engines.copy_of("shelf", shelf)
    open_database(second)
    with connection():
        assert books() == [*BOOKS, (3, "third", None)]
    database_engines.drop(second)
    left.close()


def used(url: str) -> str:
    """Do in a database what tests do, and end as they end."""
    open_database(url)
    with connection():
        assert books() == [*BOOKS, (3, "third", None)]
        release()
    return url


def test_a_database_of_which_rows_alone_changed_is_used_again(database_engines: Engines) -> None:
    urls = []
    for _ in range(3):
        urls.append(used(database_engines.copy_of("shelf", shelf)))
        database_engines.drop(urls[-1])
    assert len(set(urls)) == (1 if database_engines.uses_again else 3)


def test_so_is_the_connection_to_it(database_engines: Engines) -> None:
    def number(given: str) -> Any:
        open_database(given)
        with connection():
            held = database.connection()
            release()
        return held.info.backend_pid if database_engines.kind == "postgresql" else held

    numbers = []
    for _ in range(2):
        url = database_engines.copy_of("shelf", shelf)
        numbers.append(number(url))
        database_engines.drop(url)
    assert (numbers[0] == numbers[1]) is database_engines.uses_again


def test_so_is_one_that_a_test_closes_and_what_it_wrote_is_there_for_others(
    database_engines: Engines, tmp_path: Path
) -> None:
    url, held = database_engines.copy_of("shelf", shelf), []
    open_database(url)
    for _ in range(2):
        with connection():
            database.execute_sql("INSERT INTO book (name) VALUES ('more')")
            held.append(database.connection())
    if database_engines.kind == "postgresql":
        with psycopg.connect(url) as other:
            found = other.execute("SELECT count(*) FROM book").fetchone()
    else:
        # The file alone, without its log.
        file = shutil.copyfile(url.removeprefix("sqlite:///"), tmp_path / "alone.db")
        with closing(sqlite3.connect(file)) as other:
            found = other.execute("SELECT count(*) FROM book").fetchone()
    database_engines.drop(url)
    assert found == (4,)
    pool_or_spare = database_engines.kind == "postgresql" or database_engines.uses_again
    assert (held[0] is held[1]) is pool_or_spare


def test_a_file_that_a_test_puts_in_the_place_of_its_database_is_what_it_then_reads(
    tmp_path: Path,
) -> None:
    mine = Engines("sqlite", tmp_path)
    url = mine.copy_of("shelf", shelf)
    path = Path(url.removeprefix("sqlite:///"))
    open_database(url)
    with connection():
        assert books() == [*BOOKS, (3, "third", None)]
    other = shutil.copyfile(path, tmp_path / "other.db")
    with closing(sqlite3.connect(other)) as writing:
        writing.execute("DELETE FROM book")
        writing.commit()
    os.replace(other, path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with connection():
        assert database.execute_sql("SELECT * FROM book").fetchall() == []
    mine.drop(url)
    mine.end()


@pytest.mark.parametrize("rows", [1, 2_000], ids=["a row", "many pages more"])
def test_what_a_kept_connection_has_read_of_a_test_is_forgotten(
    database_engines: Engines, rows: int
) -> None:
    for _ in range(3):
        url = database_engines.copy_of("shelf", shelf)
        open_database(url)
        with connection():
            assert books() == [*BOOKS, (3, "third", None)]
            for _ in range(rows):
                database.execute_sql(f"INSERT INTO book (name) VALUES ('{'x' * 500}')")
            database.execute_sql("UPDATE book SET name = 'another', under = 2 WHERE id < 4")
            assert database.execute_sql("SELECT count(*) FROM book").fetchone() == (3 + rows,)
            release()
        database_engines.drop(url)


def test_after_one_that_grew_it_a_database_is_still_used_again(database_engines: Engines) -> None:
    """SQLite remembers how long its file was: a shorter one would be malformed to it."""
    urls = []
    for rows in (3_000, 1, 1):
        urls.append(database_engines.copy_of("shelf", shelf))
        open_database(urls[-1])
        with connection():
            assert books() == [*BOOKS, (3, "third", None)]
            with database.atomic():
                for _ in range(rows):
                    database.execute_sql(f"INSERT INTO book (name) VALUES ('{'x' * 500}')")
            if database_engines.kind == "sqlite":
                assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
            release()
        database_engines.drop(urls[-1])
    assert len(set(urls)) == (1 if database_engines.uses_again else 3)


def test_a_transaction_that_a_test_left_open_is_undone(database_engines: Engines) -> None:
    url = database_engines.copy_of("shelf", shelf)
    open_database(url)
    with connection():
        database.execute_sql("BEGIN")
        database.execute_sql("INSERT INTO book (name) VALUES ('more')")
        release()
    database_engines.drop(url)
    database_engines.drop(used(database_engines.copy_of("shelf", shelf)))


LEFT = {
    "sqlite": [
        "PRAGMA query_only = 1",
        "PRAGMA foreign_keys = 0",
        "PRAGMA ignore_check_constraints = 1",
        "CREATE TEMP TABLE own (id INTEGER)",
        "ATTACH ':memory:' AS own",
    ],
    "postgresql": [
        "SET default_transaction_read_only = on",
        "CREATE TEMP TABLE own (id int)",
        "SELECT pg_advisory_lock(7)",
    ],
}
ASKED = {
    "sqlite": [
        "PRAGMA query_only",
        "PRAGMA foreign_keys",
        "PRAGMA ignore_check_constraints",
        "SELECT name FROM pragma_database_list WHERE name <> 'temp'",
        "SELECT name FROM temp.sqlite_schema",
    ],
    "postgresql": [
        "SHOW default_transaction_read_only",
        "SELECT relname FROM pg_class WHERE relname = 'own'",
        "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7",
    ],
}


def test_what_a_test_set_for_its_connection_is_not_so_for_the_next_one(
    database_engines: Engines,
) -> None:
    def state() -> list[Any]:
        return [database.execute_sql(one).fetchall() for one in ASKED[database_engines.kind]]

    for statement in LEFT[database_engines.kind]:
        for time in ("first", "second"):
            url = database_engines.copy_of("shelf", shelf)
            open_database(url)
            with connection():
                found = state()
                if time == "first":
                    before = found
                    database.execute_sql(statement)
                    assert state() != before, statement
                else:
                    assert found == before, statement
                release()
            database_engines.drop(url)


def test_a_file_that_another_process_has_open_or_that_was_replaced_is_not_used_again(
    tmp_path: Path,
) -> None:
    opens_it = (
        "import sqlite3, sys; a = sqlite3.connect(sys.argv[1]); a.execute('SELECT * FROM book')"
    )
    with engines("sqlite") as mine:
        held = used(mine.copy_of("shelf", shelf))
        path = held.removeprefix("sqlite:///")
        other = subprocess.Popen(
            [sys.executable, "-c", f"{opens_it}.fetchall(); print(flush=True); input()", path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"\n"
            mine.drop(held)
            other.communicate(b"\n")
        replaced = used(mine.copy_of("shelf", shelf))
        assert replaced != held
        there = Path(replaced.removeprefix("sqlite:///"))
        shutil.copyfile(there, tmp_path / "other.db")
        (tmp_path / "other.db").replace(there)
        mine.drop(replaced)
        last = used(mine.copy_of("shelf", shelf))
        assert last not in (held, replaced)
        mine.drop(last)


def test_one_template_can_begin_with_another(database_engines: Engines) -> None:
    def further(url: str) -> None:
        open_database(url)
        with connection():
            database.execute_sql("INSERT INTO book (name) VALUES ('fourth')")

    # Also with a copy that somebody has used, and with one that somebody has to this moment.
    database_engines.drop(database_engines.copy_of("shelf", shelf))
    held = database_engines.copy_of("shelf", shelf)
    for _ in range(2):
        more = database_engines.copy_of("longer shelf", further, onto=[("shelf", shelf)])
        open_database(more)
        with connection():
            names = [name for _, name, _ in books()]
        assert names == ["first", "second", "fourth", "third"]
        database_engines.drop(more)
    open_database(held)
    with connection():
        assert books() == [*BOOKS, (3, "third", None)]
    database_engines.drop(held)
