"""Who acts in a session or under a token: the part that both ask for in their one query.

The query runs at every request, so it is text that is put together once: building it would cost
more than running it. Each asks for its own columns first; the shared ones come after them.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from niwari.context import MunicipalityRef
from niwari.db import database, is_postgresql
from niwari.identity.roles.rules import role_set

Statement = tuple[str, str]
"""The text of a query, as SQLite and as PostgreSQL take it."""

POST = 5
"""How many columns name the post; those of its municipality follow them."""

_COLUMNS = """
    a.id, p.id, p.name, c.id, COALESCE(v.name, c.name),
    m.id, m.code, m.name, m.revision, r.region_id,
    EXISTS (SELECT 1 FROM directory_headship h WHERE h.appointment_id = a.id AND {h}),
    a.stand_in_order IS NOT NULL OR EXISTS (
        SELECT 1 FROM directory_delegation d
        WHERE d.appointment_id = a.id AND d.ended_at IS NULL AND {d}),
    EXISTS (
        SELECT 1 FROM directory_clerk k
        WHERE k.appointment_id = a.id AND k.ended_at IS NULL AND {k}),
    g.role
"""
_JOINS = """
{join} directory_appointment a ON a.id = {of}.appointment_id AND {a}
{join} directory_person p ON p.id = a.person_id
{join} directory_section c ON c.id = a.section_id
LEFT JOIN directory_section_version v ON v.section_id = c.id AND {v}
JOIN directory_municipality m ON {town}
LEFT JOIN directory_region_membership r ON r.municipality_id = m.id AND {r}
LEFT JOIN identity_role_grant g
    ON g.appointment_id = a.id AND (g.ends_on IS NULL OR g.ends_on >= :day)
"""


def holds(table: str) -> str:
    """Return the condition that the dated row ``table`` holds on the day."""
    return f"{table}.starts_on <= :day AND ({table}.ends_on IS NULL OR {table}.ends_on >= :day)"


def statement(columns: str, table: str, where: str, *, town: str, has_post: bool) -> Statement:
    """Put the query over ``table``, "name alias", together; values are written as ``:name``.

    ``columns`` are its own. ``town`` says which municipality ``m`` it is. Without ``has_post`` there
    are rows that act in none.
    """
    dated = {alias: holds(alias) for alias in "ahdkvr"}
    joins = _JOINS.format(
        join="JOIN" if has_post else "LEFT JOIN", of=table.split()[-1], town=town, **dated
    )
    text = f"SELECT {columns}, {_COLUMNS.format(**dated)} FROM {table} {joins} WHERE {where}"  # noqa: S608 - put together from constants
    return text, re.sub(r":(\w+)", r"%(\1)s", text)


def read(query: Statement, **values: Any) -> list[Any]:
    """Run a query with its values and return its rows, one per granted role."""
    return database.execute_sql(query[is_postgresql()], values).fetchall()  # type: ignore[no-any-return]


def town_and_roles(rows: Sequence[Any], start: int) -> tuple[MunicipalityRef, frozenset[str]]:
    """Return municipality and roles out of the rows; ``start`` is the place of its first column."""
    id_, code, name, revision = rows[0][start : start + 4]
    region_id = min({row[start + 4] for row in rows} - {None}, default=None)
    is_head, stands_in, is_clerk = map(bool, rows[0][start + 5 : start + 8])
    granted = (row[start + 8] for row in rows if row[start + 8])
    return (
        MunicipalityRef(id_, code, name, revision, region_id),
        role_set(granted, is_head=is_head, stands_in=stands_in, is_clerk=is_clerk),
    )


def stored(instant: datetime) -> datetime:
    """Return an aware instant as the tables hold it: naive UTC."""
    return instant.astimezone(UTC).replace(tzinfo=None)
