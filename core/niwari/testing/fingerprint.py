"""What a database's tables are made of, so that two databases can be compared.

Migrations are written once and models change, so a test builds one database from each and compares:
types, nullability, defaults, checks, indexes, foreign keys and triggers. The order of columns does not
count, because a column that is added later stands last.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from niwari.db import database, is_postgresql

Fingerprint = Mapping[str, frozenset[str]]

_NOT_COMPARED = ("niwari_migration_", "sqlite_")


def fingerprint() -> Fingerprint:
    """Return the facts about every table of the bound database, without histories and rows."""
    facts = _postgresql_facts if is_postgresql() else _sqlite_facts
    return {
        table: frozenset(_one_line(fact) for fact in facts(table))
        for table in database.get_tables()
        if not table.startswith(_NOT_COMPARED)
    }


def difference(one: Fingerprint, other: Fingerprint, names: tuple[str, str]) -> str:
    """Tell what ``one`` and ``other`` do not share, a line each; empty where they are equal.

    ``names`` say what the two were made from, as ``("models", "migrations")``.
    """
    lines = []
    for table in sorted({*one, *other}):
        here, there = one.get(table), other.get(table)
        if here is None or there is None:
            lines.append(f"{table}: only in the {names[here is None]}")
            continue
        for name, only in ((names[0], here - there), (names[1], there - here)):
            lines += [f"{table}: only in the {name}: {fact}" for fact in sorted(only)]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _sqlite_facts(table: str) -> Iterator[str]:
    for _, name, kind, not_null, default, key, hidden in _rows(f'PRAGMA table_xinfo("{table}")'):
        yield (
            f"column {name} {kind} {'NOT NULL' if not_null else 'NULL'} "
            f"default {default} primary key {key} generated {hidden}"
        )
    for _, _, target, column, to, updated, deleted, _ in _rows(
        f'PRAGMA foreign_key_list("{table}")'
    ):
        yield f"foreign key {column} to {target} ({to or 'id'}) on update {updated} on delete {deleted}"
    for _, name, unique, origin, partial in _rows(f'PRAGMA index_list("{table}")'):
        columns = ", ".join(
            f"{column} {'DESC' if descending else 'ASC'} {collation}"
            for _, _, column, descending, collation, is_key in _rows(
                f'PRAGMA index_xinfo("{name}")'
            )
            if is_key
        )
        known = name if origin == "c" else "of the table"
        yield f"index {known} on {columns} unique {unique} {_where(name) if partial else ''}"
    for kind, sql in _rows("SELECT type, sql FROM sqlite_master WHERE tbl_name = ?", table):
        if kind == "table":
            yield from _checks(sql)
            yield f"counts ids {'AUTOINCREMENT' if 'AUTOINCREMENT' in sql.upper() else 'plainly'}"
        elif kind == "trigger":
            yield f"trigger {sql}"


def _where(index: str) -> str:
    ((sql,),) = _rows("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", index)
    statement = str(sql)
    return statement[statement.upper().index("WHERE") :]


def _checks(create_table: str) -> Iterator[str]:
    """Find CHECK (…) with its name in a statement; SQLite keeps checks nowhere else."""
    pattern = r'(?:CONSTRAINT\s+"?(\w+)"?\s+)?CHECK\s*\('
    for found in re.finditer(pattern, create_table, re.IGNORECASE):
        depth, quoted, end = 1, False, found.end()
        while depth:
            char = create_table[end]
            quoted ^= char == "'"
            depth += 0 if quoted else {"(": 1, ")": -1}.get(char, 0)
            end += 1
        yield f"check {found[1] or 'without a name'} {create_table[found.end() : end - 1]}"


def _postgresql_facts(table: str) -> Iterator[str]:
    for name, kind, not_null, default, identity, generated in _rows(
        """
        SELECT attname, format_type(atttypid, atttypmod), attnotnull,
               pg_get_expr(adbin, adrelid), attidentity, attgenerated
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
        """,
        f'"{table}"',
    ):
        yield (
            f"column {name} {kind} {'NOT NULL' if not_null else 'NULL'} "
            f"default {default} identity {identity or '-'} generated {generated or '-'}"
        )
    # Kind n is NOT NULL, which the column says already.
    for kind, name, definition in _rows(
        """
        SELECT contype, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = %s::regclass AND contype <> 'n'
        """,
        f'"{table}"',
    ):
        yield f"{'check' if kind == 'c' else 'constraint'} {name} {definition}"
    for (definition,) in _rows("SELECT indexdef FROM pg_indexes WHERE tablename = %s", table):
        yield f"index {definition}"
    for (definition,) in _rows(
        """
        SELECT pg_get_triggerdef(oid) FROM pg_trigger
        WHERE tgrelid = %s::regclass AND NOT tgisinternal
        """,
        f'"{table}"',
    ):
        yield f"trigger {definition}"


def _rows(sql: str, *parameters: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = database.execute_sql(sql, parameters or None).fetchall()
    return found
