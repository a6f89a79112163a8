"""Experiences as their reader sees them: a page of them by filter, one of them, the newest few."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN

from niwari.api import (
    REGION,
    Appointment,
    Context,
    Label,
    Municipality,
    MunicipalityRef,
    NotFound,
    Person,
    Section,
    active,
    is_mine,
    section_name,
    visible,
)
from niwari_leave_cafe.dates.schemes import EMPLOYMENT_LABELS, PARENT_LABELS, SCHEME_LABELS
from niwari_leave_cafe.models import Experience, Thanks
from niwari_leave_cafe.service.in_force import PLUGIN
from niwari_leave_cafe.service.writing import KIND
from niwari_leave_cafe.texts import PARTS

PAGE = 20
_HIDDEN_ON = 9


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty and 0 narrow nothing."""

    scheme: str = ""
    role: str = ""
    employment: str = ""
    year: int = 0

    @property
    def any(self) -> bool:
        """Whether it is narrowed at all."""
        return bool(self.scheme or self.role or self.employment or self.year)


@dataclass(frozen=True, slots=True)
class Shown:
    """An experience in short. Of one without a name neither person nor place is here."""

    id: int
    headline: str
    scheme: Label
    role: Label
    employment: Label
    year: int
    thanks: int
    posted_on: date
    alias: str
    name: str
    municipality: str
    section: str
    for_region: bool
    paused: bool


@dataclass(frozen=True, slots=True)
class Told(Shown):
    """An experience with its words, whether the reader has marked it as helpful, and whether it is theirs."""

    applied: str
    helped: str
    otherwise: str
    returned: str
    is_thanked: bool
    is_mine: bool

    @property
    def written(self) -> tuple[str, ...]:
        """All its words, for what they name to be looked up at once."""
        return self.applied, self.helped, self.otherwise, self.returned


def found(ctx: Context, filters: Filters, *, before: int = 0) -> tuple[list[Shown], int | None]:
    """Return a page, the newest first, and the id below which the next one begins; one query."""
    query = _readable(ctx)
    for column in ("scheme", "role", "employment", "year"):
        if value := getattr(filters, column):
            query = query.where(getattr(Experience, column) == value)
    if before:
        query = query.where(Experience.id < before)
    rows = [_shown(row) for row in query.order_by(Experience.id.desc()).limit(PAGE + 1)]
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def newest(ctx: Context, count: int) -> list[Shown]:
    """Return the newest few; one query."""
    return [_shown(row) for row in _readable(ctx).order_by(Experience.id.desc()).limit(count)]


def one(ctx: Context, experience_id: int) -> Told:
    """Return one with its words, in one query, without a name in two more; raises ``NotFound``."""
    mark = Thanks.select(Thanks.id).where(
        (Thanks.experience == Experience.id) & (Thanks.person == ctx.person_id)
    )
    parts = [getattr(Experience, name) for name in PARTS]
    row = _readable(ctx, *parts, mark, Person.id).where(Experience.id == experience_id).first()
    if row is None:
        raise NotFound
    *columns, applied, helped, otherwise, returned, marked, person_id = row
    words = (applied, helped, otherwise, returned)
    shown = _columns(tuple(columns))
    mine = person_id == ctx.person_id
    if columns[_HIDDEN_ON] is not None:
        mine = bool(is_mine(ctx, KIND, [experience_id]))
    return Told(*shown, *words, marked is not None, mine)


def _readable(ctx: Context, *more: Any) -> Any:
    return (
        Experience.select(
            Experience.id,
            Experience.headline,
            Experience.scheme,
            Experience.role,
            Experience.employment,
            Experience.year,
            Experience.thanks,
            Experience.posted_on,
            Experience.alias_letter,
            Experience.hidden_on,
            Experience.audience,
            Person.name,
            section_name(ctx.today),
            Municipality.id,
            Municipality.code,
            Municipality.name,
            Municipality.revision,
            *more,
        )
        .left_outer_join(Appointment, on=(Appointment.id == Experience.author))
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .join_from(Experience, Section)
        .join_from(Experience, Municipality)
        .where(visible(ctx, Experience))
        .tuples()
    )


def _shown(row: tuple[Any, ...]) -> Shown:
    return Shown(*_columns(row))


def _columns(row: tuple[Any, ...]) -> tuple[Any, ...]:
    id_, headline, scheme, role, employment, year, thanks, posted_on, alias, hidden_on = row[:10]
    audience, name, section = row[10:13]
    owner = MunicipalityRef(*row[13:17])
    is_hidden = hidden_on is not None
    return (
        id_,
        headline,
        SCHEME_LABELS[scheme],
        PARENT_LABELS[role],
        EMPLOYMENT_LABELS[employment],
        year,
        thanks,
        posted_on,
        alias if is_hidden else "",
        "" if is_hidden else name or "",
        "" if is_hidden else owner.name,
        "" if is_hidden else section,
        audience == REGION,
        not is_hidden and not active(owner, PLUGIN),
    )
