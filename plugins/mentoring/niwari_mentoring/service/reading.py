"""Pairs as one of the two sees them: the own list, one with its meetings and notes, and home's card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, Case, fn

from niwari.api import (
    Appointment,
    Context,
    Municipality,
    MunicipalityRef,
    NotFound,
    Person,
    Section,
    active,
    section_name,
    visible,
)
from niwari_mentoring.models import ACTIVE, ASKED, ENDED, AskedTime, Meeting, Pair
from niwari_mentoring.texts import PLUGIN

PAGE = 20
MEETINGS = 50


@dataclass(frozen=True, slots=True)
class Partner:
    """The other of a pair, in the post of the asking; ``name`` is empty where it was erased."""

    name: str
    municipality: str
    section: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A pair as one of the two sees it; ``state`` is ``ended`` too where its last day is over."""

    id: int
    theme: str
    partner: Partner
    i_asked: bool
    state: str
    ends_on: date
    asked_at: datetime
    next_at: datetime | None
    paused: bool

    @property
    def is_waiting_for_me(self) -> bool:
        """Whether the acting person is to answer."""
        return self.state == ASKED and not self.i_asked


@dataclass(frozen=True, slots=True)
class Told(Seen):
    """A pair with its words."""

    message: str
    reply: str


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting as one of the two sees it. ``time_asked``: the reader asked the own head for the time."""

    id: int
    pair_id: int
    topic: str
    place: str
    starts_at: datetime
    ends_at: datetime
    called_off: bool
    over: bool
    begun: bool
    time_asked: bool

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


def list_pairs(ctx: Context, before: int = 0) -> tuple[Sequence[Seen], int | None]:
    """Return a page of the own pairs, the newest first, and where the next begins; one query."""
    query = _readable(ctx)
    if before:
        query = query.where(Pair.id < before)
    found = [_seen(ctx, row) for row in query.order_by(Pair.id.desc()).limit(PAGE + 1)]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def for_home(ctx: Context, count: int) -> Sequence[Seen]:
    """Return the own pairs that go on or wait for an answer, the newest few; one query."""
    query = _readable(ctx).where(Pair.state.in_((ASKED, ACTIVE)) & (Pair.ends_on >= ctx.today))
    return [_seen(ctx, row) for row in query.order_by(Pair.id.desc()).limit(count)]


def get_pair(ctx: Context, pair_id: int) -> Told:
    """Return one of the own pairs with its words, in one query; raises ``NotFound``."""
    row = _readable(ctx, Pair.message, Pair.reply).where(Pair.id == pair_id).first()
    if row is None:
        raise NotFound
    return Told(*_columns(ctx, row), *row[-2:])


def meetings_of(ctx: Context, pair_id: int) -> Sequence[Met]:
    """Return the meetings of a pair that the caller has read, the latest first; one query."""
    query = _meetings(ctx).where(Meeting.pair == pair_id)
    return [_met(ctx, row) for row in query.order_by(Meeting.starts_at.desc()).limit(MEETINGS)]


def get_meeting(ctx: Context, meeting_id: int) -> Met:
    """Return a meeting of an own pair, in one query; raises ``NotFound``."""
    row = _meetings(ctx).where(Meeting.id == meeting_id).first()
    if row is None:
        raise NotFound
    return _met(ctx, row)


def _meetings(ctx: Context) -> Any:
    asked = AskedTime.select(fn.COUNT(AskedTime.id)).where(
        (AskedTime.meeting == Meeting.id) & (AskedTime.person == ctx.person_id)
    )
    return (
        Meeting.select(
            Meeting.id,
            Meeting.pair,
            Meeting.topic,
            Meeting.place,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.called_off_at,
            asked,
        )
        .where(visible(ctx, Meeting))
        .tuples()
    )


def _met(ctx: Context, row: tuple[Any, ...]) -> Met:
    id_, pair_id, topic, place, starts_at, ends_at, off_at, asked = row
    over, begun = ends_at <= ctx.now, starts_at <= ctx.now
    return Met(
        id_, pair_id, topic, place, starts_at, ends_at, off_at is not None, over, begun, bool(asked)
    )


def _readable(ctx: Context, *more: Any) -> Any:
    """Return the query of the own pairs, each with the other of the two."""
    me = Appointment.alias()
    own = me.select(me.id).where(me.person == ctx.person_id)
    other = Case(None, [(Pair.asker.in_(own), Pair.mentor)], Pair.asker)
    following = Meeting.select(fn.MIN(Meeting.starts_at)).where(
        (Meeting.pair == Pair.id) & (Meeting.ends_at > ctx.now) & Meeting.called_off_at.is_null()
    )
    theirs = Municipality.alias()
    return (
        Pair.select(
            Pair.id,
            Pair.theme,
            Person.name,
            theirs.name,
            section_name(ctx.today),
            Case(None, [(Pair.asker.in_(own), 1)], 0),
            Pair.state,
            Pair.ends_on,
            Pair.asked_at,
            following,
            Municipality.id,
            Municipality.code,
            Municipality.name,
            Municipality.revision,
            *more,
        )
        .join_from(Pair, Municipality)
        .join_from(Pair, Appointment, JOIN.LEFT_OUTER, on=(Appointment.id == other))
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .join_from(Appointment, Section, JOIN.LEFT_OUTER)
        .join_from(Appointment, theirs, JOIN.LEFT_OUTER, on=(theirs.id == Appointment.municipality))
        .where(visible(ctx, Pair))
        .tuples()
    )


def _columns(ctx: Context, row: tuple[Any, ...]) -> tuple[Any, ...]:
    id_, theme, name, town, section, i_asked, state, ends_on, asked_at, next_at = row[:10]
    owner = MunicipalityRef(*row[10:14])
    if state in (ASKED, ACTIVE) and ends_on < ctx.today:
        state = ENDED
    return (
        id_,
        theme,
        Partner(name or "", town or "", section or ""),
        bool(i_asked),
        state,
        ends_on,
        asked_at,
        Meeting.starts_at.python_value(next_at),
        not active(owner, PLUGIN),
    )


def _seen(ctx: Context, row: tuple[Any, ...]) -> Seen:
    return Seen(*_columns(ctx, row))
