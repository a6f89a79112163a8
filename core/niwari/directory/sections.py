"""What a section is called on a day, where it stands, and which section a path means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from niwari.db import rows
from niwari.directory.models import Section, SectionVersion, on_day


def section_name(day: date, section: Any = Section) -> Any:
    """Return what a section is called on ``day``, as a column of a query over ``section``.

    For any query that has the section joined already: it adds no row and needs no further join.
    A section that has ended keeps its last name.
    """
    version = SectionVersion.alias()
    renamed = version.select(version.name).where(
        (version.section == section.id) & on_day(version, day)
    )
    return fn.COALESCE(renamed, section.name)


@dataclass(frozen=True, slots=True)
class SectionOnDay:
    """A section as it is on a day."""

    id: int
    parent_id: int | None
    name: str
    path: str


def sections_on(municipality_id: int, day: date) -> Mapping[int, SectionOnDay]:
    """Return the sections that a municipality has on ``day``, by id, in the order of their paths.

    One query, whatever the number of sections.
    """
    query = with_version(
        Section.select(Section.id, parent_on_day(), name_on_day(), path_on_day()), day
    ).where((Section.municipality == municipality_id) & on_day(Section, day))
    found = sorted((SectionOnDay(*row) for row in rows(query)), key=lambda one: _order(one.path))
    return {one.id: one for one in found}


def _order(path: str) -> list[str]:
    # Part by part, so that what stands below a section follows it at once.
    return path.split("/")


def with_version(query: Any, day: date) -> Any:
    """Join the version of ``day``, where there is one, to a query over ``Section``.

    ``parent_on_day``, ``name_on_day`` and ``path_on_day`` are its columns then.
    """
    return query.join_from(
        Section,
        SectionVersion,
        JOIN.LEFT_OUTER,
        on=(SectionVersion.section == Section.id) & on_day(SectionVersion, day),
    )


def parent_on_day() -> Any:
    """Return the section above as a column; not the version's where that stands at the top."""
    return Case(None, ((SectionVersion.id.is_null(), Section.parent_id),), SectionVersion.parent_id)


def name_on_day() -> Any:
    """Return the name as a column."""
    return fn.COALESCE(SectionVersion.name, Section.name)


def path_on_day() -> Any:
    """Return the path as a column."""
    return fn.COALESCE(SectionVersion.path, Section.path)


def section_at(municipality_id: int, path: str, day: date) -> int | None:
    """Return the id of the section of a municipality that has ``path`` on ``day``."""
    for section in sections_on(municipality_id, day).values():
        if section.path == path:
            return section.id
    return None
