"""Open-company days as their reader sees them, and as the catalogue offers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from peewee import JOIN, fn

from niwari.api import (
    TOKYO,
    Context,
    Mode,
    Municipality,
    MunicipalityRef,
    NotFound,
    Offer,
    Section,
    Verb,
    Wanted,
    active,
    gettext,
    not_paused,
    section_name,
    visible,
)
from niwari_mentoring.models import OpenDay, Seat
from niwari_mentoring.service.cursors import cursor_of, parsed_cursor
from niwari_mentoring.service.seats import KIND
from niwari_mentoring.texts import ACTIVITY, PLUGIN

PAGE = 20
OF_SECTION = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """A day as its reader sees it.

    ``works_here``: the reader is of the section. ``joined``: has a seat; ``moved``: took it for another
    time. ``closes_at`` is until when one can sign up.
    """

    id: int
    profile_id: int
    section: str
    municipality_id: int
    municipality: str
    text: str
    mode: Mode
    place: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    seats: int
    taken: int
    closes_on: date
    called_off: bool
    begun: bool
    paused: bool
    works_here: bool
    joined: bool
    moved: bool
    is_open: bool

    @property
    def left(self) -> int:
        """How many seats nobody has taken."""
        return max(self.seats - self.taken, 0)

    @property
    def closes_at(self) -> datetime:
        """Until when one can sign up: the end of ``closes_on``, no later than the start."""
        return min(_begin_of(self.closes_on + timedelta(days=1)), self.starts_at)


def list_ahead(ctx: Context, *, after: str = "") -> tuple[Sequence[Shown], str]:
    """Return a page of the days ahead that are not called off, the soonest first; one query.

    ``after`` is the cursor that the page before returned. Raises ``NotFound`` for one that none did.
    """
    query = _readable(ctx).where(_ahead(ctx) & not_paused(OpenDay))
    if after:
        at, last = parsed_cursor(after)
        # The first condition alone tells the index where to begin.
        query = query.where(
            (OpenDay.starts_at >= at) & ((OpenDay.starts_at > at) | (OpenDay.id > last))
        )
    rows = [_shown(ctx, row) for row in _in_order(query).limit(PAGE + 1)]
    page = rows[:PAGE]
    more = len(rows) > PAGE
    return page, cursor_of(page[-1].starts_at, page[-1].id) if more else ""


def ahead_of(ctx: Context, section_profile_id: int) -> Sequence[Shown]:
    """Return the days ahead of a section whose profile the caller has read; one query."""
    query = _readable(ctx).where(_ahead(ctx) & (OpenDay.profile == section_profile_id))
    return [_shown(ctx, row) for row in _in_order(query).limit(OF_SECTION)]


def get_open_day(ctx: Context, open_day_id: int) -> Shown:
    """Return one, also one that is over or called off, in one query; raises ``NotFound``."""
    row = _readable(ctx).where(OpenDay.id == open_day_id).first()
    if row is None:
        raise NotFound
    return _shown(ctx, row)


def offers(ctx: Context, wanted: Wanted) -> Sequence[Offer]:
    """Return the days ahead that one can still sign up for, for the catalogue; one query."""
    if wanted.verb not in (None, Verb.RAISE) or (wanted.after and wanted.after[0] is None):
        return []
    query = _readable(ctx).where(
        OpenDay.called_off_at.is_null() & not_paused(OpenDay) & _fits(ctx, wanted)
    )
    return [_offer(_shown(ctx, row)) for row in _in_order(query).limit(wanted.most)]


def _fits(ctx: Context, wanted: Wanted) -> Any:
    if wanted.only is not None:
        return OpenDay.id == wanted.only[1]
    fits = (OpenDay.starts_at > ctx.now) & (OpenDay.closes_on >= ctx.today)
    if wanted.municipality_id is not None:
        fits &= OpenDay.municipality == wanted.municipality_id
    if wanted.mode is not None:
        fits &= OpenDay.mode == wanted.mode
    if wanted.most_minutes is not None:
        fits &= OpenDay.minutes <= wanted.most_minutes
    if wanted.first is not None:
        fits &= OpenDay.starts_at >= _begin_of(wanted.first)
    if wanted.last is not None:
        fits &= OpenDay.starts_at < _begin_of(wanted.last + timedelta(days=1))
    if wanted.after is not None:
        start, least = wanted.after
        fits &= (OpenDay.starts_at >= start) & ((OpenDay.starts_at > start) | (OpenDay.id >= least))
    return fits


def _offer(day: Shown) -> Offer:
    promise = gettext("申し込んだ人の名前は、この所属で働いている職員だけに見えます。")
    return Offer(
        KIND,
        day.id,
        gettext("%(section)sのオープンカンパニーの日", section=day.section),
        Verb.RAISE,
        day.municipality_id,
        day.municipality,
        activity=ACTIVITY,
        modes=(day.mode,),
        place=day.place,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        seats_left=day.left,
        closes_at=day.closes_at,
        contact=day.section,
        text=f"{day.text}\n\n{promise}",
        joined=day.joined,
    )


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def _ahead(ctx: Context) -> Any:
    return (OpenDay.starts_at > ctx.now) & OpenDay.called_off_at.is_null()


def _in_order(query: Any) -> Any:
    return query.order_by(OpenDay.starts_at, OpenDay.id)


def _readable(ctx: Context) -> Any:
    mine, taken = Seat.alias(), Seat.alias()
    return (
        OpenDay.select(
            OpenDay.id,
            OpenDay.profile,
            OpenDay.section,
            section_name(ctx.today),
            OpenDay.text,
            OpenDay.mode,
            OpenDay.place,
            OpenDay.starts_at,
            OpenDay.ends_at,
            OpenDay.minutes,
            OpenDay.seats,
            taken.select(fn.COUNT(taken.id)).where(taken.open_day == OpenDay.id),
            OpenDay.closes_on,
            OpenDay.called_off_at,
            mine.asked_start,
            mine.asked_end,
            Municipality.id,
            Municipality.code,
            Municipality.name,
            Municipality.revision,
        )
        .join_from(OpenDay, Section)
        .join_from(OpenDay, Municipality)
        .join_from(
            OpenDay,
            mine,
            JOIN.LEFT_OUTER,
            on=(mine.open_day == OpenDay.id) & (mine.person == ctx.person_id),
        )
        .where(visible(ctx, OpenDay))
        .tuples()
    )


def _shown(ctx: Context, row: tuple[Any, ...]) -> Shown:
    id_, profile_id, section_id, section, text, mode, place, starts_at, ends_at = row[:9]
    minutes, seats, taken, closes_on, off_at, asked_start, asked_end = row[9:16]
    owner = MunicipalityRef(*row[16:20])
    called_off, begun = off_at is not None, starts_at <= ctx.now
    paused, joined = not active(owner, PLUGIN), asked_start is not None
    return Shown(
        id_,
        profile_id,
        section,
        owner.id,
        owner.name,
        text,
        Mode(mode),
        place,
        starts_at,
        ends_at,
        minutes,
        seats,
        taken,
        closes_on,
        called_off,
        begun,
        paused,
        section_id == ctx.acting.section_id,
        joined,
        joined and (asked_start, asked_end) != (starts_at, ends_at),
        not (called_off or begun or paused or closes_on < ctx.today),
    )
