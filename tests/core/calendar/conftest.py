"""What the tests of the calendar share: a world with desks, which take place on days."""

from collections.abc import Callable, Mapping

import pytest

from niwari.host.discovery import Found
from niwari.testing.world import World

OpenDesk = Callable[..., int]


@pytest.fixture
def desks(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """A world in which the plugin desk is on in all three towns."""
    return open_world([trial_plugins["desk"]])


@pytest.fixture
def open_desk(desks: World) -> OpenDesk:
    """Let a person open a desk, as ``niwari_desk.service.open_desk`` does, and have it indexed."""
    from niwari_desk.service import open_desk as opened

    def make(login: str = "staff@koriyama", **values: object) -> int:
        desk = opened(desks.ctx_for(login), **values)
        desks.index()
        return desk

    return make
