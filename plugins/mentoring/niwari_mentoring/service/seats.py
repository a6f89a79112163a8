"""Seats of open-company days: taking one, giving it back, who comes, and how days follow their section.

Which section somebody visits is told to those who work there and to nobody else. So a seat leaves no
audit row, is in the own export alone, and knows no request of the ledger (rule L14).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from niwari.api import (
    REGION,
    SECTION,
    Appointment,
    Context,
    Mode,
    Municipality,
    NotFound,
    Person,
    Ref,
    Section,
    active_now,
    audit,
    locked,
    notify,
    paused,
    section_name,
    tokyo_day,
    transaction,
    visible,
)
from niwari_mentoring.errors import Paused
from niwari_mentoring.models import OpenDay, Seat
from niwari_mentoring.notices import OPEN_DAY_OFF, in_words
from niwari_mentoring.open_day_errors import (
    ComingFromElsewhere,
    HasBegun,
    IsCalledOff,
    IsClosed,
    NoSeatLeft,
    OwnSection,
)
from niwari_mentoring.texts import PLUGIN

KIND = "mentoring.open_day"


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who comes, for those who work in the section."""

    name: str
    municipality: str
    section: str


def hold(ctx: Context, open_day_id: int, mode: Mode, request_id: int | None) -> None:
    """Take a seat for the acting person, who asks for the time in the same transaction.

    Whoever has one keeps it, for the time as it is now. Raises ``NotFound``, ``Paused``,
    ``IsCalledOff``, ``HasBegun``, ``IsClosed``, ``OwnSection`` and ``NoSeatLeft``.
    """
    with transaction(ctx):
        day = held(ctx, open_day_id)
        if day.closes_on < ctx.today:
            raise IsClosed
        if _works_in(ctx, day.section_id):
            raise OwnSection
        asked = {
            "appointment": ctx.acting.id,
            "asked_start": day.starts_at,
            "asked_end": day.ends_at,
        }
        if Seat.update(**asked).where(_own(ctx, day.id)).execute():
            return
        if count_seats(day.id) >= day.seats:
            raise NoSeatLeft
        Seat.create(open_day=day.id, person=ctx.person_id, **asked)


def give_back(ctx: Context, open_day_id: int) -> None:
    """Give the own seat back before the day begins; again changes nothing.

    The time in the ledger is the person's own matter. Raises ``NotFound``, ``Paused``, ``IsCalledOff``
    and ``HasBegun``.
    """
    with transaction(ctx):
        day = held(ctx, open_day_id)
        Seat.delete().where(_own(ctx, day.id)).execute()


def coming(ctx: Context, open_day_id: int) -> Sequence[Coming]:
    """Return who comes, for a day that the caller has read and hosts; one query."""
    query = (
        Seat.select(Person.name, Municipality.name, section_name(ctx.today))
        .join_from(Seat, Person)
        .join_from(Seat, Appointment)
        .join_from(Appointment, Section)
        .join_from(Appointment, Municipality, on=(Municipality.id == Appointment.municipality))
        .where(Seat.open_day == open_day_id)
        .order_by(Seat.id)
        .tuples()
    )
    return [Coming(*row) for row in query]


def held(ctx: Context, open_day_id: int) -> Any:
    """Return a day ahead that the acting person sees, locked; raises as ``hold`` does."""
    here = (OpenDay.id == open_day_id) & visible(ctx, OpenDay)
    day = locked(OpenDay.select().where(here)).first()
    if day is None or not active_now(ctx, PLUGIN):
        raise NotFound
    if paused(day):
        raise Paused(municipality=day.municipality.name)
    if day.called_off_at is not None:
        raise IsCalledOff
    if day.starts_at <= ctx.now:
        raise HasBegun
    return day


def count_seats(open_day_id: int) -> int:
    """Return how many come."""
    return int(Seat.select().where(Seat.open_day == open_day_id).count())


def tell_coming(ctx: Context, code: str, day: Any) -> None:
    """Tell those who come what becomes of ``day``, as it is given. In the caller's transaction."""
    posts = Seat.select(Seat.appointment).where(Seat.open_day == day.id)
    notify(ctx, code, posts, Ref(KIND, day.id), day=in_words(tokyo_day(day.starts_at)))


def end_day(ctx: Context, day: Any) -> None:
    """Call ``day`` off and tell those who come. In the caller's transaction."""
    OpenDay.update(called_off_at=ctx.now).where(OpenDay.id == day.id).execute()
    audit(ctx, "mentoring.open_day.call_off", KIND, day.id)
    tell_coming(ctx, OPEN_DAY_OFF.code, day)


def follow_profile(ctx: Context, profile_id: int, audience: str) -> None:
    """Let the days of a section be read by whom its profile is; hidden, those ahead are called off.

    In the caller's transaction, which has locked the profile. Raises ``ComingFromElsewhere`` where people
    of other towns come on a day that would be for the own town alone.
    """
    if audience == SECTION:
        for day in locked(OpenDay.select().where(_ahead(ctx, profile_id)).order_by(OpenDay.id)):
            end_day(ctx, day)
    elif audience != REGION:
        days = locked(OpenDay.select().where(_ahead(ctx, profile_id)).order_by(OpenDay.id))
        others = (
            Seat.select()
            .join(Appointment)
            .where(
                Seat.open_day.in_([day.id for day in days])
                & (Appointment.municipality != ctx.municipality.id)
            )
        )
        if others.exists():
            raise ComingFromElsewhere
    OpenDay.update(audience=audience).where(OpenDay.profile == profile_id).execute()


def leave_seats(ctx: Context, person_id: int, staying: Any = None) -> None:
    """Give back the seats ahead of somebody who left, or of whom the post ``staying`` is the new one.

    In the new post those are kept that it may read, of other sections. In the worker's transaction.
    """
    ahead = OpenDay.select(OpenDay.id).where(OpenDay.starts_at > ctx.now)
    if staying is not None:
        readable = OpenDay.municipality == staying.municipality_id
        # Two towns that are in no region have none in common.
        if ctx.municipality.region_id is not None:
            in_region = OpenDay.region_id.is_null(False) & (
                OpenDay.region_id == ctx.municipality.region_id
            )
            readable |= (OpenDay.audience == REGION) & in_region
        stays = (OpenDay.section != staying.section_id) & readable
        kept = ahead.where(stays)
        Seat.update(appointment=staying.id).where(
            (Seat.person == person_id) & Seat.open_day.in_(kept)
        ).execute()
        ahead = ahead.where(~stays)
    Seat.delete().where((Seat.person == person_id) & Seat.open_day.in_(ahead)).execute()


def _ahead(ctx: Context, profile_id: int) -> Any:
    return (
        (OpenDay.profile == profile_id)
        & (OpenDay.starts_at > ctx.now)
        & OpenDay.called_off_at.is_null()
    )


def _own(ctx: Context, open_day_id: int) -> Any:
    return (Seat.open_day == open_day_id) & (Seat.person == ctx.person_id)


def _works_in(ctx: Context, section_id: int) -> bool:
    """Tell whether a post of the acting person, also one beside, is of a section today."""
    post = Appointment.select().where(
        (Appointment.person == ctx.person_id)
        & (Appointment.section == section_id)
        & (Appointment.starts_on <= ctx.today)
        & (Appointment.ends_on.is_null() | (Appointment.ends_on >= ctx.today))
    )
    return bool(post.exists())
