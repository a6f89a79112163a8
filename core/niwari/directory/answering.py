"""Who answers for a section's people: its head, and those who stand in for the head (rule L9)."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from peewee import JOIN, SQL, fn

from niwari.db import prepared
from niwari.directory.models import Appointment, Delegation, Headship, Section, on_day
from niwari.directory.sections import parent_on_day, with_version

Absent = Callable[[Any, Any], Any]
"""Makes the condition that a person is absent at an instant, of a column of person ids."""

_HEAD, _DELEGATE, _STAND_IN = 0, 1, 2
_NEVER = SQL("(1 = 0)")


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who may answer in the place of a head, and the post in which."""

    person_id: int
    appointment_id: int


@dataclass(frozen=True, slots=True)
class SectionHead:
    """A section's place in the tree, and the person who heads it today (``None``: nobody).

    ``delegates`` answer beside the head. ``stand_ins`` are there while the head is absent, in post
    order (代決); of them the first answers who does not ask.
    """

    parent_id: int | None
    head_person_id: int | None
    head_appointment_id: int | None = None
    delegates: tuple[Deputy, ...] = ()
    stand_ins: tuple[Deputy, ...] = ()


@dataclass(frozen=True, slots=True)
class Answerer:
    """Somebody who answers; ``in_place_of`` is the head's appointment, ``None`` for the head.

    ``appointment_id`` is the post in which they do.
    """

    person_id: int
    in_place_of: int | None = None
    appointment_id: int | None = field(default=None, compare=False)


def section_heads(
    municipality_id: int, day: date, absent: Absent | None = None, now: datetime | None = None
) -> Mapping[int, SectionHead]:
    """Return the sections of a municipality on ``day`` by id, with who answers there, in one query.

    The directory knows no leave: without ``absent`` every head is there, and nobody stands in by
    post order. With it, a function of a module, ``now`` says at which instant.
    """
    found = _answering({"town": municipality_id, "day": day, "now": now}, absent).rows()
    heads: dict[int, tuple[Any, ...]] = {}
    deputies: dict[tuple[int, int], list[tuple[int, Deputy]]] = defaultdict(list)
    for section, kind, parent, person, post, is_absent, order in found:
        if kind != _HEAD:
            deputies[section, kind].append((order, Deputy(person, post)))
        elif section not in heads or person is not None:
            heads[section] = (parent, person, post, bool(is_absent))

    def ordered(section: int, kind: int) -> tuple[Deputy, ...]:
        ranked = sorted(deputies[section, kind], key=lambda one: (one[0], one[1].appointment_id))
        return tuple(deputy for _, deputy in ranked)

    return {
        section: SectionHead(
            parent,
            person,
            post,
            ordered(section, _DELEGATE),
            ordered(section, _STAND_IN) if is_absent else (),
        )
        for section, (parent, person, post, is_absent) in heads.items()
    }


@prepared
def _answering(of: Any, absent: Absent | None) -> Any:
    if absent is None:
        return _heads(of.town, of.day, None) + _delegates(of.town, of.day)

    def absent_now(person: Any) -> Any:
        return absent(person, of.now)

    here = _heads(of.town, of.day, absent_now) + _delegates(of.town, of.day)
    return here + _stand_ins(of.town, of.day, absent_now)


def _heads(municipality_id: Any, day: Any, absent: Callable[[Any], Any] | None) -> Any:
    return (
        with_version(
            Section.select(
                Section.id,
                SQL(str(_HEAD)),
                parent_on_day(),
                Appointment.person,
                Appointment.id,
                absent(Appointment.person) if absent else _NEVER,
                SQL("0"),
            ),
            day,
        )
        .join_from(
            Section,
            Headship,
            JOIN.LEFT_OUTER,
            on=(Headship.section == Section.id) & on_day(Headship, day),
        )
        .join_from(
            Headship,
            Appointment,
            JOIN.LEFT_OUTER,
            on=(Headship.appointment == Appointment.id) & on_day(Appointment, day),
        )
        .where((Section.municipality == municipality_id) & on_day(Section, day))
    )


def _delegates(municipality_id: Any, day: Any) -> Any:
    """Return the delegates of those who are heads: a successor's delegates are named anew."""
    given_for = Appointment.alias()
    return (
        Delegation.select(
            Delegation.section,
            SQL(str(_DELEGATE)),
            SQL("NULL"),
            Appointment.person,
            Appointment.id,
            _NEVER,
            Delegation.id,
        )
        .join_from(Delegation, Section)
        .join_from(Delegation, Appointment, on=(Delegation.appointment == Appointment.id))
        .join_from(Delegation, given_for, on=(Delegation.head == given_for.id))
        .where(
            (Section.municipality == municipality_id)
            & on_day(Delegation, day)
            & Delegation.ended_at.is_null()
            & on_day(Appointment, day)
            & given_by_head(given_for, day)
        )
    )


def given_by_head(given_for: Any, day: Any) -> Any:
    """Return the condition that a ``Delegation`` is that of who heads its section on ``day``.

    ``given_for`` is the alias of ``Appointment`` that is joined as its ``head``.
    """
    present = Appointment.alias()
    heads_now = (
        Headship.select(SQL("1"))
        .join(present, on=(Headship.appointment == present.id))
        .where(
            (Headship.section == Delegation.section)
            & on_day(Headship, day)
            & (present.person == given_for.person)
        )
    )
    return fn.EXISTS(heads_now)


def _stand_ins(municipality_id: Any, day: Any, absent: Callable[[Any], Any]) -> Any:
    post = Appointment.alias()
    of_absent_head = (
        Headship.select(SQL("1"))
        .join(post, on=(Headship.appointment == post.id))
        .where(
            (Headship.section == Appointment.section) & on_day(Headship, day) & absent(post.person)
        )
    )
    return Appointment.select(
        Appointment.section,
        SQL(str(_STAND_IN)),
        SQL("NULL"),
        Appointment.person,
        Appointment.id,
        _NEVER,
        Appointment.stand_in_order,
    ).where(
        (Appointment.municipality == municipality_id)
        & (Appointment.stand_in_order > 0)
        & on_day(Appointment, day)
        & fn.EXISTS(of_absent_head)
        & ~absent(Appointment.person)
    )


def answering_section(
    tree: Mapping[int, SectionHead], section_id: int, asking_person_id: int | None
) -> int | None:
    """Return the nearest section, from ``section_id`` upwards, whose head is somebody else.

    With ``asking_person_id`` ``None`` the answer is that for an ordinary member. A head's own
    request goes to the next superior (ledger rule L9). ``None`` where the line ends.
    """
    here: int | None = section_id
    while here is not None and here in tree:
        if tree[here].head_person_id not in (None, asking_person_id):
            return here
        here = tree[here].parent_id
    return None


def answering_person(
    tree: Mapping[int, SectionHead], section_id: int, asking_person_id: int | None
) -> int | None:
    """Return the head who answers for a person of a section, whether present or not."""
    found = answering_section(tree, section_id, asking_person_id)
    return None if found is None else tree[found].head_person_id


def answerers(
    tree: Mapping[int, SectionHead], section_id: int, asking_person_id: int | None
) -> tuple[Answerer, ...]:
    """Return everybody who may answer for a person of a section, the head first.

    Beside the head these are the head's delegates and, while the head is absent, the first in post
    order. Never the person who asks. Nobody where no head is found.
    """
    found = answering_section(tree, section_id, asking_person_id)
    if found is None:
        return ()
    here = tree[found]
    head = here.head_person_id
    others = (asking_person_id, head)
    deputies = [one for one in here.delegates if one.person_id not in others]
    deputies += [one for one in here.stand_ins if one.person_id not in others][:1]
    posts = {one.person_id: one.appointment_id for one in reversed(deputies)}
    own = here.head_appointment_id
    return (
        *((Answerer(head, None, own),) if head is not None else ()),
        *(
            Answerer(person, own, posts[person])
            for person in dict.fromkeys(one.person_id for one in deputies)
        ),
    )
