"""What the directory holds already of all that a file names: read once, in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from peewee import chunked

from niwari.db import locked
from niwari.directory.importing.heads import Head
from niwari.directory.importing.lines import PersonLine, SectionKey
from niwari.directory.importing.posts import Post
from niwari.directory.importing.section_duties import load_duties
from niwari.directory.models import Appointment, Headship, Municipality, Person, Section

CHUNK = 500
"""Values or rows in one query: eight columns of 500 rows are well below both engines' limits."""

T = TypeVar("T")


@dataclass(slots=True)
class Stored:
    """Ids by natural key, and the people, posts and heads that the import may touch.

    ``people`` are (name, kana, email) by login.
    """

    municipalities: dict[str, int] = field(default_factory=dict)
    sections: dict[SectionKey, int] = field(default_factory=dict)
    person_ids: dict[str, int] = field(default_factory=dict)
    people: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[SectionKey, list[Head]] = field(default_factory=lambda: defaultdict(list))
    duties: dict[SectionKey, frozenset[str]] = field(default_factory=dict)


def chunks(values: Iterable[T]) -> Iterator[Sequence[T]]:
    """Split values so that each part fits into one query."""
    return chunked(values, CHUNK)


def load_stored(lines: Sequence[PersonLine]) -> Stored:
    """Read what the directory holds of the lines, and lock their municipalities.

    Call it in the transaction of the import: a second import of the same towns waits for it.
    """
    stored = Stored()
    codes = sorted({line.municipality for line in lines})
    for chunk in chunks(codes):
        rows = Municipality.select().where(Municipality.code.in_(chunk)).order_by(Municipality.id)
        stored.municipalities |= {row.code: row.id for row in locked(rows)}
    _load_sections(stored)
    stored.duties = load_duties(lines, stored.sections)
    logins = {line.login for line in lines}
    _load_people(stored, logins | {line.head for line in lines if line.head}, Person.login)
    heads = _headships(stored, lines, logins)
    known = set(stored.person_ids.values())
    _load_people(stored, {row.appointment.person_id for row in heads} - known, Person.id)
    posts = _load_posts(stored)
    for row in heads:
        section = _section_key(stored, row.section, row.section.municipality)
        post = posts[row.appointment_id]
        stored.heads[section].append(
            Head(section, row.starts_on, row.ends_on, post, row.id, (post, row.ends_on))
        )
    return stored


def _load_sections(stored: Stored) -> None:
    codes = {row_id: code for code, row_id in stored.municipalities.items()}
    for chunk in chunks(codes):
        rows: Any = Section.select().where(Section.municipality.in_(chunk))
        for row in rows:
            stored.sections[codes[row.municipality_id], row.path] = row.id


def _load_people(stored: Stored, values: Collection[Any], column: Any) -> None:
    for chunk in chunks(sorted(values)):
        for row in Person.select().where(column.in_(chunk)):
            stored.person_ids[row.login] = row.id
            stored.people[row.login] = (row.name, row.kana, row.email)


def _headships(stored: Stored, lines: Sequence[PersonLine], logins: Collection[str]) -> list[Any]:
    """Return the headships of the sections that lines name a head for or whose head is in the file.

    With section, municipality and appointment.
    """
    keys = {line.section_key for line in lines if line.head}
    sections = {stored.sections[key] for key in keys if key in stored.sections}
    for chunk in chunks(sorted(stored.person_ids[n] for n in logins if n in stored.person_ids)):
        found: Any = Headship.select(Headship.section).join(Appointment)
        sections |= {row.section_id for row in found.where(Appointment.person.in_(chunk))}
    rows: list[Any] = []
    for chunk in chunks(sorted(sections)):
        # Not +=: Peewee would take the list for the left side of a UNION.
        rows.extend(
            Headship.select(Headship, Section, Municipality, Appointment)
            .join_from(Headship, Section)
            .join_from(Section, Municipality)
            .join_from(Headship, Appointment)
            .where(Headship.section.in_(chunk))
        )
    return rows


def _load_posts(stored: Stored) -> dict[int, Post]:
    """Read all posts of the people that are loaded; returns them by id."""
    logins = {row_id: login for login, row_id in stored.person_ids.items()}
    by_id: dict[int, Post] = {}
    for chunk in chunks(sorted(logins)):
        rows: Any = (
            Appointment.select(Appointment, Section, Municipality)
            .join_from(Appointment, Section)
            .join_from(Appointment, Municipality)
            .where(Appointment.person.in_(chunk))
            .order_by(Appointment.id)
        )
        for row in rows:
            post = Post(
                logins[row.person_id],
                _section_key(stored, row.section, row.municipality),
                row.employment,
                row.starts_on,
                row.ends_on,
                row.is_main,
                id=row.id,
                stored=(row.employment, row.ends_on, row.is_main),
            )
            by_id[row.id] = post
            stored.posts[post.login].append(post)
    return by_id


def _section_key(stored: Stored, section: Any, municipality: Any) -> SectionKey:
    """Name a section, and remember the ids: it may lie in a town that the file does not name."""
    stored.municipalities[municipality.code] = municipality.id
    stored.sections[municipality.code, section.path] = section.id
    return municipality.code, section.path
