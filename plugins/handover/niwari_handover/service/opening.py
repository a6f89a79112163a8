"""Opening notebooks, saying who holds a post, and whether a section reads along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Case

from niwari.api import (
    PEOPLE,
    Appointment,
    Context,
    NotFound,
    Person,
    StaleForm,
    active_now,
    audit,
    checked_key,
    checked_line,
    hold_self,
    locked,
    transaction,
)
from niwari_handover.errors import NoSuchPerson, SamePerson, SeveralPeople
from niwari_handover.models import Holder, Notebook, SectionChoice
from niwari_handover.service.sight import (
    PLUGIN,
    Seen,
    decides,
    get_seen,
    held_to_decide,
    holding,
    name_again,
)
from niwari_handover.texts import POST_LIMIT

MOST_HOLDERS = 50


def open_notebook(ctx: Context, *, post: str, form_key: str) -> int:
    """Open the notebook of a post of the own section, which the acting person holds; returns its id.

    The same ``form_key`` again returns the first. Raises ``Blank``, ``TooLong``, ``Illegible`` and
    ``StaleForm``.
    """
    post = checked_line(post, "post", POST_LIMIT, required=True)
    key = checked_key(form_key)
    with transaction(ctx):
        hold_self(ctx)
        sent = Notebook.get_or_none(Notebook.form_key == key)
        if sent is not None:
            if sent.opened_by_id != ctx.acting.id:
                raise StaleForm
            return int(sent.id)
        if not active_now(ctx, PLUGIN):
            raise NotFound
        notebook = Notebook.create(
            **Notebook.owned_by(ctx),
            audience=PEOPLE,
            post=post,
            opened_by=ctx.acting.id,
            opened_at=ctx.now,
            form_key=key,
        )
        Holder.create(notebook=notebook.id, appointment=ctx.acting.id, starts_on=ctx.today)
        name_again(ctx, notebook)
        audit(ctx, "handover.open", "handover.notebook", notebook.id)
    return int(notebook.id)


def post_of(ctx: Context, who: str) -> Any:
    """Return the post of today, in the own municipality, of the person with this login or name.

    The main post first. Raises ``NoSuchPerson``, and ``SeveralPeople`` where the login has to tell them
    apart.
    """
    who = " ".join(who.split())
    query = (
        Appointment.select(Appointment, Person)
        .join(Person)
        .where(
            (Appointment.municipality == ctx.municipality.id)
            & (Appointment.starts_on <= ctx.today)
            & (Appointment.ends_on.is_null() | (Appointment.ends_on >= ctx.today))
            & ((Person.login == who) | (Person.name == who))
        )
        .order_by(Appointment.is_main.desc(), Appointment.id)
        .limit(20)
    )
    found = list(query)
    if not found:
        raise NoSuchPerson(login=who)
    if len({one.person_id for one in found}) > 1:
        raise SeveralPeople(name=who)
    return found[0]


def add_holder(ctx: Context, notebook_id: int, who: str) -> None:
    """Let somebody hold the post too, as who answers for the section decides.

    Also for a post that nobody holds. Raises ``NotFound``, ``NotHead``, ``NoSuchPerson``,
    ``SeveralPeople`` and ``SamePerson``.
    """
    with transaction(ctx):
        notebook = held_to_decide(ctx, notebook_id)
        post = post_of(ctx, who)
        if _holders(ctx, notebook.id).where(Appointment.person == post.person_id).exists():
            raise SamePerson(name=post.person.name)
        Holder.create(notebook=notebook.id, appointment=post.id, starts_on=ctx.today)
        name_again(ctx, notebook)
        audit(ctx, "handover.hold", "handover.notebook", notebook.id, appointment=post.id)


def end_holder(ctx: Context, holder_id: int) -> int:
    """Take the post from one of its holders; returns the notebook's id. Again changes nothing.

    Raises ``NotFound`` and ``NotHead``.
    """
    with transaction(ctx):
        row = Holder.get_or_none(Holder.id == holder_id)
        if row is None:
            raise NotFound
        notebook = held_to_decide(ctx, row.notebook_id)
        row = Holder.get_by_id(holder_id)
        if row.ends_on is not None:
            return int(notebook.id)
        Holder.update(ends_on=ctx.today).where(Holder.id == row.id).execute()
        name_again(ctx, notebook)
        audit(ctx, "handover.release", "handover.notebook", notebook.id, holder=row.id)
        return int(notebook.id)


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a post, or held it: ``name`` is empty where it was erased.

    ``holds``: on this day, in a post of today.
    """

    id: int
    name: str
    starts_on: date
    ends_on: date | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds and held the post of a notebook, and whether its section reads along.

    ``may_decide`` is the acting person's, at this moment.
    """

    notebook: Seen
    rows: Sequence[Held]
    members_read: bool
    may_decide: bool

    @property
    def is_held(self) -> bool:
        """Whether somebody holds the post today."""
        return any(one.holds for one in self.rows)


def get_holders(ctx: Context, notebook_id: int) -> Holders:
    """Return who holds a post, those of today first; four queries at the most. Raises ``NotFound``."""
    notebook = get_seen(ctx, notebook_id, with_holders=False)
    today = Case(None, [(holding(ctx.today), 1)], 0)
    query = (
        Holder.select(Holder, Person.name.alias("name"), today.alias("holds"))
        .join(Appointment, JOIN.LEFT_OUTER)
        .join(Person, JOIN.LEFT_OUTER)
        .where(Holder.notebook == notebook.id)
        .order_by(today.desc(), Holder.id.desc())
        .limit(MOST_HOLDERS)
    )
    rows = [
        Held(one.id, one.name or "", one.starts_on, one.ends_on, bool(one.holds))
        for one in query.objects()
    ]
    chosen = SectionChoice.get_or_none(SectionChoice.section == notebook.section_id)
    may_decide = notebook.answers and decides(ctx, notebook.section_id)
    return Holders(notebook, rows, chosen is not None and chosen.members_read, may_decide)


def choose_reading(ctx: Context, notebook_id: int, *, members_read: bool) -> None:
    """Say whether everybody of a notebook's section reads all notebooks of it.

    Who answers for the section decides. Raises ``NotFound`` and ``NotHead``.
    """
    with transaction(ctx):
        section = Notebook.select(Notebook.section).where(Notebook.id == notebook_id)
        every = Notebook.select().where(Notebook.section.in_(section)).order_by(Notebook.id)
        locked(every).execute()  # all in one order: two that choose never wait for each other
        section_id = held_to_decide(ctx, notebook_id).section_id
        values = {
            "members_read": members_read,
            "chosen_by": ctx.acting.id,
            "chosen_at": ctx.now,
        }
        SectionChoice.insert(section=section_id, **values).on_conflict(
            conflict_target=[SectionChoice.section], update=values
        ).execute()
        for notebook in locked(every.clone()):  # with those that were opened until now
            name_again(ctx, notebook)
        audit(ctx, "handover.reading", "section", section_id, members_read=members_read)


def _holders(ctx: Context, notebook_id: int) -> Any:
    return (
        Holder.select(Holder)
        .join(Appointment)
        .where((Holder.notebook == notebook_id) & holding(ctx.today))
    )
