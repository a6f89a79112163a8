"""The people whom texts name: who they are to a reader, and which of them may read a row."""

from collections.abc import Collection, Iterable
from typing import Any

from peewee import JOIN

from niwari.context import Context
from niwari.db import rows
from niwari.directory.audience import readers
from niwari.directory.models import Appointment, Municipality, Person, Section, on_day
from niwari.directory.regions import region_towns
from niwari.directory.sections import section_name
from niwari.writing.links import Named


def people_named(ctx: Context, person_ids: Iterable[int]) -> dict[int, Named]:
    """Return how the people of the reader's region are shown, by their ids; one query for all.

    Name, municipality and section of the main post of today; whoever has none any more is their
    name alone. Others are left out: a text must not make known who works elsewhere.
    """
    ids = sorted(set(person_ids))
    if not ids:
        return {}
    found: dict[int, Named] = {}
    for person, name, town, section, is_today in rows(_posts(ctx, ids)):
        if is_today:
            found[person] = Named(name, f"{town} {section}")
        else:
            found.setdefault(person, Named(name))
    return found


def _posts(ctx: Context, ids: list[int]) -> Any:
    """Return the posts of the people in the region, those of today last and the main one at the end."""
    today = on_day(Appointment, ctx.today)
    return (
        Appointment.select(
            Person.id, Person.name, Municipality.name, section_name(ctx.today), today
        )
        .join_from(Appointment, Person)
        .join_from(Appointment, Municipality)
        .join_from(Appointment, Section, JOIN.INNER)
        .where(Appointment.person.in_(ids) & _here(ctx))
        .order_by(Appointment.is_main, Appointment.id)
    )


def _here(ctx: Context) -> Any:
    return Appointment.municipality.in_(region_towns(ctx)) | (
        Appointment.municipality == ctx.municipality.id
    )


def who_may_read(ctx: Context, person_ids: Collection[int], row: Any) -> frozenset[int]:
    """Return those of the people who see ``row``, a stored ``Shared`` row, in a post of today.

    For whoever notifies the mentioned: nobody learns by a notice of a row that they cannot open.
    The acting person is not among them, and nobody is while moderators hold the row back. One query.
    """
    wanted = set(person_ids)
    if ctx.appointment is not None:
        wanted.discard(ctx.person_id)
    if not wanted:
        return frozenset()
    found = readers(ctx, row).where(Appointment.person.in_(sorted(wanted)))
    return frozenset(person for (person,) in rows(found))
