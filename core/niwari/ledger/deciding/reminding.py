"""Reminders of what nobody answered (rule L20): to the heads, then to those who stand in.

At most once each, and nothing is ever agreed to by waiting. Oral OKs that nobody confirmed, and
standing agreements that wait, are reminded of in the same way.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

from niwari.clock import TOKYO
from niwari.context import Context
from niwari.dates.working_days import working_days_after
from niwari.db import locked, rows, transaction
from niwari.directory.answering import SectionHead, answerers, answering_section
from niwari.directory.every import municipality_ids
from niwari.directory.models import Appointment, on_day
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.ledger.deciding.approvers import tree_now
from niwari.ledger.deciding.unconfirmed import waits
from niwari.ledger.models import Request, Standing, State
from niwari.ledger.telling import tell_late
from niwari.ledger.ways import is_no_way

HEADS_AFTER, DEPUTIES_AFTER = 2, 5
"""Working days without an answer, after which heads, and then deputies, are reminded."""

_BATCH = 500
_KINDS: tuple[Any, ...] = (Request, Standing)
_Posts = tuple[int, ...]


def remind_due(now: datetime) -> int:
    """Remind in every municipality of what has waited; returns how many requests were reminded of.

    Those who answer are told once after two working days, those who stand in once after five: one
    notice each, with the number. A run that was cut off goes on where it stopped.
    """
    found = 0
    for municipality_id in municipality_ids():
        while number := _remind(now, municipality_id):
            found += number
    return found


def _remind(now: datetime, municipality_id: int) -> int:
    """Remind of one batch of a municipality, in one transaction."""
    system = system_context(now, "ledger")
    # Most towns have nothing that is late, most of the time: they cost a query of each kind.
    if not any(rows(_late(system, municipality_id, kind).limit(1)) for kind in _KINDS):
        return 0
    with transaction(system):
        late = {
            kind: list(rows(locked(_late(system, municipality_id, kind).limit(_BATCH), of=kind)))
            for kind in _KINDS
        }
        if not any(late.values()):
            return 0
        town = municipality_ref(municipality_id, system.today)
        ctx = system_context(now, "ledger", town)
        for stage, days in ((0, HEADS_AFTER), (1, DEPUTIES_AFTER)):
            due = {kind: [one for one in found if one[3] == stage] for kind, found in late.items()}
            _tell(ctx, chain(*due.values()), stage, days)
            for kind, found in due.items():
                ids = [one[0] for one in found]
                if ids:
                    kind.update(reminded=stage + 1).where(kind.id.in_(ids)).execute()
    return sum(len(found) for found in late.values())


def _late(ctx: Context, municipality_id: int, kind: Any) -> Any:
    """Return the query for what has waited too long: id, person, section, and whom we reminded.

    ``kind`` is ``Request`` or ``Standing``.
    """
    day = ctx.today
    after = [
        (kind.reminded == stage) & (kind.requested_at < _before(day, days))
        for stage, days in ((0, HEADS_AFTER), (1, DEPUTIES_AFTER))
    ]
    unanswered = kind.state == State.REQUESTED
    late = unanswered & is_no_way() | waits() if kind is Request else unanswered
    return (
        kind.select(kind.id, kind.person, kind.section, kind.reminded)
        .where((kind.municipality == municipality_id) & late & (after[0] | after[1]))
        .order_by(kind.id)
    )


def _before(today: date, days: int) -> datetime:
    """Return the instant before which something was put that has waited for ``days`` working days."""
    day = today
    while working_days_after(day, days) > today:
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), TOKYO).astimezone(UTC)


def _tell(ctx: Context, late: Iterable[tuple[Any, ...]], stage: int, days: int) -> None:
    """Tell each group of posts once, with the number of what waits for it."""
    late = list(late)
    if not late:
        return
    tree = tree_now(ctx)
    sections = _sections_of(ctx, {person for _, person, _, _ in late})
    deputies = _deputies(ctx) if stage else {}
    waiting: Counter[_Posts] = Counter()
    for _id, person, section, _reminded in late:
        here = sections.get(person, section)
        posts = (
            _standing_in(tree, deputies, here, person) if stage else _answering(tree, here, person)
        )
        waiting[posts] += 1
    for posts, count in sorted(waiting.items()):
        if posts:
            tell_late(ctx, posts, stage == 1, days=days, count=count)


def _answering(tree: Mapping[int, SectionHead], section: int, person: int) -> _Posts:
    found = answerers(tree, section, person)
    return tuple(sorted(one.appointment_id for one in found if one.appointment_id is not None))


def _standing_in(
    tree: Mapping[int, SectionHead],
    deputies: Mapping[int, list[tuple[int, int]]],
    section: int,
    person: int,
) -> _Posts:
    """Return those who stand in for the head: delegates, and the first in post order who does not ask."""
    found = answering_section(tree, section, person)
    if found is None:
        return ()
    others = (person, tree[found].head_person_id)
    posts = {one.appointment_id for one in tree[found].delegates if one.person_id not in others}
    ranked = [post for who, post in deputies.get(found, ()) if who not in others]
    return tuple(sorted(posts | set(ranked[:1])))


def _sections_of(ctx: Context, people: set[int]) -> dict[int, int]:
    """Return the section in which each of ``people`` acts today: after a transfer the new head answers."""
    posts = rows(
        Appointment.select(Appointment.person, Appointment.section)
        .where(
            Appointment.person.in_(people)
            & (Appointment.municipality == ctx.municipality.id)
            & on_day(Appointment, ctx.today)
        )
        # The main one last, so that it stays.
        .order_by(Appointment.is_main, Appointment.starts_on, Appointment.id.desc())
    )
    return dict(posts)


def _deputies(ctx: Context) -> dict[int, list[tuple[int, int]]]:
    """Return by section who ranks there for standing in, as (person, post), in post order."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for section, person, post in rows(
        Appointment.select(Appointment.section, Appointment.person, Appointment.id)
        .where(
            (Appointment.municipality == ctx.municipality.id)
            & (Appointment.stand_in_order > 0)
            & on_day(Appointment, ctx.today)
        )
        .order_by(Appointment.stand_in_order, Appointment.id)
    ):
        found[section].append((person, post))
    return found
