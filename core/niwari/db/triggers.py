"""Triggers: what a table promises to whoever changes it, also without this program.

The migration runner sets them after every migration, because Peewee's table rebuilds on SQLite drop
them silently.
"""

import re
from collections.abc import Iterator

from niwari.db.engine import database, is_postgresql
from niwari.db.model import append_only_tables, removable_rows, watched_tables
from niwari.db.transaction import immediate

CHANGED = "search_changed"
"""The table that takes the changes of watched tables: ``table_name`` and ``row_id``."""

_CHANGES = ("INSERT", "UPDATE", "DELETE")


def set_triggers() -> None:
    """Set the triggers of append-only and of watched tables; doing it again changes nothing.

    In one transaction, so that no table is open to changes even for a moment. A table that was not
    watched before has all its rows noted as changed. A trigger that says something else than it shall
    is set anew.
    """
    with immediate():
        present = set(database.get_tables())
        for table in sorted(append_only_tables() & present):
            for statement in _append_only_statements(_checked(table), removable_rows()[table]):
                database.execute_sql(statement)
        if CHANGED in present:
            _watch(sorted(watched_tables() & present))


def _checked(table: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]+", table):
        raise ValueError(f"table {table!r}: use lower-case letters, digits and _")
    return table


def _append_only_statements(table: str, removable: str) -> Iterator[str]:
    message = f"{table} is append-only"
    if not is_postgresql():
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            unless = f"WHEN NOT ({removable}) " if removable and verb == "DELETE" else ""
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {unless}"
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    function = f"niwari_append_only_{table}" if removable else "niwari_append_only"
    yield _refusing("niwari_append_only")
    if removable:
        yield _refusing(function, removable)
    for events, scope in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"{table}_no_{'truncate' if scope == 'STATEMENT' else 'change'}"
        refuses = function if scope == "ROW" else "niwari_append_only"
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} "
            f"FOR EACH {scope} EXECUTE FUNCTION {refuses}()"
        )


def _refusing(function: str, removable: str = "") -> str:
    """Return the statement that makes a function of PostgreSQL which refuses changes."""
    # One IF in the other: in a single one OLD could be asked for before the verb.
    lets = (
        f"IF TG_OP = 'DELETE' THEN IF {removable} THEN RETURN OLD; END IF; END IF; "
        if removable
        else ""
    )
    return (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {lets}RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', "
        "ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def _watch(tables: list[str]) -> None:
    known = _known_triggers()
    if is_postgresql() and tables:
        for statement in (_NOTE_CHANGED, _NOTE_EMPTIED):
            database.execute_sql(statement)
    for table in tables:
        statements = dict(_watching_statements(_checked(table)))
        for name, statement in statements.items():
            if name in known and known[name] not in (statement, ""):
                database.execute_sql(f"DROP TRIGGER {name}")
            if known.get(name) not in (statement, ""):
                database.execute_sql(statement)
        if known.keys() >= statements.keys():
            continue
        # Only now: what others write from here on is noted by the triggers themselves.
        database.execute_sql(
            f"INSERT INTO {CHANGED} (table_name, row_id) "  # noqa: S608 - a checked name
            f"SELECT '{table}', id FROM {table}"
        )


def _known_triggers() -> dict[str, str]:
    """Return the triggers by name, on SQLite with their text.

    On PostgreSQL what they do is in a function, which is replaced each time.
    """
    found = database.execute_sql(
        "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal"
        if is_postgresql()
        else "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    return dict(found.fetchall())


# A whole statement's rows at once, so that what changes thousands of them stays one statement.
_NOTE_CHANGED = f"""
CREATE OR REPLACE FUNCTION niwari_note_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO {CHANGED} (table_name, row_id) SELECT TG_TABLE_NAME, id FROM changed;
  RETURN NULL;
END $$
"""  # noqa: S608 - a constant
_NOTE_EMPTIED = f"""
CREATE OR REPLACE FUNCTION niwari_note_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'INSERT INTO {CHANGED} (table_name, row_id) SELECT ' || quote_literal(TG_TABLE_NAME)
    || ', id FROM ' || quote_ident(TG_TABLE_NAME);
  RETURN NULL;
END $$
"""  # noqa: S608 - a constant


def _watching_statements(table: str) -> Iterator[tuple[str, str]]:
    for verb in _CHANGES:
        name, row = f"{table}_noted_{verb.lower()}", "OLD" if verb == "DELETE" else "NEW"
        if is_postgresql():
            yield (
                name,
                f"CREATE TRIGGER {name} AFTER {verb} ON {table} "
                f"REFERENCING {row} TABLE AS changed "
                "FOR EACH STATEMENT EXECUTE FUNCTION niwari_note_changed()",
            )
        else:
            yield (
                name,
                f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN "  # noqa: S608
                f"INSERT INTO {CHANGED} (table_name, row_id) VALUES ('{table}', {row}.id); END",
            )
    if is_postgresql():
        name = f"{table}_noted_truncate"
        yield (
            name,
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION niwari_note_emptied()",
        )
