"""Transfers that must not be known before their release, for the tests of sealed files."""

from datetime import datetime
from typing import Any

from niwari.clock import TOKYO
from niwari.directory.importing import COLUMNS
from niwari.directory.transfers import keeping, towns
from niwari.directory.transfers.models import SealedTransfer
from niwari.testing.world import World

HR, NEIGHBOUR = "hr@koriyama", "head@sukagawa"

CANARY = {
    "municipality": "072036",
    "login": "hiwa@koriyama",
    "name": "日和田 鶴",
    "kana": "ヒワダ ツル",
    "email": "tsuru.hiwada@example.jp",
    "section": "総務部/百年史室",
    "employment": "full_time",
    "start": "2026-12-01",
    "title": "百年史編さん監",
}
"""A new colleague in a new section and a new post."""

MOVED = CANARY | {
    "login": "staff@koriyama",
    "name": "職員一",
    "kana": "しょくいんいち",
    "email": "",
}
"""Somebody whom all know, moved into the same post."""

WORDS = ("日和田", "ヒワダ", "tsuru.hiwada", "hiwa@koriyama", "百年史")

RELEASE = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)


def people(*changes: dict[str, str]) -> bytes:
    """A people.csv; each line is ``CANARY`` with changes."""
    columns = (*COLUMNS, "title")
    rows = [",".join((CANARY | change).get(column, "") for column in columns) for change in changes]
    return "\n".join([",".join(columns), *rows]).encode()


def plan_ahead(world: World, login: str = HR) -> None:
    """Let the person's municipality plan transfers ahead."""
    towns.choose(world.ctx_for(login), planned=True)


def keep(world: World, data: bytes = b"", release_at: datetime = RELEASE, login: str = HR) -> int:
    """Keep a file sealed, by default the canary's; returns its id."""
    plan_ahead(world, login)
    return keeping.keep(world.ctx_for(login), "百年史.csv", data or people({}), release_at)


def row_of(transfer_id: int) -> Any:
    """Return the row of a sealed file as it is now."""
    return SealedTransfer.get_by_id(transfer_id)
