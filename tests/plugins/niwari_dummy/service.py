"""Writing, reading, answering and erasing notes."""

from collections.abc import Iterator
from typing import Any

from niwari.api import (
    Appointment,
    Attached,
    Context,
    DomainError,
    Municipality,
    NotFound,
    Receipt,
    Record,
    Ref,
    Subject,
    Uploads,
    active_now,
    attach,
    attachments,
    audit,
    is_held,
    notify,
    paused,
    publish,
    transaction,
    visible,
)
from niwari_dummy import inviting
from niwari_dummy.events import NoteWritten
from niwari_dummy.models import Note, Reply, Tally

PAGE = 20


class Paused(DomainError):
    """The note's municipality has the plugin off."""

    text = "この市町村では休止中です。"


def write(
    ctx: Context,
    *,
    title: str,
    body: str,
    audience: str,
    form_key: str,
    uploads: Uploads = Uploads(),  # noqa: B008 - nothing changes it
) -> int:
    """Write a note with its files; the same form sent again leads to the same note."""
    with transaction(ctx):
        known = Note.get_or_none((Note.form_key == form_key) & (Note.author == ctx.acting.id))
        if known is not None:
            return int(known.id)
        if not active_now(ctx, "dummy"):
            raise NotFound
        note = Note.create(
            **Note.owned_by(ctx),
            author=ctx.acting.id,
            title=title,
            body=body,
            audience=audience,
            written_at=ctx.now,
            form_key=form_key,
        )
        audit(ctx, "dummy.write", "dummy.note", note.id, audience=audience)
        attach(ctx, Ref("dummy.note", note.id), uploads)
        publish(ctx, NoteWritten(note.id))
        return int(note.id)


def files_of(ctx: Context, note_id: int) -> list[Attached]:
    """Return the files of a note that was read before."""
    ref = Ref("dummy.note", note_id)
    return attachments(ctx, [ref])[ref]


def notes(ctx: Context, *, before: int = 2**31 - 1) -> list[Note]:
    """Return the newest notes older than the one with the id ``before``, in one query."""
    query = Note.select().where(visible(ctx, Note) & (Note.id < before))
    return list(query.order_by(Note.id.desc()).limit(PAGE))


def note(ctx: Context, note_id: int) -> tuple[Note, bool, list[Reply]]:
    """Return a note, whether its municipality has the plugin off, and the replies."""
    found = (
        Note.select(Note, Municipality)
        .join(Municipality, on=(Note.municipality == Municipality.id))
        .where((Note.id == note_id) & visible(ctx, Note))
        .first()
    )
    if found is None:
        raise NotFound
    replies = (
        Reply.select(Reply, is_held(Reply).alias("is_held"))
        .where(Reply.note == note_id)
        .order_by(Reply.id)
        .limit(PAGE)
    )
    return found, paused(found), list(replies)


def reply(ctx: Context, note_id: int, *, body: str, form_key: str) -> None:
    """Say something to a note, once for each ``form_key``.

    Raises ``Paused`` where the note's municipality has the plugin off.
    """
    with transaction(ctx):
        found, is_paused, _replies = note(ctx, note_id)
        if is_paused:
            raise Paused
        if Reply.select().where(Reply.form_key == form_key).exists():
            return
        Reply.create(note=found.id, author=ctx.acting.id, body=body, form_key=form_key)
        audit(ctx, "dummy.reply", "dummy.note", found.id)
        count = Reply.select().where(Reply.note == note_id).count()
        notify(ctx, "dummy.answered", [found.author_id], Ref("dummy.note", found.id), count=count)


def count_one(ctx: Context, event: NoteWritten) -> None:
    """Add a note to the municipality's tally; called in the worker."""
    Tally.insert(municipality=ctx.municipality.id, notes=1).on_conflict(
        conflict_target=[Tally.municipality], update={Tally.notes: Tally.notes + 1}
    ).execute()


def greet(ctx: Context) -> None:
    """Note that the municipality was prepared once more."""
    Tally.insert(municipality=ctx.municipality.id, greeted=1).on_conflict(
        conflict_target=[Tally.municipality], update={Tally.greeted: Tally.greeted + 1}
    ).execute()


def records(subject: Subject) -> Iterator[Record]:
    """Yield what ``subject`` wrote."""
    for found in _of(subject, Note).order_by(Note.id).iterator():
        yield Record("dummy.note", found.id, {"title": found.title, "body": found.body})
    for found in _replies_of(subject).order_by(Reply.id).iterator():
        yield Record("dummy.reply", found.id, {"body": found.body})


def erase(subject: Subject) -> Receipt:
    """Remove what ``subject`` wrote, and the replies to it."""
    replies = [row.id for row in _replies_of(subject)]
    mine = [row.id for row in _of(subject, Note)]
    count = inviting.forget(subject, mine, None if subject.person_id is None else _posts(subject))
    count += Reply.delete().where(Reply.id.in_(replies) | Reply.note.in_(mine)).execute()
    return Receipt(erased=count + Note.delete().where(Note.id.in_(mine)).execute())


def _of(subject: Subject, model: Any) -> Any:
    found = model.select()
    if subject.person_id is not None:
        found = found.where(model.author.in_(_posts(subject)))
    if subject.municipality_id is not None:
        found = found.where(model.municipality == subject.municipality_id)
    return found


def _replies_of(subject: Subject) -> Any:
    if subject.person_id is not None:
        return Reply.select().where(Reply.author.in_(_posts(subject)))
    here = Appointment.select(Appointment.id).where(
        Appointment.municipality == subject.municipality_id
    )
    return Reply.select().where(Reply.author.in_(here))


def _posts(subject: Subject) -> Any:
    return Appointment.select(Appointment.id).where(Appointment.person == subject.person_id)


class Counting:
    """The service for other plugins."""

    def __init__(self, ctx: Context) -> None:
        """Act as ``ctx``."""
        self._ctx = ctx

    def count(self) -> int:
        """Return how many notes there are."""
        count: int = Note.select().where(Note.municipality == self._ctx.municipality.id).count()
        return count

    def fail(self) -> None:
        """Raise."""
        raise RuntimeError("the service fails on purpose")
