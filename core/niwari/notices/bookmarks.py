"""How far work has come that goes through the notices bit by bit."""

from typing import Any

from niwari.db import locked, rows
from niwari.notices.models import Bookmark


def reached(name: str) -> int:
    """Return how far the work ``name`` has come, 0 where it has not begun."""
    found = rows(_place(name))
    return int(found[0][0]) if found else 0


def held(name: str) -> int:
    """Return the same; nobody else moves it before the caller's transaction ends."""
    Bookmark.insert(name=name).on_conflict(
        action="NOTHING", conflict_target=[Bookmark.name]
    ).execute()
    ((place,),) = rows(locked(_place(name)))
    return int(place)


def move(name: str, place: int) -> None:
    """Note that the work ``name``, which is ``held``, has come to ``place``."""
    Bookmark.update(reached=place).where(Bookmark.name == name).execute()


def _place(name: str) -> Any:
    return Bookmark.select(Bookmark.reached).where(Bookmark.name == name)
