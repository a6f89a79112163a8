"""Which days a section is asked to avoid: for its lists, its people, and beside a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import SQL, Select, fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment, Section, SectionVersion, on_day
from niwari.directory.sections import section_name
from niwari.ledger.models import Avoidance

AHEAD = timedelta(days=92)
"""How far ahead the form for asking names such days."""
MOST = 50
_DAYS = (Avoidance.first_day, Avoidance.last_day, Avoidance.reason)


@dataclass(frozen=True, slots=True)
class Avoided:
    """Days to avoid, both included, for a section and all below it."""

    id: int
    section_id: int
    section_name: str
    first_day: date
    last_day: date
    reason: str

    def __contains__(self, day: date) -> bool:
        """Tell whether ``day`` is one of them."""
        return self.first_day <= day <= self.last_day


def of_sections(ctx: Context, section_ids: Sequence[int], first: date, last: date) -> list[Avoided]:
    """Return what touches these days and holds for one of the sections, the first day first.

    One query; at most ``MOST``. Also what was named for a section above.
    """
    below = Section.alias()
    theirs = below.select(SQL("1")).where(
        below.id.in_(list(section_ids)) & _covers(_path(Section, ctx), _path(below, ctx))
    )
    return _found(ctx, first, last, fn.EXISTS(theirs))


def of_person(ctx: Context, first: date, last: date) -> list[Avoided]:
    """Return what touches these days and holds where the acting person's main post is; one query."""
    below = Section.alias()
    theirs = (
        Appointment.select(SQL("1"))
        .join(below, on=(Appointment.section == below.id))
        .where(
            (Appointment.person == ctx.person_id)
            & Appointment.is_main
            & (Appointment.municipality == ctx.municipality.id)
            & on_day(Appointment, ctx.today)
            & _covers(_path(Section, ctx), _path(below, ctx))
        )
    )
    return _found(ctx, first, last, fn.EXISTS(theirs))


def named_days(ctx: Context) -> Any:
    """Return the days named in the municipality, not over yet, for ``reason_in``.

    A part of a query that is worked out once, however many rows the query has: ``with_cte`` adds it.
    """
    query = (
        Avoidance.select(_path(Section, ctx), *_DAYS)
        .join(Section, on=(Avoidance.section == Section.id))
        .where(
            (Section.municipality == ctx.municipality.id)
            & Avoidance.ended_at.is_null()
            & (Avoidance.last_day >= ctx.today)
        )
    )
    columns = ("path", *(column.name for column in _DAYS))
    return query.cte("ledger_named_days", columns=columns, materialized=True)


def reason_in(named: Any, ctx: Context, day: Any, section: Any = Section) -> Any:
    """Return why ``day`` should be avoided in ``section``, as a column; NULL where it need not.

    ``section`` is joined in the query that has ``named`` by ``with_cte``, and is one of the acting
    person's municipality.
    """
    return (
        Select([named], [named.c.reason])
        .where(
            (named.c.first_day <= day)
            & (named.c.last_day >= day)
            & _covers(named.c.path, _path(section, ctx))
        )
        .order_by(named.c.first_day, named.c.reason)
        .limit(1)
    )


def _found(ctx: Context, first: date, last: date, holds: Any) -> list[Avoided]:
    query = (
        Avoidance.select(
            Avoidance.id,
            Avoidance.section_id,
            section_name(ctx.today),
            Avoidance.first_day,
            Avoidance.last_day,
            Avoidance.reason,
        )
        .join(Section, on=(Avoidance.section == Section.id))
        .where(
            (Section.municipality == ctx.municipality.id)
            & Avoidance.ended_at.is_null()
            & (Avoidance.first_day <= last)
            & (Avoidance.last_day >= first)
            & holds
        )
        .order_by(Avoidance.first_day, Avoidance.id)
        .limit(MOST)
    )
    return [Avoided(*row) for row in rows(query)]


def _path(section: Any, ctx: Context) -> Any:
    """Return the path of ``section`` today as a column."""
    version = SectionVersion.alias()
    moved = version.select(version.path).where(
        (version.section == section.id) & on_day(version, ctx.today)
    )
    return fn.COALESCE(moved, section.path)


def _covers(above: Any, below: Any) -> Any:
    """Return the condition that a path is that of ``above`` or one below it."""
    start = above.concat("/")
    return (above == below) | (fn.SUBSTR(below, 1, fn.LENGTH(start)) == start)
