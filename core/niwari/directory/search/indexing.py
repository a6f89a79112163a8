"""Keeping what people are found by in step with the directory."""

from collections.abc import Callable, Iterable
from typing import Any

from niwari.context import Context
from niwari.db import rows, transaction
from niwari.db.sets import put_rows
from niwari.directory.models import Appointment, Person
from niwari.directory.search.folding import text_of
from niwari.directory.search.models import PersonText

PORTION = 1_000


def write_texts(entries: Iterable[tuple[int, int, str]]) -> None:
    """Keep (municipality id, person id, text), in the caller's transaction.

    Whoever writes a person's name or post calls it in the same transaction.
    """
    fields = [PersonText.municipality, PersonText.person, PersonText.text]
    put_rows(PersonText, fields, entries, key=fields[:2])


def reindex(ctx: Context, progress: Callable[[int, int], Any] = lambda done, people: None) -> int:
    """Write anew what everybody is found by; returns how many people were gone through.

    In portions of ``PORTION`` people, each in a transaction of its own; ``progress`` is told how
    many are done, of how many. Running it again is harmless.
    """
    after, count, everybody = 0, 0, Person.select().count()
    while True:
        people = rows(
            Person.select(Person.id, Person.name, Person.kana)
            .where(Person.id > after)
            .order_by(Person.id)
            .limit(PORTION)
        )
        if not people:
            return count
        last = people[-1][0]
        texts = {person: text_of(name, kana) for person, name, kana in people}
        with transaction(ctx):
            posts: Any = (
                Appointment.select(Appointment.municipality, Appointment.person)
                .where((Appointment.person > after) & (Appointment.person <= last))
                .distinct()
            )
            write_texts((town, person, texts[person]) for town, person in rows(posts))
        after, count = last, count + len(people)
        progress(count, everybody)
