"""Who asks from where, and who answers: the one place that knows (rule L9)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import SQL, Case, fn

from niwari.context import Context
from niwari.db import prepared
from niwari.directory.answering import (
    Answerer,
    SectionHead,
    answerers,
    answering_section,
    section_heads,
)
from niwari.directory.models import Appointment, on_day
from niwari.ledger.errors import NoHead, NotMainPost
from niwari.ledger.models import LeaveSpan, Request

OWN_PLACE = 0
"""Stands for "in nobody's place" where an appointment's id would stand."""


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody answers for in one place: as head, or ``in_place_of`` a head's appointment.

    ``sections``: every member's requests but that of ``head_person_id``. ``single``: of a section
    only the requests of one person, as (section, person).
    """

    in_place_of: int
    head_person_id: int
    sections: frozenset[int]
    single: frozenset[tuple[int, int]]

    def condition(self, day: date) -> Any:
        """Return it as a condition over ``Appointment``: in which people act."""
        here = Appointment.section.in_(self.sections or {0}) & (
            Appointment.person != self.head_person_id
        )
        sections_of: dict[int, list[int]] = defaultdict(list)
        for section, person in self.single:
            sections_of[person].append(section)
        for person, sections in sections_of.items():
            here |= (Appointment.person == person) & Appointment.section.in_(sections)
        return acts_in(day) & here


@dataclass(frozen=True, slots=True)
class Charge:
    """The requests that the acting person answers on ``day``, never the own.

    Asked are the people who act in a section on that day: in the main post, else in the latest one.
    After a transfer the new head answers, also what was asked before (rule L11). ``shares`` begin
    with what is answered in nobody's place.
    """

    person_id: int
    day: date
    shares: tuple[Share, ...] = ()

    def covers(self, request: Request) -> bool:
        """Tell whether the acting person answers this request; one query."""
        asked = Request.select().where((Request.id == request.id) & self.condition())
        return bool(asked.exists())

    def condition(self, asked: Any = Request) -> Any:
        """Return the same rule as a condition over ``asked``: ``Request``, or ``Standing``."""
        here: Any = SQL("(1 = 0)")
        for share in self.shares:
            here |= self._asked_of(share, asked)
        return here & (asked.person != self.person_id)

    def in_place_of(self, asked: Any = Request) -> Any:
        """Return in whose place each ``Request``, or ``Standing``, is answered, as a column.

        ``OWN_PLACE`` in nobody's, else the id of the head's appointment; empty where it is not the
        acting person who answers.
        """
        if not self.shares:
            return SQL("NULL")
        others = asked.person != self.person_id
        return Case(
            None, [(others & self._asked_of(one, asked), one.in_place_of) for one in self.shares]
        )

    def _asked_of(self, share: Share, asked: Any) -> Any:
        people = Appointment.select(Appointment.person).where(share.condition(self.day))
        return asked.person.in_(people)


def acts_in(day: date) -> Any:
    """Return the condition that an ``Appointment`` is the one in which its person acts on ``day``.

    The main post, else the latest one.
    """
    return on_day(Appointment, day) & ~fn.EXISTS(_comes_before(day))


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


def tree_now(ctx: Context) -> Mapping[int, SectionHead]:
    """Return the municipality's sections with who answers there at this very moment, in one query."""
    return section_heads(ctx.municipality.id, ctx.today, _on_leave, ctx.now)


def charge_of(ctx: Context, tree: Mapping[int, SectionHead] | None = None) -> Charge:
    """Return what the acting person answers for, in one query, which ``tree`` (of ``tree_now``) saves.

    As head; in a head's place by a delegation of today; and by post order while the head is on
    leave, at this very moment (代決).
    """
    tree = tree_now(ctx) if tree is None else tree
    sections: dict[tuple[int, int], set[int]] = defaultdict(set)
    single: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for section_id in tree:
        place = _place(tree, section_id, None, ctx.person_id)
        if place is not None:
            sections[place].add(section_id)
        for person in _answered_elsewhere(tree, section_id):
            place = _place(tree, section_id, person, ctx.person_id)
            if place is not None:
                single[place].add((section_id, person))
    shares = (
        Share(*place, frozenset(sections[place]), frozenset(single[place]))
        for place in sorted(sections.keys() | single.keys())
    )
    return Charge(ctx.person_id, ctx.today, tuple(shares))


def answering_now(
    ctx: Context, section_id: int, person_id: int | None = None
) -> tuple[Answerer, ...]:
    """Return who answers at this very moment for a person of a section, the head first; one query.

    Beside the head these are the head's delegates and, while the head is on leave, the first in post
    order (代決); ``in_place_of`` says for whom. Never the person themself: for a head it is the next
    superior. Without ``person_id`` for an ordinary member. Nobody where no head is found.
    """
    return answerers(tree_now(ctx), section_id, person_id)


def posts_answering(ctx: Context, person_id: int, section_id: int) -> list[int]:
    """Return the posts of those who answer now for a person of a section, in one query: the head first.

    Who stands in for a head on leave is among them, and never the person who asks.
    """
    found = answering_now(ctx, section_id, person_id)
    return [one.appointment_id for one in found if one.appointment_id is not None]


def posts_answering_any(ctx: Context, asked: Iterable[tuple[int, int]]) -> list[int]:
    """Return the posts of all who answer now for any of many people, as (person, section); one query."""
    tree = section_heads(ctx.municipality.id, ctx.today, _on_leave, ctx.now)
    found = (one for person, section in asked for one in answerers(tree, section, person))
    return sorted({one.appointment_id for one in found if one.appointment_id is not None})


def _on_leave(person: Any, now: Any) -> Any:
    return fn.EXISTS(
        LeaveSpan.select(SQL("1")).where(
            (LeaveSpan.person == person) & (LeaveSpan.ends_at > now) & (LeaveSpan.starts_at <= now)
        )
    )


def _answered_elsewhere(tree: Mapping[int, SectionHead], section_id: int) -> set[int]:
    """Return for whom others answer than for the section's ordinary members.

    Not only the section's own head: where it has none, a head further up answers for its members.
    """
    found = answering_section(tree, section_id, None)
    if found is None:
        return set()
    here = tree[found]
    first = here.stand_ins[:1]
    return {one for one in (here.head_person_id, *(s.person_id for s in first)) if one is not None}


def _place(
    tree: Mapping[int, SectionHead], section_id: int, asking: int | None, person_id: int
) -> tuple[int, int] | None:
    """Return in whose place, and for which head, a person answers for another one of a section."""
    for one in answerers(tree, section_id, asking):
        if one.person_id == person_id:
            found = answering_section(tree, section_id, asking)
            head = tree[found].head_person_id if found is not None else None
            return one.in_place_of or OWN_PLACE, head or 0
    return None


def asking_post(ctx: Context, person_id: int | None = None) -> Appointment:
    """Return the main post of a person, the acting one where none is given, from which they ask.

    The head of the main post agrees, also while the person acts in a concurrent one. Raises
    ``NotMainPost`` where it is in another municipality, and ``NoHead`` where nobody can answer.
    """
    person_id = person_id or ctx.person_id
    posts: list[Appointment] = _main_post({"person": person_id, "day": ctx.today}).objects()
    if not posts or posts[0].municipality_id != ctx.municipality.id:
        raise NotMainPost
    post = posts[0]
    tree = section_heads(ctx.municipality.id, ctx.today)
    if answering_section(tree, post.section_id, person_id) is None:
        raise NoHead
    return post


@prepared
def _main_post(of: Any) -> Any:
    return (
        Appointment.select()
        .where((Appointment.person == of.person) & on_day(Appointment, of.day))
        .order_by(Appointment.is_main.desc(), Appointment.starts_on.desc(), Appointment.id)
        .limit(1)
    )
