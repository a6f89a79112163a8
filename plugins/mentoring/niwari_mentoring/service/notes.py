"""Notes of a pair, for the two alone: sealed in the table, read by nobody else in any role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from niwari.api import (
    Appointment,
    Context,
    NotFound,
    Person,
    SealError,
    StaleForm,
    audit,
    checked_key,
    checked_text,
    open_text,
    seal_text,
    transaction,
)
from niwari_mentoring.models import Note
from niwari_mentoring.service.pairs import held, held_active
from niwari_mentoring.texts import MESSAGE_LIMIT

KIND = "mentoring.note"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A note; ``text`` is ``None`` where the key that sealed it is lost, ``author`` empty if erased."""

    id: int
    text: str | None
    author: str
    mine: bool
    written_at: datetime


def write(ctx: Context, pair_id: int, *, text: str, form_key: str) -> int:
    """Write a note into an own pair that goes on; returns its id. Nobody is told.

    The same ``form_key`` again returns the first. Raises ``NotFound``, ``NotGoingOn``, ``StaleForm``,
    and what the texts refuse.
    """
    text = checked_text(text, "text", MESSAGE_LIMIT, required=True)
    key = checked_key(form_key)
    with transaction(ctx):
        pair = held_active(ctx, pair_id)
        if sent := Note.get_or_none(Note.form_key == key):
            if sent.pair_id != pair.id or sent.author_id != ctx.acting.id:
                raise StaleForm
            return int(sent.id)
        note = Note.create(
            pair=pair.id,
            author=ctx.acting.id,
            sealed=seal_text(KIND, pair.id, text),
            written_at=ctx.now,
            form_key=key,
        )
        audit(ctx, "mentoring.note", "mentoring.pair", pair.id)
    return int(note.id)


def remove(ctx: Context, pair_id: int, note_id: int) -> None:
    """Remove one of one's own notes, also after the pair has ended; raises ``NotFound``."""
    with transaction(ctx):
        pair = held(ctx, pair_id)
        here = (Note.id == note_id) & (Note.pair == pair.id)
        note = Note.get_or_none(here)
        if note is None or note.author is None or note.author.person_id != ctx.person_id:
            raise NotFound
        Note.delete().where(here).execute()
        audit(ctx, "mentoring.note.remove", "mentoring.pair", pair.id)


def notes_of(ctx: Context, pair_id: int, before: int = 0) -> tuple[Sequence[Shown], int | None]:
    """Return a page of the notes of a pair that the caller has read, the newest first; one query."""
    query = (
        Note.select(Note.id, Note.sealed, Person.id, Person.name, Note.written_at)
        .join_from(Note, Appointment, JOIN.LEFT_OUTER)
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .where(Note.pair == pair_id)
        .order_by(Note.id.desc())
        .limit(PAGE + 1)
        .tuples()
    )
    if before:
        query = query.where(Note.id < before)
    found = [
        Shown(id_, opened(pair_id, sealed), name or "", person == ctx.person_id, written_at)
        for id_, sealed, person, name, written_at in query
    ]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def opened(pair_id: Any, sealed: str) -> str | None:
    """Return the words of a note, ``None`` where the key that sealed them is lost."""
    try:
        return open_text(KIND, pair_id, sealed)
    except SealError:
        return None
