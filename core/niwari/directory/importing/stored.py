"""What the directory holds already of all that a file names: read once, in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from niwari.db import locked, rows
from niwari.db.sets import chunks, rows_where
from niwari.directory.importing.heads import Head
from niwari.directory.importing.lines import PersonLine, SectionKey
from niwari.directory.importing.paths import Paths, resolved
from niwari.directory.importing.posts import Post
from niwari.directory.importing.section_duties import load_duties
from niwari.directory.models import (
    Appointment,
    Clerk,
    Headship,
    Municipality,
    Person,
    Section,
    SectionVersion,
)
from niwari.tabular import Refusals


@dataclass(slots=True)
class Stored:
    """Ids by natural key, and the people, posts and heads that the import may touch.

    ``people`` are (name, kana, email) by login. ``clerks`` are the ids of the posts that were ever
    named clerks, also of those who are none any more.
    """

    municipalities: dict[str, int] = field(default_factory=dict)
    sections: dict[SectionKey, int] = field(default_factory=dict)
    person_ids: dict[str, int] = field(default_factory=dict)
    people: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[SectionKey, list[Head]] = field(default_factory=lambda: defaultdict(list))
    clerks: set[int] = field(default_factory=set)
    paths: Paths = field(default_factory=Paths)
    duties: dict[SectionKey, frozenset[str]] = field(default_factory=dict)


def lock_towns(codes: Iterable[str]) -> dict[str, int]:
    """Lock the municipalities of a file: a second import of the same towns waits for the first.

    Returns the ids of those that are registered, in the order of their codes, in which all who lock
    several do so.
    """
    registered: dict[str, int] = {}
    for chunk in chunks(sorted(set(codes))):
        wanted: Any = Municipality.select(Municipality.code, Municipality.id)
        here = wanted.where(Municipality.code.in_(chunk)).order_by(Municipality.code)
        registered |= dict(locked(here).tuples())
    return registered


def load_stored(
    lines: Sequence[PersonLine], today: date, refusals: Refusals
) -> tuple[Stored, list[PersonLine]]:
    """Read what the directory holds of the lines; their municipalities are locked before.

    Returns the lines too, with the keys of their sections, as of their days.
    """
    stored = Stored()
    codes = sorted({line.municipality for line in lines})
    columns = [Municipality.code, Municipality.id]
    stored.municipalities |= dict(rows_where(Municipality, columns, Municipality.code, codes))
    _load_sections(stored, stored.municipalities)
    lines = resolved(lines, stored.paths, today, refusals)
    stored.duties = load_duties(lines, stored.sections)
    logins = {line.login for line in lines}
    _load_people(stored, logins | {line.head for line in lines if line.head}, Person.login)
    heads = _headships(stored, lines, logins)
    known = set(stored.person_ids.values())
    _load_people(stored, {row[-1] for row in heads} - known, Person.id)
    held = _posts(stored)
    _load_other_towns(stored, {row[2] for row in held} | {row[1] for row in heads})
    posts = _load_posts(stored, held)
    if any(line.clerk for line in lines):
        for (named,) in rows_where(Clerk, [Clerk.appointment], Clerk.appointment, posts):
            stored.clerks.add(named)
    for row_id, section_id, appointment, start, end, _ in heads:
        section = stored.paths.keys[section_id]
        post = posts[appointment]
        stored.heads[section].append(Head(section, start, end, post, row_id, (post, end)))
    return stored, lines


def _load_sections(stored: Stored, towns: Mapping[str, int]) -> None:
    codes = {row_id: code for code, row_id in towns.items()}
    for chunk in chunks(codes):
        here = Section.municipality.in_(chunk)
        named: dict[int, list[tuple[date, str]]] = defaultdict(list)
        version: Any = SectionVersion.select(
            SectionVersion.section, SectionVersion.starts_on, SectionVersion.path
        ).join(Section, on=(SectionVersion.section == Section.id))
        for section_id, start, path in rows(version.where(here).order_by(SectionVersion.starts_on)):
            named[section_id].append((start, path))
        section: Any = Section.select(
            Section.id, Section.municipality, Section.path, Section.starts_on, Section.ends_on
        )
        for row_id, town, path, start, end in rows(section.where(here)):
            names = [(start, path), *named.get(row_id, ())]
            stored.sections[stored.paths.add(codes[town], row_id, names, end)] = row_id


def _load_other_towns(stored: Stored, sections: Collection[int]) -> None:
    """Read the sections of the municipalities that the file does not name, of its people's posts."""
    unknown = sorted(sections - stored.paths.keys.keys())
    for chunk in chunks(unknown):
        query: Any = (
            Section.select(Municipality.code, Municipality.id)
            .join(Municipality)
            .where(Section.id.in_(chunk))
            .distinct()
        )
        others = dict(rows(query))
        _load_sections(
            stored, {code: others[code] for code in others.keys() - stored.municipalities}
        )
        stored.municipalities |= others


def _load_people(stored: Stored, values: Collection[Any], column: Any) -> None:
    columns = [Person.id, Person.login, Person.name, Person.kana, Person.email]
    for row_id, login, *person in rows_where(Person, columns, column, sorted(values)):
        stored.person_ids[login] = row_id
        stored.people[login] = tuple(person)


def _headships(
    stored: Stored, lines: Sequence[PersonLine], logins: Collection[str]
) -> list[tuple[Any, ...]]:
    """Return the headships of the sections that lines name a head for or whose head is in the file.

    As id, section, appointment, first and last day, and the person.
    """
    keys = {line.section_key for line in lines if line.head}
    sections = {stored.sections[key] for key in keys if key in stored.sections}
    for chunk in chunks(sorted(stored.person_ids[n] for n in logins if n in stored.person_ids)):
        found: Any = Headship.select(Headship.section).join(Appointment)
        sections |= {row for (row,) in rows(found.where(Appointment.person.in_(chunk)))}
    heads: list[tuple[Any, ...]] = []
    for chunk in chunks(sorted(sections)):
        query: Any = Headship.select(
            Headship.id,
            Headship.section,
            Headship.appointment,
            Headship.starts_on,
            Headship.ends_on,
            Appointment.person,
        ).join(Appointment)
        heads += rows(query.where(Headship.section.in_(chunk)))
    return heads


def _posts(stored: Stored) -> list[tuple[Any, ...]]:
    """Return the rows of all posts of the people that are loaded."""
    held: list[tuple[Any, ...]] = []
    for chunk in chunks(sorted(stored.person_ids.values())):
        query: Any = Appointment.select(
            Appointment.id,
            Appointment.person,
            Appointment.section,
            Appointment.starts_on,
            Appointment.employment,
            Appointment.ends_on,
            Appointment.is_main,
            Appointment.title,
            Appointment.stand_in_order,
        )
        held += rows(query.where(Appointment.person.in_(chunk)).order_by(Appointment.id))
    return held


def _load_posts(stored: Stored, held: Iterable[tuple[Any, ...]]) -> dict[int, Post]:
    """Take in all posts of the people that are loaded; returns them by id."""
    logins = {row_id: login for login, row_id in stored.person_ids.items()}
    by_id: dict[int, Post] = {}
    for row_id, person, section_id, start, *values in held:
        employment, end, is_main, title, stand_in = values
        key = stored.paths.keys[section_id]
        post = Post(
            logins[person],
            key,
            employment,
            start,
            end,
            is_main,
            id=row_id,
            stored=(employment, end, is_main, title, stand_in),
            title=title,
            stand_in=stand_in,
            path=stored.paths.path_on(key, start),
        )
        by_id[row_id] = post
        stored.posts[post.login].append(post)
    return by_id
