"""Who may be told of a row: whoever sees it, by the same rule that every list follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.db import transaction
from niwari.directory.audience import visible
from niwari.directory.held import hold
from niwari.directory.models import Appointment, RegionMembership
from niwari.host.discovery import Found
from niwari.host.enablement import withdraw
from niwari.testing.world import World
from niwari.writing.people import who_may_read

AUTHOR, COLLEAGUE = "staff@koriyama", "staff3@koriyama"
TOWN, NEIGHBOUR = "hr@koriyama", "staff@miharu"
READERS = (COLLEAGUE, TOWN, NEIGHBOUR)
"""Of the author's section, of another section of the town, of another town of the region."""


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """A world with the dummy, whose notes may be for a section alone."""
    return open_world([trial_plugins["dummy"]])


@pytest.fixture
def write(world: World) -> Callable[..., Any]:
    """Let ``AUTHOR`` write a note; returns its row."""
    from niwari_dummy import service
    from niwari_dummy.models import Note

    def written(audience: str = "region") -> Any:
        ctx, key = world.ctx_for(AUTHOR), str(uuid4())
        made = service.write(ctx, title="鍵", body="総務", audience=audience, form_key=key)
        return Note.get_by_id(made)

    return written


def befall(world: World, what: str, row: Any) -> None:
    ctx = world.ctx_for(AUTHOR)
    if what == "withdrawn":
        withdraw(ctx, ctx.municipality.id, "dummy", withdrawn=True)
    elif what == "held":
        with transaction(ctx):
            hold(ctx, "dummy.note", row.id)
    elif what:
        town = world.ctx_for(AUTHOR if what == "town leaves" else NEIGHBOUR).municipality.id
        RegionMembership.delete().where(RegionMembership.municipality == town).execute()


@pytest.mark.parametrize(
    ("audience", "what", "told"),
    [
        ("region", "", {COLLEAGUE, TOWN, NEIGHBOUR}),
        ("region", "withdrawn", {COLLEAGUE, TOWN}),
        ("region", "held", set()),
        ("region", "neighbour leaves", {COLLEAGUE, TOWN}),
        ("region", "town leaves", {COLLEAGUE, TOWN, NEIGHBOUR}),
        ("municipality", "", {COLLEAGUE, TOWN}),
        ("municipality", "neighbour leaves", {COLLEAGUE, TOWN}),
        ("municipality", "held", set()),
        ("section", "", {COLLEAGUE}),
        ("section", "withdrawn", {COLLEAGUE}),
        ("section", "held", set()),
    ],
)
def test_whoever_sees_a_row_may_be_told_of_it_and_nobody_else(
    world: World, write: Callable[..., Any], audience: str, what: str, told: set[str]
) -> None:
    row = write(audience)
    befall(world, what, row)
    contexts = {login: world.ctx_for(login) for login in READERS}
    model = type(row)
    seen_by = {
        login
        for login, ctx in contexts.items()
        if model.select().where(visible(ctx, model)).exists()
    }
    found = who_may_read(world.ctx_for(AUTHOR), [c.person_id for c in contexts.values()], row)
    assert {login for login, ctx in contexts.items() if ctx.person_id in found} == told
    assert seen_by == told


def test_the_acting_person_is_not_told(world: World, write: Callable[..., Any]) -> None:
    ctx, other = world.ctx_for(AUTHOR), world.ctx_for(NEIGHBOUR)
    people = [ctx.person_id, other.person_id, 99999]
    assert who_may_read(ctx, people, write()) == {other.person_id}


def test_who_has_left_is_not_told(world: World, write: Callable[..., Any]) -> None:
    ctx, gone = world.ctx_for(AUTHOR), world.ctx_for("staff2@koriyama")
    row = write()
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.person == gone.person_id
    ).execute()
    assert who_may_read(ctx, [gone.person_id], row) == frozenset()
    assert who_may_read(ctx, [], row) == frozenset()
