"""What the tests of openings share: officials of the region, and a row whose author is hidden."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from niwari.context import Context
from niwari.testing.world import World
from niwari.vault import opening
from niwari.vault.officials import name_official
from tests.core.whispering import whisper as write

SECRETARIAT, AUTHOR, NOBODY = "secretariat", "staff@miharu", "staff5@koriyama"
FIRST, SECOND, THIRD = "head@koriyama", "head@sukagawa", "hr@koriyama"
KIND, TEXT, WHY = "whisper.whisper", "給湯室のこと", "個人を傷つける内容のため、本人に確かめます。"

_keys = count(1)


@dataclass
class Office:
    """A world in which the region has named three officials, and somebody of Miharu has whispered."""

    world: World
    row: int

    def ctx(self, login: str) -> Context:
        """The context in which somebody acts now."""
        return self.world.ctx_for(login)

    def ask(self, login: str = FIRST, *, row: int | None = None, why: str = WHY) -> int:
        """Ask for the opening of the row; returns the id of the request."""
        key = f"key-{next(_keys)}"
        return opening.ask(self.ctx(login), KIND, row or self.row, why, key)

    def opened(self) -> int:
        """Let the row be opened by the first and the second official; returns the request's id."""
        asked = self.ask()
        opening.agree(self.ctx(SECOND), asked)
        return asked


def name(world: World, *logins: str) -> None:
    """Let the secretariat name officials."""
    for login in logins:
        name_official(world.ctx_for(SECRETARIAT), world.ctx_for(login).acting.id, "輪番のため")


def whisper(world: World, login: str, text: str = TEXT, **how: Any) -> int:
    """Let somebody write a row without a name; returns its id."""
    return write(world.ctx_for(login), text, **how)
