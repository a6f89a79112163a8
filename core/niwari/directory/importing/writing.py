"""Writing a plan: set by set, never row by row."""

from collections.abc import Mapping, Sequence
from typing import Any

from niwari.db.sets import chunks, next_ids, put_rows
from niwari.directory.codes import reference
from niwari.directory.importing.lines import SectionKey
from niwari.directory.importing.plan import PeoplePlan
from niwari.directory.importing.posts import Post
from niwari.directory.importing.section_duties import write_duties
from niwari.directory.importing.stored import Stored
from niwari.directory.models import (
    FIRST_DAY,
    Appointment,
    Clerk,
    Headship,
    Municipality,
    Person,
    Section,
)
from niwari.directory.search.folding import text_of
from niwari.directory.search.indexing import write_texts
from niwari.directory.timelines import load_timelines, write_timelines


def write_plan(plan: PeoplePlan, stored: Stored) -> None:
    """Write what the plan says, in the transaction of the import; ``stored`` learns the new ids."""
    _write_municipalities(plan, stored)
    _write_sections(plan, stored)
    _write_people(plan.people, stored)
    _write_posts(plan.posts, stored)
    _write_texts(plan, stored)
    _write_heads(plan, stored)
    _write_clerks(plan.clerks, stored)
    write_duties(plan.duties, stored.municipalities, stored.sections)


def _write_municipalities(plan: PeoplePlan, stored: Stored) -> None:
    new = sorted({line.municipality for line in plan.lines} - stored.municipalities.keys())
    rows = []
    for code in new:
        known = reference()[code]
        rows.append((code, known.name, known.kana, known.kind))
    fields = [Municipality.code, Municipality.name, Municipality.kana, Municipality.kind]
    made = put_rows(
        Municipality,
        [*fields, Municipality.revision],
        [(*row, 1) for row in rows],
        returning=[Municipality.code, Municipality.id],
    )
    stored.municipalities |= dict(made)


def _write_sections(plan: PeoplePlan, stored: Stored) -> None:
    missing = {line.section_key for line in plan.lines} - stored.sections.keys()
    wanted = {key for section in missing for key in _with_ancestors(section)}
    new = sorted(wanted - stored.sections.keys())
    codes = {row_id: code for code, row_id in stored.municipalities.items()}
    fields = [
        Section.municipality,
        Section.parent,
        Section.name,
        Section.path,
        Section.starts_on,
    ]
    first_days = stored.paths.first_days
    # A section's row names its parent's, so the upper ones come first.
    for depth in sorted({path.count("/") for _, path in new}):
        rows = []
        for code, path in new:
            if path.count("/") == depth:
                above, _, name = path.rpartition("/")
                parent = stored.sections[code, above] if above else None
                first = first_days.get((code, path), FIRST_DAY)
                rows.append((stored.municipalities[code], parent, name, path, first))
        for town, path, row_id in put_rows(
            Section, fields, rows, returning=[Section.municipality, Section.path, Section.id]
        ):
            stored.sections[codes[town], path] = row_id
    if new and stored.paths.has_versions:
        # What is new below a section that was or will be renamed goes along with it.
        write_timelines(load_timelines({stored.municipalities[code] for code, _ in new}))


def _with_ancestors(section: SectionKey) -> list[SectionKey]:
    code, path = section
    names = path.split("/")
    return [(code, "/".join(names[: count + 1])) for count in range(len(names))]


def _write_people(people: Mapping[str, tuple[str, str, str]], stored: Stored) -> None:
    fields = [Person.login, Person.name, Person.kana, Person.email]
    rows = ((login, *person) for login, person in people.items())
    made = put_rows(Person, fields, rows, key=[Person.login], returning=[Person.login, Person.id])
    stored.person_ids |= dict(made)


def _write_posts(posts: Sequence[Post], stored: Stored) -> None:
    fields = [
        Appointment.id,
        Appointment.person,
        Appointment.municipality,
        Appointment.section,
        Appointment.employment,
        Appointment.starts_on,
        Appointment.ends_on,
        Appointment.is_main,
        Appointment.title,
        Appointment.stand_in_order,
    ]
    people, towns, sections = stored.person_ids, stored.municipalities, stored.sections

    def values(post: Post) -> tuple[Any, ...]:
        return (
            post.id,
            people[post.login],
            towns[post.section[0]],
            sections[post.section],
            post.employment,
            post.start,
            post.end,
            post.is_main,
            post.title,
            post.stand_in,
        )

    new = [post for post in posts if post.is_new]
    for post, row_id in zip(new, next_ids(Appointment, len(new)), strict=True):
        post.id = row_id
    put_rows(Appointment, fields, map(values, new))
    changed = (values(post) for post in posts if not post.is_new)
    put_rows(Appointment, fields, changed, key=[Appointment.id])
    for chunk in chunks(post.id for post in posts if post.is_longer):
        # Its former end may have been announced; the new one is yet to be.
        Appointment.update(end_said_at=None).where(Appointment.id.in_(chunk)).execute()


def _write_texts(plan: PeoplePlan, stored: Stored) -> None:
    people, known = plan.people, stored.people
    entries = {}
    for post in plan.planned:
        login = post.login
        if post.is_new or login in people:
            name, kana, _ = people.get(login) or known[login]
            key = stored.municipalities[post.section[0]], stored.person_ids[login]
            entries[key] = text_of(name, kana)
    write_texts((*key, text) for key, text in entries.items())


def _write_heads(plan: PeoplePlan, stored: Stored) -> None:
    fields = [Headship.section, Headship.appointment, Headship.starts_on, Headship.ends_on]
    rows = [
        (row.id, stored.sections[row.section], row.post.id, row.start, row.end)
        for row in plan.heads
    ]
    put_rows(Headship, fields, (row[1:] for row in rows if row[0] is None))
    changed = (row for row in rows if row[0] is not None)
    put_rows(Headship, [Headship.id, *fields], changed, key=[Headship.id])


def _write_clerks(posts: Sequence[Post], stored: Stored) -> None:
    fields = [Clerk.section, Clerk.appointment, Clerk.starts_on]
    put_rows(Clerk, fields, ((stored.sections[p.section], p.id, p.start) for p in posts))
