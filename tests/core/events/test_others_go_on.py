"""However a handler fails, the events of everybody else are delivered in the same run."""

from collections.abc import Callable
from typing import Any

import pytest

from niwari.db import transaction
from niwari.events.models import Delivery
from niwari.events.service import deliver_due, publish
from niwari.host.models import Failure
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

EVENT = '''
import asyncio
from dataclasses import dataclass
from pathlib import Path
from peewee import SQL, ForeignKeyField, IntegerField

@dataclass(frozen=True)
class Said:
    """Somebody said something."""

    number: int

@hookimpl
def events():
    return [Said]

SEEN = []
'''
TELLS = """
@hookimpl
def subscriptions():
    return [Subscription("{name}.Said", handler)]

def handler(ctx, event):
    SEEN.append(event.number)
    {does}
"""
TABLES = """
class Leaf(Model):
    twig_id = IntegerField(constraints=[
        SQL("REFERENCES {name}_twig (id) DEFERRABLE INITIALLY DEFERRED")
    ])

    class Meta:
        table_name = "{name}_leaf"

class Twig(Model):
    class Meta:
        table_name = "{name}_twig"

@hookimpl
def models():
    return [Twig, Leaf]

@hookimpl
def migrations():
    return Path(__file__).parent / "migrations"
"""
MIGRATION = """
def up(migrator, db):
    from niwari_bad.plugin import Leaf, Twig
    Twig.create_table()
    Leaf.create_table()
"""


def said(world: World, *names: str) -> None:
    ctx = world.ctx_for("staff@koriyama")
    for name in names:
        module: Any = world.host.plugins[name].module
        with transaction(ctx):
            publish(ctx, module.Said(7))


def states() -> dict[str, tuple[str, int]]:
    return {row.plugin: (row.state, row.attempts) for row in Delivery.select()}


@pytest.mark.parametrize(
    "does",
    ["raise asyncio.CancelledError", "raise SystemExit", "raise ValueError"],
)
def test_what_a_handler_raises_is_its_own_alone(
    open_world: Callable[..., World], workshop: Workshop, does: str
) -> None:
    world = open_world(
        [
            workshop.make("bad", EVENT + TELLS.format(name="bad", does=does)),
            workshop.make("good", EVENT + TELLS.format(name="good", does="pass")),
        ]
    )
    said(world, "bad", "good")
    assert world.deliver() == 1
    assert states() == {"bad": ("pending", 1), "good": ("done", 1)}
    assert [row.plugin for row in Failure.select()] == ["bad"]


def test_what_the_database_refuses_at_the_commit_is_put_off_and_counted(
    open_world: Callable[..., World], workshop: Workshop
) -> None:
    text = (
        EVENT + TABLES.format(name="bad") + TELLS.format(name="bad", does="Leaf.create(twig_id=9)")
    )
    bad = workshop.make("bad", text, files={"migrations/0001_first.py": MIGRATION})
    good = workshop.make("good", EVENT + TELLS.format(name="good", does="pass"))
    world = open_world([bad, good])
    said(world, "bad", "good")
    assert world.deliver() == 1
    assert states() == {"bad": ("pending", 1), "good": ("done", 1)}
    (failure,) = Failure.select()
    assert (failure.plugin, failure.surface) == ("bad", "handler bad.Said")


def test_a_backlog_of_one_subscriber_does_not_keep_another_waiting(
    open_world: Callable[..., World], workshop: Workshop
) -> None:
    world = open_world(
        [
            workshop.make("bad", EVENT + TELLS.format(name="bad", does="raise ValueError")),
            workshop.make("good", EVENT + TELLS.format(name="good", does="pass")),
        ]
    )
    said(world, *["bad"] * 12, "good")
    assert deliver_due(world.clock(), most=4) == 1
    assert states()["good"] == ("done", 1)
