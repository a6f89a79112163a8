"""What the tests of the vault share: people by number, and anonymous rows of a plugin."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from secrets import token_hex
from typing import Any, cast

import pytest
from peewee import TextField

from niwari.audit.service import record
from niwari.context import Context
from niwari.db import PluginModel, database, transaction
from niwari.directory.models import Municipality, Region, RegionMembership
from niwari.host.discovery import Found
from niwari.keyring import keyring
from niwari.testing.world import MIHARU, World
from niwari.vault.models import Locker
from niwari.vault.service import alias_context, envelope, remember

from .openings import AUTHOR, FIRST, SECOND, THIRD, Office, name
from .openings import whisper as whisper_of

KIND = "whisper.note"

As = Callable[[int], Context]


class Whisper(PluginModel):
    """An anonymous row as a plugin would keep it."""

    text: Any = TextField()
    key: Any = TextField()
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
    """Write an anonymous row as a plugin would, and publish it by its job; returns its id."""
    with transaction(ctx):
        key = token_hex(8)
        row = Whisper.create(text=text, key=key, envelope=envelope(ctx, KIND, key))
        remember(ctx, KIND, row.id)
    job = replace(ctx, appointment=None, actor="whisper.publish", permissions=frozenset())
    with transaction(job):
        alias = alias_context(job, f"名無し{row.id}", ctx.municipality)
        record(alias, "whisper.write", KIND, row.id)
    return int(row.id)


def locker_of(person: int) -> Locker:
    """The one locker of a person, by whichever key it is called."""
    names = list(keyring().names("vault.person", person.to_bytes(8, "big")))
    (found,) = Locker.select().where(Locker.id << names)
    return cast(Locker, found)


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


@pytest.fixture
def office(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> Office:
    """Three officials of the region, and a row of somebody in Miharu whose author is hidden."""
    world = open_world([trial_plugins["whisper"]])
    name(world, FIRST, SECOND, THIRD)
    return Office(world, whisper_of(world, AUTHOR))


@pytest.fixture
def apart() -> str:
    """Let 三春町 be of a region of its own; returns the account of somebody there."""
    town = Municipality.get(Municipality.code == MIHARU)
    other = Region.create(code="elsewhere", name="別の広域圏")
    RegionMembership.update(region=other).where(RegionMembership.municipality == town).execute()
    return AUTHOR
