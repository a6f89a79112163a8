"""What the tests of notices share: a world with the dummy, whose notes people are told of."""

from collections.abc import Callable, Mapping
from uuid import uuid4

import pytest

from niwari.api import REGION
from niwari.directory.linking import Ref
from niwari.host.discovery import Found
from niwari.testing.world import World

OWNER, STAFF2, NEIGHBOUR = "staff@koriyama", "staff2@koriyama", "staff@sukagawa"
ANSWERED = "dummy.answered"


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """A world with the dummy, on in the three towns."""
    return open_world([trial_plugins["dummy"]])


@pytest.fixture
def note(world: World) -> Ref:
    """A note that ``OWNER`` shared with the region."""
    from niwari_dummy import service

    ctx = world.ctx_for(OWNER)
    made = service.write(
        ctx, title="会議室の鍵", body="総務にあります。", audience=REGION, form_key=str(uuid4())
    )
    return Ref("dummy.note", made)


@pytest.fixture
def reply(world: World, note: Ref) -> Callable[[str], None]:
    """Let somebody reply to the note: its owner is told."""
    from niwari_dummy import service

    def answer(login: str) -> None:
        service.reply(world.ctx_for(login), note.id, body="ありがとう。", form_key=str(uuid4()))

    return answer


@pytest.fixture
def post(world: World) -> Callable[[str], int]:
    """Return the id of the post of a login."""
    return lambda login: world.ctx_for(login).acting.id
