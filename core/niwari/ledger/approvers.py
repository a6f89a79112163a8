"""Who asks from where, and who answers: the one place that knows (rule L9)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.directory.models import Appointment, on_day
from niwari.directory.people import answering_person, section_heads
from niwari.ledger.errors import NoHead, NotMainPost
from niwari.ledger.models import Request


@dataclass(frozen=True, slots=True)
class Charge:
    """The sections that the acting person answers for on ``day``.

    ``sections``: every member's requests, but never the own. ``superior_in``: of these sections
    only the requests of one person, given by id: whoever answers for the section's members, and
    whose own request goes to the next superior. Members are those who act there on that day: in
    the main post, else in the latest one. After a transfer the new head answers, also what was
    asked before (rule L11).
    """

    person_id: int
    day: date
    sections: frozenset[int] = frozenset()
    superior_in: Mapping[int, int] = field(default_factory=dict)

    def covers(self, request: Request) -> bool:
        """Tell whether the acting person answers this request; one query."""
        asked = Request.select().where((Request.id == request.id) & self.condition())
        return bool(asked.exists())

    def condition(self) -> Any:
        """Return the same rule as a condition over ``Request``."""
        here = Appointment.section.in_(self.sections or {0})
        sections_of: dict[int, list[int]] = defaultdict(list)
        for section, head in self.superior_in.items():
            sections_of[head].append(section)
        for head, sections in sections_of.items():
            here |= (Appointment.person == head) & Appointment.section.in_(sections)
        people = Appointment.select(Appointment.person).where(
            on_day(Appointment, self.day) & here & ~fn.EXISTS(_comes_before(self.day))
        )
        return Request.person.in_(people) & (Request.person != self.person_id)


def _comes_before(day: date) -> Any:
    """Return the posts of the same person on ``day`` in which the person rather acts."""
    other = Appointment.alias()
    newer = (other.starts_on > Appointment.starts_on) | (
        (other.starts_on == Appointment.starts_on) & (other.id < Appointment.id)
    )
    return other.select(1).where(
        (other.person == Appointment.person)
        & on_day(other, day)
        & (
            (other.is_main & ~Appointment.is_main)
            | ((other.is_main == Appointment.is_main) & newer)
        )
    )


def charge_of(ctx: Context) -> Charge:
    """Return what the acting person answers for, in one query over the municipality's sections."""
    tree = section_heads(ctx.municipality.id, ctx.today)
    person = ctx.person_id
    sections, superior_in = set(), {}
    for section_id in tree:
        # Not the section's own head: where it has none, a head further up answers for its members.
        answering = answering_person(tree, section_id, None)
        if answering == person:
            sections.add(section_id)
        elif answering is not None and answering_person(tree, section_id, answering) == person:
            superior_in[section_id] = answering
    return Charge(person, ctx.today, frozenset(sections), superior_in)


def asking_post(ctx: Context) -> Appointment:
    """Return the main post of the acting person, from which the person asks.

    The head of the main post agrees, also while the person acts in a concurrent one. Raises
    ``NotMainPost`` where it is in another municipality, and ``NoHead`` where nobody can answer.
    """
    post: Any = (
        Appointment.select()
        .where((Appointment.person == ctx.person_id) & on_day(Appointment, ctx.today))
        .order_by(Appointment.is_main.desc(), Appointment.starts_on.desc(), Appointment.id)
        .first()
    )
    if post is None or post.municipality_id != ctx.municipality.id:
        raise NotMainPost
    tree = section_heads(ctx.municipality.id, ctx.today)
    if answering_person(tree, post.section_id, ctx.person_id) is None:
        raise NoHead
    found: Appointment = post
    return found
