"""What handover keeps of a person or a municipality: handed out, and erased."""

from collections.abc import Iterator
from typing import Any

from niwari.api import Appointment, Label, Receipt, Record, Section, Subject, name_readers
from niwari_handover.models import (
    Duty,
    Handing,
    Holder,
    Item,
    Message,
    Notebook,
    SectionChoice,
    Version,
)
from niwari_handover.service.duties import content_of

REMAINS = Label(
    "引継ぎノートの文章、履歴、質問と答えは、担当の記録として残ります。だれが書いたかは消しました。",
    "Texts, history, questions and answers of notebooks remain as the post's; who wrote them is erased.",
)

_POSTS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("notebook", Notebook, (Notebook.opened_by,)),
    ("holder", Holder, (Holder.appointment,)),
    ("version", Version, (Version.author,)),
    (
        "handing",
        Handing,
        (
            Handing.predecessor,
            Handing.successor,
            Handing.named_by,
            Handing.approved_by,
            Handing.approved_for,
        ),
    ),
    ("item", Item, (Item.done_by,)),
    ("message", Message, (Message.author,)),
    ("section_choice", SectionChoice, (SectionChoice.chosen_by,)),
)


def records(subject: Subject) -> Iterator[Record]:
    """Yield what ``subject`` wrote, held and confirmed, the oldest first of each kind."""
    for kind, model, columns in _POSTS:
        for row in _of(subject, model, columns).order_by(model.id).iterator():
            yield Record(f"handover.{kind}", row.id, _told(row))
    for duty in _duties(subject).order_by(Duty.id).iterator():
        yield Record("handover.duty", duty.id, _told(duty))


def erase(subject: Subject) -> Receipt:
    """Forget who wrote, held and confirmed; a municipality's own notebooks are removed.

    In the caller's transaction.
    """
    if subject.person_id is None:
        own = Notebook.municipality == subject.municipality_id
        ids = Notebook.select(Notebook.id).where(own)
        for model, column in ((Duty, Duty.notebook), (Notebook, Notebook.id)):
            name_readers(model, [row.id for row in model.select(model.id).where(column.in_(ids))])
        gone = sum(model.select().where(model.notebook.in_(ids)).count() for model in _BELOW)
        for model, above in ((Version, Duty), (Item, Handing)):
            key = model.duty if model is Version else model.handing
            mine = above.select(above.id).where(above.notebook.in_(ids))
            gone += model.select().where(key.in_(mine)).count()
        gone += Notebook.delete().where(own).execute()
        sections = _sections(subject)
        gone += SectionChoice.delete().where(SectionChoice.section.in_(sections)).execute()
        return Receipt(erased=gone)
    kept = {("duty", duty.id) for duty in _duties(subject)}
    posts = _posts(subject)
    for kind, model, columns in _POSTS:
        for row in _of(subject, model, columns):
            kept.add((kind, row.id))
        for column in columns:
            model.update(**{column.name: None}).where(column.in_(posts)).execute()
    return Receipt(kept=len(kept), reason=REMAINS) if kept else Receipt()


_BELOW: tuple[Any, ...] = (Holder, Duty, Handing, Message)


def _duties(subject: Subject) -> Any:
    """Return the duties of which ``subject`` saved a version."""
    saved = Version.select(Version.duty).where(Version.author.in_(_posts(subject)))
    return Duty.select().where(Duty.id.in_(saved))


def _sections(subject: Subject) -> Any:
    return Section.select(Section.id).where(Section.municipality == subject.municipality_id)


def _posts(subject: Subject) -> Any:
    query = Appointment.select(Appointment.id)
    if subject.person_id is not None:
        query = query.where(Appointment.person == subject.person_id)
    if subject.municipality_id is not None:
        query = query.where(Appointment.municipality == subject.municipality_id)
    return query


def _of(subject: Subject, model: Any, columns: tuple[Any, ...]) -> Any:
    posts = _posts(subject)
    mine = columns[0].in_(posts)
    for column in columns[1:]:
        mine |= column.in_(posts)
    return model.select().where(mine)


def _told(row: Any) -> dict[str, Any]:
    """Return what a row says as plain values, with the posts by their ids."""
    data: dict[str, Any] = {}
    for name, value in row.__data__.items():
        if name in ("id", "form_key", "content"):
            continue
        data[name] = value.isoformat() if hasattr(value, "isoformat") else value
    if isinstance(row, Version):
        data["content"] = dict(content_of(row))
    return data
