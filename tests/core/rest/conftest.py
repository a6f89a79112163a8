"""Tokens for tests, and a client that sends one."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from niwari.identity.tokens.service import NewToken, create_token
from niwari.rest.scopes import offered_scopes
from niwari.rest.views import operations
from niwari.testing.world import Browser, World

STAFF, IT, NEIGHBOUR = "staff@koriyama", "it@koriyama", "staff@miharu"
HEAD = "head@koriyama"

API = "/api/v1"


@dataclass
class Program:
    """A program with a token: it asks the API as a stranger's script does."""

    client: Browser
    token: str

    def get(self, address: str, **options: Any) -> Any:
        return self._send("GET", address, options)

    def post(self, address: str, **options: Any) -> Any:
        return self._send("POST", address, options)

    def _send(self, method: str, address: str, options: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(API + address, method=method, headers=headers, **options)


def make_token(
    world: World,
    login: str,
    *,
    scopes: Collection[str] | None = None,
    of_municipality: bool = False,
    days: int = 90,
) -> str:
    """Make a token as the page does; by default with all that the owner can give."""
    ctx = world.ctx_for(login)
    offered = offered_scopes(ctx, operations.all.values(), of_municipality=of_municipality)
    new = NewToken("試し", offered if scopes is None else scopes, days, str(uuid4()))
    return create_token(ctx, new, offered, of_municipality=of_municipality)


@pytest.fixture
def program(world: World) -> Callable[..., Program]:
    """Make a program with a token of a person, or of the municipality."""

    def make(login: str = STAFF, **options: Any) -> Program:
        return Program(world.anonymous(), make_token(world, login, **options))

    return make
