"""What the tests of the digest share: notes and desks that people share with the region."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from niwari.clock import TOKYO
from niwari.db import connection
from niwari.digest.choosing import choose
from niwari.digest.making import make_due
from niwari.host.discovery import Found
from niwari.testing.world import World

OWNER, NEIGHBOUR, SECRETARIAT = "staff@koriyama", "staff@sukagawa", "secretariat"
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=TOKYO)
WEEK = timedelta(days=7)

Note = Callable[..., int]
Desk = Callable[..., int]
MakeIssue = Callable[..., int]


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """A world on Tuesday 10 November with notes and desks, on in all three towns."""
    return open_world([trial_plugins["dummy"], trial_plugins["desk"]])


@pytest.fixture
def weekly(world: World) -> None:
    """Let the region have its digest every week."""
    choose(world.ctx_for(SECRETARIAT), "week")


@pytest.fixture
def note(world: World) -> Note:
    """Let somebody share a note, and have it indexed; returns its id."""
    from niwari_dummy import service

    def write(title: str, *, by: str = OWNER, audience: str = "region") -> int:
        made = service.write(
            world.ctx_for(by),
            title=title,
            body="総務にあります。",
            audience=audience,
            form_key=str(uuid4()),
        )
        world.index()
        return int(made)

    return write


@pytest.fixture
def desk(world: World) -> Desk:
    """Let somebody open a desk, and have it indexed; returns its id."""
    from niwari_desk.service import open_desk

    def opened(*, by: str = OWNER, **values: object) -> int:
        made = open_desk(world.ctx_for(by), **values)
        world.index()
        return made

    return opened


@pytest.fixture
def make_issue(world: World) -> MakeIssue:
    """Let the worker look at an instant, by default the first Monday at 8:00; returns what it made."""

    def at(instant: datetime = MONDAY) -> int:
        world.clock.set(instant)
        with connection():
            return make_due(world.clock())

    return at


def text_of(world: World, login: str, address: str, status: int = 200) -> str:
    """Return a page as somebody gets it."""
    answer = world.client_for(login).get(address)
    assert answer.status_code == status
    text: str = answer.get_data(as_text=True)
    return text
