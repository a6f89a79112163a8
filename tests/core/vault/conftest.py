"""What the tests of the vault share: people by number, and anonymous rows of a plugin."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from peewee import TextField

from niwari.audit.service import record
from niwari.context import Context
from niwari.db import PluginModel, database, transaction
from niwari.testing.world import World
from niwari.vault.service import alias_context, envelope, remember

KIND = "whisper.note"

As = Callable[[int], Context]


class Whisper(PluginModel):
    """An anonymous row as a plugin would keep it."""

    text: Any = TextField()
    envelope: Any = TextField()

    class Meta:
        table_name = "whisper_note"


@pytest.fixture
def as_person(world: World) -> As:
    """Make the context of the person with a number; the vault asks for no more."""
    ctx = world.ctx_for("staff@koriyama")
    return lambda number: replace(
        ctx,
        now=world.clock(),
        request_id=f"r{number}",
        appointment=replace(ctx.acting, person_id=number),
    )


@pytest.fixture
def whispers(world: World) -> Iterator[type[Whisper]]:
    """The table of the anonymous rows."""
    Whisper.create_table(safe=False)
    yield Whisper
    Whisper.drop_table()


def whisper(ctx: Context, text: str) -> int:
    """Write an anonymous row as a plugin would; returns its id."""
    with transaction(ctx):
        row = Whisper.create(text=text, envelope=envelope(ctx))
        record(
            alias_context(ctx, f"名無し{row.id}", ctx.municipality), "whisper.write", KIND, row.id
        )
        remember(ctx, KIND, row.id)
    return int(row.id)


def hide(ctx: Context, *ids: int) -> None:
    """Remember rows in a transaction each."""
    for row_id in ids:
        with transaction(ctx):
            remember(ctx, KIND, row_id)


def dump(*tables: str) -> dict[str, list[dict[str, str]]]:
    """Every column of every row, as text, in the order in which it lies there; of all tables."""
    found = {}
    for table in tables or database.get_tables():
        cursor = database.execute_sql(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        found[table] = [dict(zip(names, map(str, row), strict=True)) for row in cursor.fetchall()]
    return found
