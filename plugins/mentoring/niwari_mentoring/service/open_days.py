"""オープンカンパニーの日 of a section: its people announce one, change it and call it off (R-016)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from niwari.api import (
    SECTION,
    TOKYO,
    Context,
    Mode,
    StaleForm,
    active_now,
    audit,
    checked_choice,
    checked_key,
    checked_line,
    checked_text,
    locked,
    transaction,
)
from niwari_mentoring.models import OpenDay, SectionProfile
from niwari_mentoring.notices import OPEN_DAY_MOVED
from niwari_mentoring.open_day_errors import (
    BadClosing,
    BadDay,
    BadMinutes,
    BadSeats,
    BeyondDay,
    FewerThanComing,
    NoPlace,
    NoSectionProfile,
    NotShown,
    TooManyDays,
)
from niwari_mentoring.service.seats import KIND, count_seats, end_day, held, tell_coming
from niwari_mentoring.service.sections import check_works_here
from niwari_mentoring.texts import LINE_LIMIT, MESSAGE_LIMIT, PLUGIN

SHORTEST, LONGEST = 15, 480
MOST_SEATS = 100
MOST_AHEAD = 24
MODES = tuple(mode.value for mode in Mode)
_MOVES = ("starts_at", "ends_at", "mode", "place")


@dataclass(frozen=True, slots=True)
class Planned:
    """What those who announce a day write; ``starts`` is a time of day in Tokyo."""

    text: str
    mode: str
    place: str
    day: date | None
    starts: time | None
    minutes: int | None
    seats: int | None
    closes_on: date | None

    def checked(self, ctx: Context, closed_on: date | None = None) -> dict[str, Any]:
        """Return the columns to store; raises an ``Invalid`` beside the field that is wrong.

        Without a last day one signs up until it begins. A last day ``closed_on`` that stays as it was
        may lie behind.
        """
        if self.day is None or self.starts is None:
            raise BadDay
        starts_at = datetime.combine(self.day, self.starts, TOKYO)
        if starts_at <= ctx.now:
            raise BadDay
        if self.minutes is None or not SHORTEST <= self.minutes <= LONGEST:
            raise BadMinutes(least=SHORTEST, most=LONGEST)
        ends_at = starts_at + timedelta(minutes=self.minutes)
        if ends_at.date() != self.day:
            raise BeyondDay
        mode = checked_choice(self.mode, MODES, "mode")
        place = checked_line(self.place, "place", LINE_LIMIT) if mode == Mode.ON_SITE else ""
        if mode == Mode.ON_SITE and not place:
            raise NoPlace
        if self.seats is None or not 1 <= self.seats <= MOST_SEATS:
            raise BadSeats(most=MOST_SEATS)
        closes_on = self.closes_on or self.day
        if closes_on > self.day or (closes_on < ctx.today and closes_on != closed_on):
            raise BadClosing
        return {
            "text": checked_text(self.text, "text", MESSAGE_LIMIT, required=True),
            "mode": mode,
            "place": place,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "minutes": self.minutes,
            "seats": self.seats,
            "closes_on": closes_on,
        }


def announce(ctx: Context, planned: Planned, *, form_key: str) -> int:
    """Announce a day of the acting person's section, for whoever reads its profile; returns its id.

    The same ``form_key`` again returns the first. Raises ``NoSectionProfile``, ``NotShown``,
    ``TooManyDays``, ``StaleForm``, and what ``Planned`` refuses.
    """
    columns = planned.checked(ctx)
    key = checked_key(form_key)
    with transaction(ctx):
        profile = _own_profile(ctx)
        if sent := OpenDay.get_or_none(OpenDay.form_key == key):
            if sent.profile_id != profile.id:
                raise StaleForm
            return int(sent.id)
        ahead = (
            (OpenDay.profile == profile.id)
            & (OpenDay.starts_at > ctx.now)
            & OpenDay.called_off_at.is_null()
        )
        if OpenDay.select().where(ahead).count() >= MOST_AHEAD:
            raise TooManyDays(most=MOST_AHEAD)
        day = OpenDay.create(
            **OpenDay.owned_by(ctx),
            audience=profile.audience,
            profile=profile.id,
            form_key=key,
            **columns,
            **_saved(ctx),
        )
        audit(ctx, "mentoring.open_day.announce", KIND, day.id)
    return int(day.id)


def change(ctx: Context, open_day_id: int, planned: Planned) -> None:
    """Change a day of the own section; whoever comes is told of another time or place.

    The same again changes nothing. Raises ``NotFound``, ``NotOfSection``, ``IsCalledOff``, ``HasBegun``,
    ``FewerThanComing``, and what ``Planned`` refuses.
    """
    with transaction(ctx):
        day = held(ctx, open_day_id)
        check_works_here(ctx, day)
        columns = planned.checked(ctx, day.closes_on)
        if all(getattr(day, name) == value for name, value in columns.items()):
            return
        if columns["seats"] < (coming := count_seats(day.id)):
            raise FewerThanComing(coming=coming)
        moved = any(getattr(day, name) != columns[name] for name in _MOVES)
        OpenDay.update(**columns, **_saved(ctx)).where(OpenDay.id == day.id).execute()
        audit(ctx, "mentoring.open_day.change", KIND, day.id)
        if moved:
            tell_coming(ctx, OPEN_DAY_MOVED.code, OpenDay.get_by_id(day.id))


def call_off(ctx: Context, open_day_id: int) -> None:
    """Call a day of the own section off; whoever comes is told.

    Raises ``NotFound``, ``NotOfSection``, ``IsCalledOff`` and ``HasBegun``.
    """
    with transaction(ctx):
        day = held(ctx, open_day_id)
        check_works_here(ctx, day)
        end_day(ctx, day)


def _own_profile(ctx: Context) -> Any:
    here = SectionProfile.section == ctx.acting.section_id
    profile = locked(SectionProfile.select().where(here)).first()
    if profile is None or not active_now(ctx, PLUGIN):
        raise NoSectionProfile
    if profile.audience == SECTION:
        raise NotShown
    return profile


def _saved(ctx: Context) -> dict[str, Any]:
    return {
        "name": ctx.acting.section_name,
        "changed_by": ctx.acting.id,
        "changed_at": ctx.now,
    }
