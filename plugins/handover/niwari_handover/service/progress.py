"""A handing over to read: who, when, the checklist, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN

from niwari.api import Appointment, Context, Person, answering_now
from niwari_handover.models import Handing, Item
from niwari_handover.service.sight import NAME_ANY, Seen, decides, get_seen


@dataclass(frozen=True, slots=True)
class Progress:
    """What goes on with a post; ``handing`` is ``None`` where nothing is known.

    Names are empty where they were erased. ``may_name``, ``may_confirm``, ``may_approve``, ``may_work``
    and ``may_end`` are the acting person's, at this moment.
    """

    notebook: Seen
    handing: Any
    predecessor: str
    successor: str
    approved_by: str
    items: Sequence[Any]
    may_name: bool = False
    may_confirm: bool = False
    may_approve: bool = False
    may_work: bool = False
    may_end: bool = False

    @property
    def done(self) -> int:
        """How many lines of the checklist are done."""
        return sum(1 for item in self.items if item.done_at is not None)


def get_progress(ctx: Context, notebook_id: int) -> Progress:
    """Return what goes on with a notebook's post; five queries at the most. Raises ``NotFound``."""
    notebook = get_seen(ctx, notebook_id, with_holders=False)
    handing = _latest(notebook.id)
    may_arrange = (
        ctx.may(NAME_ANY)
        or notebook.holds
        or (notebook.answers and decides(ctx, notebook.section_id))
    )
    if handing is None:
        return Progress(notebook, None, "", "", "", (), may_name=may_arrange)
    items = list(Item.select().where(Item.handing == handing.id).order_by(Item.due_on, Item.id))
    own = ctx.person_id
    parties = (handing.predecessor_person, handing.successor_person)
    waits = handing.confirmed_at is not None and handing.approved_at is None
    superior = waits and own != handing.predecessor_person
    return Progress(
        notebook,
        handing,
        handing.predecessor_name or "",
        handing.successor_name or "",
        handing.approver_name or "",
        items,
        may_name=handing.begun_at is not None and may_arrange,
        may_confirm=handing.confirmed_at is None and own == handing.successor_person,
        may_approve=superior and own in _superiors(ctx, notebook, handing),
        may_work=notebook.holds or own in parties,
        may_end=handing.begun_at is None and handing.approved_at is None and may_arrange,
    )


def _latest(notebook_id: int) -> Any:
    before, after, superior = (Appointment.alias() for _ in range(3))
    names = [Person.alias() for _ in range(3)]
    query = Handing.select(
        Handing,
        before.person.alias("predecessor_person"),
        after.person.alias("successor_person"),
        names[0].name.alias("predecessor_name"),
        names[1].name.alias("successor_name"),
        names[2].name.alias("approver_name"),
    )
    columns = (Handing.predecessor, Handing.successor, Handing.approved_by)
    for column, post, person in zip(columns, (before, after, superior), names, strict=True):
        query = query.join_from(Handing, post, JOIN.LEFT_OUTER, on=(column == post.id))
        query = query.join_from(post, person, JOIN.LEFT_OUTER, on=(post.person == person.id))
    query = query.where((Handing.notebook == notebook_id) & Handing.is_open())
    return query.order_by(Handing.id.desc()).objects().first()


def _superiors(ctx: Context, notebook: Seen, handing: Any) -> set[int]:
    found = answering_now(ctx, notebook.section_id, handing.successor_person)
    return {one.person_id for one in found}


def days_left(handing: Any, today: date) -> int:
    """Return the days until the day of the handover; 0 on it and after."""
    return max((handing.starts_on - today).days, 0)
