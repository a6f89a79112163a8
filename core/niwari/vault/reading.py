"""Openings as their pages show them: to the officials of the region, and to the author concerned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment, Municipality, Person
from niwari.errors import NotFound
from niwari.vault.models import Official, Opening
from niwari.vault.officials import may_be_official, officials
from niwari.vault.opening import OPEN_FOR, me
from niwari.vault.service import openings_told

PAGE = 30
NEWS_FOR = timedelta(days=90)
"""How long the author's home page says that an authorship was opened; the page keeps saying it."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who of which municipality asked or agreed, and when."""

    at: datetime
    name: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An opening. ``state`` is waiting, opened or expired; ``agreed`` is ``None`` before it is opened."""

    id: int
    kind: str
    row_id: int
    reason: str
    asked: Act
    agreed: Act | None
    state: str
    asked_by_me: bool
    agreed_by_me: bool

    @property
    def expires_at(self) -> datetime:
        """Until when a second official may agree."""
        return self.asked.at + OPEN_FOR


@dataclass(frozen=True, slots=True)
class Openings:
    """A page of them, the newest first; ``following`` is where the next one begins, or ``None``."""

    shown: Sequence[Shown]
    following: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """What an author is told: the openings within the session's reach, and whether there are others.

    Of the others not even the number is told, nor when: the provider of the session would learn what
    was written in a municipality that it does not serve.
    """

    shown: Sequence[Shown]
    elsewhere: bool

    def __bool__(self) -> bool:
        return bool(self.shown) or self.elsewhere


def openings(ctx: Context, before: int | None = None) -> Openings:
    """Return up to ``PAGE`` openings of the own region, to its officials; ``NotFound`` for others."""
    me(ctx, officials(ctx))
    condition = Opening.region == ctx.municipality.region_id
    if before is not None:
        condition &= Opening.id < before
    found = _shown(ctx, condition, PAGE + 1)
    page = found[:PAGE]
    return Openings(page, page[-1].id if len(found) > PAGE else None)


def opening(ctx: Context, opening_id: int) -> Shown:
    """Return one opening of the own region to one of its officials; else ``NotFound``."""
    me(ctx, officials(ctx))
    own = (Opening.id == opening_id) & (Opening.region == ctx.municipality.region_id)
    for one in _shown(ctx, own, 1):
        return one
    raise NotFound


def waiting(ctx: Context) -> int:
    """Return how many requests of others wait for the acting person, as an official of the region.

    By no query for somebody who is none, else by one.
    """
    if not may_be_official(ctx):
        return 0
    named = Official.select(Official.id).where(
        (Official.region == ctx.municipality.region_id)
        & (Official.appointment == ctx.acting.id)
        & Official.withdrawn_at.is_null()
    )
    query = (
        Opening.select(Opening.id)
        .join(Appointment, on=(Appointment.id == Opening.asked_by))
        .where(
            (Opening.region == ctx.municipality.region_id)
            & Opening.agreed_at.is_null()
            & (Opening.asked_at > ctx.now - OPEN_FOR)
            & (Appointment.person != ctx.person_id)
            & fn.EXISTS(named)
        )
    )
    return int(query.count())


def told(ctx: Context, *, news: bool = False) -> Told:
    """Return the openings of the acting person's own authorship; with ``news`` those of late.

    One query where there are none, four at the most. Raises ``SealError`` where the locker does not
    open.
    """
    within, beyond = (Opening.id.in_(sorted(ids)) if ids else None for ids in openings_told(ctx))
    late = Opening.agreed_at > ctx.now - NEWS_FOR if news else Opening.agreed_at.is_null(False)
    return Told(
        shown=() if within is None else _shown(ctx, within & late, PAGE),
        elsewhere=beyond is not None and Opening.select().where(beyond & late).exists(),
    )


def _shown(ctx: Context, condition: Any, most: int) -> list[Shown]:
    asking, agreeing = Appointment.alias(), Appointment.alias()
    asker, agreer = Person.alias(), Person.alias()
    here, there = Municipality.alias(), Municipality.alias()
    query = (
        Opening.select(
            Opening.id,
            Opening.kind,
            Opening.row_id,
            Opening.reason,
            Opening.asked_at,
            asker.name,
            here.name,
            Opening.agreed_at,
            agreer.name,
            there.name,
            Opening.asked_by,
            Opening.agreed_by,
        )
        .join_from(Opening, asking, on=(asking.id == Opening.asked_by))
        .join_from(asking, asker, on=(asker.id == asking.person))
        .join_from(asking, here, on=(here.id == asking.municipality))
        .join_from(Opening, agreeing, JOIN.LEFT_OUTER, on=(agreeing.id == Opening.agreed_by))
        .join_from(agreeing, agreer, JOIN.LEFT_OUTER, on=(agreer.id == agreeing.person))
        .join_from(agreeing, there, JOIN.LEFT_OUTER, on=(there.id == agreeing.municipality))
        .where(condition)
        .order_by(Opening.id.desc())
        .limit(most)
    )
    return [_one(ctx, row) for row in rows(query)]


def _one(ctx: Context, row: Any) -> Shown:
    id_, kind, row_id, reason, asked_at, *who, agreed_at, agreer, town, by, second = row
    asked = Act(asked_at, *who)
    agreed = Act(agreed_at, agreer, town) if agreed_at is not None else None
    is_waiting = ctx.now < asked_at + OPEN_FOR
    state = "opened" if agreed else "waiting" if is_waiting else "expired"
    mine = ctx.acting.id
    return Shown(id_, kind, row_id, reason, asked, agreed, state, by == mine, second == mine)
