"""Rows that are for named people alone: who they are, beside the row's audience.

Who named them is the plugin that owns the rows; ``visible`` asks here, so that pages, files, the
search and calendars agree.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import SQL, BooleanField, CharField, ForeignKeyField, IntegerField, fn

from niwari.context import Context
from niwari.db import Model, database
from niwari.db.sets import chunks
from niwari.directory.answering import given_by_head
from niwari.directory.models import Appointment, Delegation, Headship, Person, Section, on_day
from niwari.host.checks.data import KIND, LONGEST_KIND
from niwari.host.codes import is_of


class NamedReader(Model):
    """Who sees a row whose audience is ``people``: a person, or who answers in a section.

    With ``is_whole`` everybody of the section does.
    """

    kind: Any = CharField(max_length=LONGEST_KIND)
    row_id: Any = IntegerField()
    person: Any = ForeignKeyField(Person, null=True, backref="+", index=False)
    section: Any = ForeignKeyField(Section, null=True, backref="+", index=False)
    is_whole: Any = BooleanField(default=False)

    class Meta:
        table_name = "directory_named_reader"
        indexes = (
            (("kind", "row_id"), False),
            (("person", "kind"), False),
            (("section", "kind"), False),
        )


def name_readers(
    model: Any,
    ids: Sequence[int],
    *,
    people: Iterable[int] = (),
    heads_of: Iterable[int] = (),
    members_of: Iterable[int] = (),
) -> None:
    """Let the rows ``ids`` of ``model`` be seen by these people and no others.

    For rows whose audience is ``PEOPLE`` or ``PEOPLE_OF_REGION``; ``model`` is that of a declared
    ``Resource``. ``people`` are ids of ``Person``; ``heads_of`` are sections in which who answers sees
    them: the head of the day, the head's delegates, and those who stand in by post order;
    ``members_of`` are sections of which everybody does. It replaces who was named before; nobody named
    means that nobody sees the rows. Of ``PEOPLE`` all are people of the owner municipality; of
    ``PEOPLE_OF_REGION`` they are ``people`` alone, in whichever municipality of the owner's region they
    act. In the caller's transaction.
    """
    if not database.in_transaction():
        raise RuntimeError("name_readers: call it inside the transaction that writes the rows")
    kind = getattr(model._meta, KIND)
    who: list[tuple[int | None, int | None, bool]] = []
    who += [(person, None, False) for person in sorted(set(people))]
    who += [(None, section, False) for section in sorted(set(heads_of))]
    who += [(None, section, True) for section in sorted(set(members_of))]
    fields = (
        NamedReader.kind,
        NamedReader.row_id,
        NamedReader.person,
        NamedReader.section,
        NamedReader.is_whole,
    )
    for some in chunks(list(ids)):
        here = (NamedReader.kind == kind) & NamedReader.row_id.in_(some)
        NamedReader.delete().where(here).execute()
        # The index keeps who finds a row: writing it anew has the row looked at again.
        model.update(audience=model.audience).where(model.id.in_(some)).execute()
    for rows in chunks((kind, row_id, *one) for row_id in ids for one in who):
        NamedReader.insert_many(rows, fields).execute()


def named_to(person: Any, section: Any, day: Any, model: Any) -> Any:
    """Return the condition that a row of ``model`` is named to ``person`` of ``section``, ids or columns.

    ``model`` is that of a resource, or one with the columns ``kind`` and ``row_id``.
    """
    return _named(
        model,
        (NamedReader.person == person)
        | (NamedReader.is_whole & (NamedReader.section == section))
        | answered_by(person, day, NamedReader.section),
    )


def named_as_person(person: Any, model: Any) -> Any:
    """Return the condition that a row of ``model`` is named to ``person`` by their id, as ``named_to``."""
    return _named(model, NamedReader.person == person)


def _named(model: Any, mine: Any) -> Any:
    kind = getattr(model._meta, KIND, "")
    row = model.id if kind else getattr(model, "row_id", None)
    if row is None:
        return SQL("(1 = 0)")
    here = (NamedReader.kind == (kind or model.kind)) & (NamedReader.row_id == row)
    return fn.EXISTS(NamedReader.select(SQL("1")).where(here & mine))


def answered_by(person: Any, day: Any, section: Any) -> Any:
    """Return the condition that ``person`` answers in ``section``: as head, delegate or stand-in.

    A delegate is that of the head of the day: a successor's are named anew. By post order also while
    the head is there: what is read beforehand helps whoever stands in.
    """
    head, delegate, given_for, member = (Appointment.alias() for _ in range(4))
    heads = (
        Headship.select(SQL("1"))
        .join(head, on=(Headship.appointment == head.id))
        .where(
            (Headship.section == section)
            & on_day(Headship, day)
            & (head.person == person)
            & on_day(head, day)
        )
    )
    delegates = (
        Delegation.select(SQL("1"))
        .join(delegate, on=(Delegation.appointment == delegate.id))
        .join_from(Delegation, given_for, on=(Delegation.head == given_for.id))
        .where(
            (Delegation.section == section)
            & on_day(Delegation, day)
            & Delegation.ended_at.is_null()
            & (delegate.person == person)
            & on_day(delegate, day)
            & given_by_head(given_for, day)
        )
    )
    stand_ins = member.select(SQL("1")).where(
        (member.section == section)
        & (member.stand_in_order > 0)
        & (member.person == person)
        & on_day(member, day)
    )
    return section.is_null(False) & (fn.EXISTS(heads) | fn.EXISTS(delegates) | fn.EXISTS(stand_ins))


def sections_answered(ctx: Context) -> Any:
    """Return the query of the sections of the own municipality in which the acting person answers."""
    return Section.select(Section.id).where(
        (Section.municipality == ctx.municipality.id)
        & answered_by(ctx.person_id, ctx.today, Section.id)
    )


def forget_readers_of(plugin: str) -> None:
    """Forget who was named for the rows of a plugin that are purged. In the caller's transaction."""
    NamedReader.delete().where(is_of(NamedReader.kind, plugin)).execute()
