"""Who answers for the acting person, or for those of a clerk, now, by name, for choosing who said yes."""

from collections.abc import Iterable, Mapping
from typing import Any

from niwari.context import Context
from niwari.directory.answering import SectionHead, answerers
from niwari.directory.models import Appointment, Person, on_day

Answering = tuple[int, str]
"""Somebody who answers: the post, and the person's name."""


def people_answering(ctx: Context, tree: Mapping[int, SectionHead]) -> tuple[Answering, ...]:
    """Return who answers for the acting person now, the head first, never the person.

    ``tree`` is that of ``tree_now``. One query, and one more while the person acts in another than the
    main post: the head of that one answers. Nobody where the main post is in another municipality.
    """
    acting = ctx.acting.section_id
    found = _named(ctx, _posts(ctx, tree, acting))
    main = max(
        (one for one in found if one.person_id == ctx.person_id),
        key=lambda one: (one.is_main, one.starts_on, -one.id),
        default=None,
    )
    if main is None or main.municipality_id != ctx.municipality.id:
        return ()
    posts = _posts(ctx, tree, main.section_id)
    if main.section_id != acting:
        found = _named(ctx, posts)
    names = {one.id: one.name for one in found}
    return tuple((post, names[post]) for post in posts if post in names)


def people_answering_any(
    ctx: Context, tree: Mapping[int, SectionHead], asked: Iterable[tuple[int, int]]
) -> tuple[Answering, ...]:
    """Return who answers now for any of many people, as (person, section), but the acting person.

    By name, in one query. ``tree`` is that of ``tree_now``.
    """
    answering = (one for person, section in asked for one in answerers(tree, section, person))
    posts = {one.appointment_id for one in answering if one.appointment_id is not None}
    found = [one for one in _named(ctx, sorted(posts)) if one.id in posts]
    others = sorted((one.name, one.id) for one in found if one.person_id != ctx.person_id)
    return tuple((post, name) for name, post in others)


def _posts(ctx: Context, tree: Mapping[int, SectionHead], section_id: int) -> list[int]:
    found = answerers(tree, section_id, ctx.person_id)
    return [one.appointment_id for one in found if one.appointment_id is not None]


def _named(ctx: Context, posts: list[int]) -> list[Any]:
    """Return these posts and those of the acting person, with names."""
    own = (Appointment.person == ctx.person_id) & on_day(Appointment, ctx.today)
    return list(
        Appointment.select(
            Appointment.id,
            Appointment.person,
            Appointment.section,
            Appointment.municipality,
            Appointment.is_main,
            Appointment.starts_on,
            Person.name.alias("name"),
        )
        .join(Person)
        .where(own | Appointment.id.in_(posts or [0]))
        .objects()
    )
