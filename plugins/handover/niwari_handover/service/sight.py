"""Who sees a notebook, and who may do what with it: the one place that knows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import Case

from niwari.api import (
    Appointment,
    Context,
    NotFound,
    Person,
    Section,
    active_now,
    answered_by,
    answering_now,
    locked,
    name_readers,
    section_name,
    visible,
)
from niwari_handover.errors import NotHead, NotWriter
from niwari_handover.models import Duty, Handing, Holder, Notebook, SectionChoice

PLUGIN = "handover"
NAME_ANY = "handover.name"
"""The permission of HR: names successors for any post, and reads no notebook."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A notebook as the acting person sees it.

    ``holds``: the person has the post. ``answers``: is head of the section, or stands in; by post order
    also while the head is there, when they may not decide. ``succeeds`` and ``preceded``: is the named
    successor, or the predecessor in the first year. ``holders`` are names, none where the post has nobody.
    """

    id: int
    post: str
    section_id: int
    section: str
    holders: tuple[str, ...]
    holds: bool
    answers: bool
    succeeds: bool
    preceded: bool


def holding(day: Any) -> Any:
    """Return the condition that a ``Holder`` holds on ``day``, in a post of that day."""
    return (
        Holder.ends_on.is_null()
        & (Appointment.starts_on <= day)
        & (Appointment.ends_on.is_null() | (Appointment.ends_on >= day))
    )


def holds(ctx: Context, notebook: Any = Notebook.id) -> Any:
    """Return the condition that the acting person holds a notebook's post."""
    own = Holder.select(Holder.notebook).join(Appointment)
    return notebook.in_(own.where((Appointment.person == ctx.person_id) & holding(ctx.today)))


def named_as(ctx: Context, column: Any, *more: Any) -> Any:
    """Return the condition that the acting person is ``column`` of an open handing of a notebook."""
    query = Handing.select(Handing.notebook).join(Appointment, on=(column == Appointment.id))
    own = query.where(Handing.is_open() & (Appointment.person == ctx.person_id), *more)
    return Notebook.id.in_(own)


def seen_notebooks(ctx: Context) -> Any:
    """Return the query of the notebooks that the acting person sees, for ``seen``; one row each."""
    return (
        Notebook.select(
            Notebook.id,
            Notebook.post,
            Notebook.section,
            section_name(ctx.today),
            _flag(holds(ctx)),
            _flag(answered_by(ctx.person_id, ctx.today, Notebook.section)),
            _flag(named_as(ctx, Handing.successor, Handing.begun_at.is_null())),
            _flag(named_as(ctx, Handing.predecessor, Handing.help_until >= ctx.today)),
        )
        .join_from(Notebook, Section)
        .where(visible(ctx, Notebook))
        .tuples()
    )


def _flag(condition: Any) -> Any:
    return Case(None, [(condition, 1)], 0)


def seen(row: tuple[Any, ...], holders: Mapping[int, list[str]]) -> Seen:
    """Return one row of ``seen_notebooks``, with what ``holders_of`` found."""
    id_, post, section_id, section, *flags = row
    names = tuple(holders.get(id_, ()))
    return Seen(id_, post, section_id, section, names, *(bool(one) for one in flags))


def holders_of(ctx: Context, ids: list[int]) -> Mapping[int, list[str]]:
    """Return the names of who holds each of the notebooks ``ids``; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    query = (
        Holder.select(Holder.notebook, Person.name)
        .join(Appointment)
        .join(Person)
        .where(Holder.notebook.in_(ids) & holding(ctx.today))
        .order_by(Holder.id)
    )
    for notebook, name in query.tuples():
        found[notebook].append(name)
    return found


def get_seen(ctx: Context, notebook_id: int, *, with_holders: bool = True) -> Seen:
    """Return a notebook; raises ``NotFound`` where the acting person does not see it.

    Two queries, one without the names of its holders.
    """
    row = seen_notebooks(ctx).where(Notebook.id == notebook_id).first()
    if row is None:
        raise NotFound
    return seen(row, holders_of(ctx, [row[0]]) if with_holders else {})


def held_to_write(ctx: Context, notebook_id: int) -> Any:
    """Return a notebook, locked until the transaction ends, for one of its holders to write in.

    Raises ``NotFound`` where the acting person does not see it, or the plugin was switched off, and
    ``NotWriter``.
    """
    notebook = held(ctx, notebook_id)
    if not Notebook.select().where((Notebook.id == notebook.id) & holds(ctx)).exists():
        raise NotWriter
    return notebook


def held_to_decide(ctx: Context, notebook_id: int) -> Any:
    """Return a notebook, locked, for who answers for its section; raises ``NotFound``, ``NotHead``."""
    notebook = held(ctx, notebook_id)
    if not decides(ctx, notebook.section_id):
        raise NotHead
    return notebook


def decides(ctx: Context, section_id: int) -> bool:
    """Tell whether the acting person answers for a section at this moment; one query.

    By post order one reads at any time, and decides only while the head is away.
    """
    return any(one.person_id == ctx.person_id for one in answering_now(ctx, section_id))


def held(ctx: Context, notebook_id: int) -> Any:
    """Return a notebook that the acting person sees, locked; raises ``NotFound``."""
    query = Notebook.select().where((Notebook.id == notebook_id) & visible(ctx, Notebook))
    notebook = locked(query).first()
    if notebook is None or not active_now(ctx, PLUGIN):
        raise NotFound
    return notebook


def held_handing(ctx: Context, notebook_id: int) -> tuple[Any, Any]:
    """Return a notebook that the acting person sees, locked, and its latest handing over.

    Raises ``NotFound``, also where none goes on.
    """
    notebook = held(ctx, notebook_id)
    handing = latest(notebook.id)
    if handing is None:
        raise NotFound
    return notebook, handing


def latest(notebook_id: int) -> Any:
    """Return the latest handing over that was not called off, ``None`` where there is none."""
    query = Handing.select().where((Handing.notebook == notebook_id) & Handing.is_open())
    return query.order_by(Handing.id.desc()).first()


def name_again(ctx: Context, notebook: Any) -> None:
    """Say anew who sees a notebook and its duties, in the caller's transaction.

    Its holders, a named successor, the predecessor in the first year, who answers for the section,
    and everybody of the section where its head chose so. A duty that was taken out is its holders'.
    """
    holders = [
        row.person_id
        for row in Appointment.select(Appointment.person)
        .join(Holder, on=(Holder.appointment == Appointment.id))
        .where((Holder.notebook == notebook.id) & Holder.ends_on.is_null())
    ]
    people = list(holders)
    for handing in Handing.select().where((Handing.notebook == notebook.id) & Handing.is_open()):
        people += _of_handing(ctx, handing)
    # Locked: what a head chooses meanwhile comes before us, or after us and names this one again.
    chosen = locked(
        SectionChoice.select().where(SectionChoice.section == notebook.section_id)
    ).first()
    members = [notebook.section_id] if chosen is not None and chosen.members_read else []
    here, gone = _duties(notebook.id)
    for model, ids in ((Notebook, [notebook.id]), (Duty, here)):
        name_readers(model, ids, people=people, heads_of=[notebook.section_id], members_of=members)
    name_readers(Duty, gone, people=holders)


def _duties(notebook_id: int) -> tuple[list[int], list[int]]:
    """Return the ids of a notebook's duties: those in it, and those that were taken out."""
    here: list[int] = []
    gone: list[int] = []
    query = Duty.select(Duty.id, Duty.removed_at).where(Duty.notebook == notebook_id)
    for one in query.order_by(Duty.id):
        (here if one.removed_at is None else gone).append(one.id)
    return here, gone


def _of_handing(ctx: Context, handing: Any) -> Iterable[int]:
    if handing.successor_id is not None and handing.begun_at is None:
        yield handing.successor.person_id
    if handing.predecessor_id is not None and handing.help_until >= ctx.today:
        yield handing.predecessor.person_id


def superiors(ctx: Context, notebook: Any, person_id: int | None = None) -> list[int]:
    """Return the posts of who answers now in the section of a notebook, for ``person_id`` if given."""
    found = answering_now(ctx, notebook.section_id, person_id)
    return [one.appointment_id for one in found if one.appointment_id is not None]


def posts_holding(ctx: Context, notebook_id: int) -> list[int]:
    """Return the posts in which people hold the post of a notebook today."""
    query = Holder.select(Holder.appointment).join(Appointment)
    here = (Holder.notebook == notebook_id) & holding(ctx.today)
    return [row.appointment_id for row in query.where(here)]
