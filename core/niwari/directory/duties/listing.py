"""業務別の担当者名簿: who does the same work in the towns of the region.

It shows the sections of the municipalities that take part, as they are today, and of people those who
said so. Whoever is of a municipality that does not, sees nothing. What a post brought ends with the
post, what a section does with the section.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.duties.models import PersonDuty, SectionDuty
from niwari.directory.duties.standard import Duty, duties, duties_by_code
from niwari.directory.duties.towns import require_part, towns
from niwari.directory.models import Appointment, Municipality, Person, Section, on_day
from niwari.directory.sections import section_name
from niwari.errors import NotFound

PAGE = 50
_POSITION = re.compile(r"([0-9]{6})-([0-9]{1,10})-([0-9]{1,10})")
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class DutyCount:
    """A duty, in how many municipalities it is shown, and how many people let themselves be named."""

    duty: Duty
    towns: int
    people: int


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list: after the row of this municipality's code, section and person's duty (0: none)."""

    town: str
    section_id: int
    row_id: int

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{self.town}-{self.section_id}-{self.row_id}"

    @classmethod
    def read(cls, text: str) -> "Position | None":
        """Read it from an address; what is none gives ``None``."""
        found = _POSITION.fullmatch(text)
        if found is None or max(int(found[2]), int(found[3])) > _LARGEST_ID:
            return None
        return cls(found[1], int(found[2]), int(found[3]))


@dataclass(frozen=True, slots=True)
class InCharge:
    """A section that does the work, and the people of it who let themselves be named, if any."""

    municipality: str
    section: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of who does a duty, by municipality and section."""

    duty: Duty
    sections: Sequence[InCharge]
    following: Position | None


def duty_counts(ctx: Context) -> tuple[DutyCount, ...]:
    """Return all standard duties, each with its numbers in the own region, in two queries.

    Raises ``NotFound`` where the own municipality does not take part.
    """
    require_part(ctx)
    found: dict[str, set[int]] = defaultdict(set)
    people: dict[str, int] = defaultdict(int)
    of_sections = (
        SectionDuty.select(SectionDuty.duty, SectionDuty.municipality)
        .join(Section)
        .where(SectionDuty.municipality.in_(towns(ctx)) & on_day(Section, ctx.today))
    )
    for code, town in rows(of_sections.distinct()):
        found[code].add(town)
    # Somebody with posts in two towns counts in both, as on the page of the duty.
    of_people = (
        PersonDuty.select(
            PersonDuty.duty, PersonDuty.municipality, fn.COUNT(Appointment.person.distinct())
        )
        .join(Appointment)
        .where(_listed(ctx))
        .group_by(PersonDuty.duty, PersonDuty.municipality)
    )
    for code, town, count in rows(of_people):
        found[code].add(town)
        people[code] += count
    return tuple(DutyCount(duty, len(found[duty.code]), people[duty.code]) for duty in duties())


def in_charge(ctx: Context, code: str, after: Position | None = None) -> Listing:
    """Return who does the duty ``code`` in the own region, up to ``PAGE`` rows, in one query.

    A row is a person, or a section without any. Raises ``NotFound`` for an unknown duty, and where
    the own municipality does not take part.
    """
    require_part(ctx)
    duty = duties_by_code().get(code)
    if duty is None:
        raise NotFound
    found = rows(_query(ctx, code, after).limit(PAGE + 1))
    sections: dict[int, tuple[str, str, list[str]]] = {}
    for _, town, section_id, section, _, person in found[:PAGE]:
        names = sections.setdefault(section_id, (town, section, []))[2]
        if person is not None:
            names.append(person)
    following = None
    if len(found) > PAGE:
        town_code, _, section_id, _, row_id, _ = found[PAGE - 1]
        following = Position(town_code, section_id, row_id)
    return Listing(
        duty,
        [InCharge(town, section, tuple(names)) for town, section, names in sections.values()],
        following,
    )


def _query(ctx: Context, code: str, after: Position | None) -> Any:
    named = (
        PersonDuty.select(
            PersonDuty.id.alias("row_id"),
            Appointment.section.alias("section_id"),
            Person.name.alias("person"),
        )
        .join(Appointment)
        .join(Person)
        .where(_listed(ctx) & (PersonDuty.duty == code))
        .alias("named")
    )
    row_id = fn.COALESCE(named.c.row_id, 0)
    doing = SectionDuty.select(SectionDuty.section).where(
        (SectionDuty.duty == code) & SectionDuty.municipality.in_(towns(ctx))
    )
    query = (
        Section.select(
            Municipality.code,
            Municipality.name,
            Section.id,
            section_name(ctx.today),
            row_id,
            named.c.person,
        )
        .join_from(Section, Municipality)
        .join_from(Section, named, JOIN.LEFT_OUTER, on=(named.c.section_id == Section.id))
        .where(
            Municipality.id.in_(towns(ctx))
            & on_day(Section, ctx.today)
            & (named.c.row_id.is_null(False) | Section.id.in_(doing))
        )
        .order_by(Municipality.code, Section.id, row_id)
    )
    if after is None:
        return query
    same_section = (Section.id == after.section_id) & (row_id > after.row_id)
    return query.where(
        (Municipality.code > after.town)
        | ((Municipality.code == after.town) & ((Section.id > after.section_id) | same_section))
    )


def _listed(ctx: Context) -> Any:
    """Return the condition of rows of people who ticked and hold the post today, here in the region."""
    return (
        PersonDuty.municipality.in_(towns(ctx))
        & (PersonDuty.listed == True)  # noqa: E712 - a column
        & on_day(Appointment, ctx.today)
    )
