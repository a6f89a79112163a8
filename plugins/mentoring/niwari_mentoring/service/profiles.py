"""What people offer to each other and seek: the own profile, and browsing those of others (R-017)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from niwari.api import (
    PEOPLE_OF_REGION,
    REGION,
    Appointment,
    Context,
    Municipality,
    MunicipalityRef,
    NotFound,
    Person,
    Section,
    active,
    active_now,
    audit,
    checked_choice,
    checked_line,
    checked_text,
    hold_self,
    locked,
    name_readers,
    section_name,
    transaction,
    visible,
)
from niwari_mentoring.errors import BadCapacity, BadLength, FewerThanPairs, NeitherWay
from niwari_mentoring.models import ACTIVE, LearnerProfile, Pair
from niwari_mentoring.service.cursors import cursor_of, parsed_cursor
from niwari_mentoring.service.sections import audiences
from niwari_mentoring.texts import FIELDS, PLUGIN, TIMES_LIMIT

KIND = "mentoring.profile"
PAGE = 20
MOST_PEOPLE = 5
SHORTEST, LONGEST = 15, 240
OFFER_LIMIT = 1_000
OFFERING, SEEKING = "offering", "seeking"
WAYS = (OFFERING, SEEKING)


@dataclass(frozen=True, slots=True)
class Described:
    """What somebody says of themselves."""

    field: str
    offers: str
    seeks: str
    capacity: int | None
    times: str
    minutes: int | None
    audience: str = REGION

    def checked(self, ctx: Context) -> dict[str, Any]:
        """Return the columns to store; raises an ``Invalid`` beside the field that is wrong."""
        offers = checked_text(self.offers, "offers", OFFER_LIMIT)
        seeks = checked_text(self.seeks, "seeks", OFFER_LIMIT)
        if not offers and not seeks:
            raise NeitherWay
        if self.capacity is None or not 0 <= self.capacity <= MOST_PEOPLE:
            raise BadCapacity(most=MOST_PEOPLE)
        if self.minutes is None or not SHORTEST <= self.minutes <= LONGEST:
            raise BadLength(least=SHORTEST, most=LONGEST)
        return {
            "field": checked_choice(self.field, FIELDS, "field"),
            "offers": offers,
            "seeks": seeks,
            "capacity": self.capacity,
            "times": checked_line(self.times, "times", TIMES_LIMIT),
            "minutes": self.minutes,
            "audience": checked_choice(self.audience, audiences(ctx), "audience"),
            "is_offering": bool(offers),
            "is_seeking": bool(seeks),
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """A profile as its reader sees it; ``free`` is how many people may still ask with success."""

    id: int
    person_id: int
    name: str
    municipality: str
    section: str
    field: str
    offers: str
    seeks: str
    capacity: int
    free: int
    times: str
    minutes: int
    is_listed: bool
    for_region: bool
    paused: bool
    changed_at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty narrows nothing."""

    field: str = ""
    town: str = ""
    way: str = ""

    @property
    def any(self) -> bool:
        """Whether it is narrowed at all."""
        return bool(self.field or self.town or self.way)


def found(ctx: Context, filters: Filters, *, after: str = "") -> tuple[Sequence[Shown], str]:
    """Return a page of the profiles of others and oneself, the newest first; one query.

    ``after`` is the cursor that the page before returned. Raises ``NotFound`` for one that none did.
    """
    query = _readable(ctx).where(LearnerProfile.audience != PEOPLE_OF_REGION)
    if filters.field:
        query = query.where(LearnerProfile.field == filters.field)
    if filters.way in WAYS:
        query = query.where(
            LearnerProfile.is_offering if filters.way == OFFERING else LearnerProfile.is_seeking
        )
    if filters.town:
        here = Municipality.select(Municipality.id).where(Municipality.code == filters.town)
        query = query.where(LearnerProfile.municipality.in_(here))
    if after:
        at, last = parsed_cursor(after)
        # The first condition alone tells the index where to begin.
        query = query.where(
            (LearnerProfile.changed_at <= at)
            & ((LearnerProfile.changed_at < at) | (LearnerProfile.id < last))
        )
    query = query.order_by(LearnerProfile.changed_at.desc(), LearnerProfile.id.desc())
    rows = [_shown(ctx, row) for row in query.limit(PAGE + 1)]
    page = rows[:PAGE]
    return page, cursor_of(page[-1].changed_at, page[-1].id) if len(rows) > PAGE else ""


def get_profile(ctx: Context, profile_id: int) -> Shown:
    """Return one, in one query; raises ``NotFound``."""
    row = _readable(ctx).where(LearnerProfile.id == profile_id).first()
    if row is None:
        raise NotFound
    return _shown(ctx, row)


def own_profile(ctx: Context) -> Shown | None:
    """Return that of the acting person, ``None`` where there is none; one query."""
    row = _readable(ctx).where(LearnerProfile.person == ctx.person_id).first()
    return None if row is None else _shown(ctx, row)


def describe(ctx: Context, described: Described) -> int:
    """Write the acting person's profile and list it; returns its id. The same again changes nothing.

    Raises ``FewerThanPairs``, ``NotFound``, and what the texts refuse.
    """
    columns = described.checked(ctx)
    with transaction(ctx):
        hold_self(ctx)  # who accepts does so too
        if not active_now(ctx, PLUGIN):
            raise NotFound
        pairs = accompanied(ctx, ctx.person_id)
        if described.capacity is not None and described.capacity < pairs:
            raise FewerThanPairs(pairs=pairs)
        own = LearnerProfile.get_or_none(LearnerProfile.person == ctx.person_id)
        if own is not None and all(getattr(own, k) == v for k, v in columns.items()):
            return int(own.id)
        now = {
            **LearnerProfile.owned_by(ctx),
            **columns,
            "author": ctx.acting.id,
            "changed_at": ctx.now,
        }
        if own is None:
            own = LearnerProfile.create(person=ctx.person_id, **now)
        else:
            LearnerProfile.update(**now).where(LearnerProfile.id == own.id).execute()
        audit(ctx, "mentoring.offer", KIND, own.id, capacity=described.capacity)
    return int(own.id)


def withdraw(ctx: Context) -> None:
    """Take the own profile off the list; the pairs go on. Again changes nothing; raises ``NotFound``."""
    with transaction(ctx):
        own = locked(LearnerProfile.select().where(LearnerProfile.person == ctx.person_id)).first()
        if own is None:
            raise NotFound
        if own.audience == PEOPLE_OF_REGION:
            return
        unlist(own)
        audit(ctx, "mentoring.unlist", KIND, own.id)


def unlist(profile: Any) -> None:
    """Let a profile be for its person alone. In the caller's transaction."""
    LearnerProfile.update(audience=PEOPLE_OF_REGION).where(
        LearnerProfile.id == profile.id
    ).execute()
    name_readers(LearnerProfile, [profile.id], people=[profile.person_id])


def accompanied(ctx: Context, person_id: int) -> int:
    """Return how many people ``person_id`` accompanies today."""
    query: Any = Pair.select(fn.COUNT(Pair.id)).where(_accompanies(ctx, person_id))
    return int(query.scalar())


def _accompanies(ctx: Context, person: Any) -> Any:
    """Return the condition that a pair goes on today, of which ``person`` is the mentor."""
    posts = Appointment.alias()
    own = posts.select(posts.id).where(posts.person == person)
    return (Pair.state == ACTIVE) & (Pair.ends_on >= ctx.today) & Pair.mentor.in_(own)


def _readable(ctx: Context) -> Any:
    taken = Pair.select(fn.COUNT(Pair.id)).where(_accompanies(ctx, LearnerProfile.person))
    return (
        LearnerProfile.select(
            LearnerProfile.id,
            LearnerProfile.person,
            Person.name,
            section_name(ctx.today),
            LearnerProfile.field,
            LearnerProfile.offers,
            LearnerProfile.seeks,
            LearnerProfile.capacity,
            taken,
            LearnerProfile.times,
            LearnerProfile.minutes,
            LearnerProfile.audience,
            LearnerProfile.changed_at,
            Municipality.id,
            Municipality.code,
            Municipality.name,
            Municipality.revision,
        )
        .join_from(LearnerProfile, Person)
        .join_from(LearnerProfile, Section)
        .join_from(LearnerProfile, Municipality)
        .where(visible(ctx, LearnerProfile))
        .tuples()
    )


def _shown(ctx: Context, row: tuple[Any, ...]) -> Shown:
    id_, person_id, name, section, field, offers, seeks, capacity, taken = row[:9]
    times, minutes, audience, changed_at = row[9:13]
    owner = MunicipalityRef(*row[13:17])
    return Shown(
        id_,
        person_id,
        name,
        owner.name,
        section,
        field,
        offers,
        seeks,
        capacity,
        max(capacity - taken, 0) if offers else 0,
        times,
        minutes,
        audience != PEOPLE_OF_REGION,
        audience == REGION,
        not active(owner, PLUGIN),
        changed_at,
        person_id == ctx.person_id,
    )
