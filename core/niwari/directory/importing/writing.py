"""Writing a plan: set by set, never row by row."""

from collections.abc import Mapping, Sequence
from typing import Any

from niwari.directory.codes import reference
from niwari.directory.importing.lines import SectionKey
from niwari.directory.importing.plan import Plan
from niwari.directory.importing.posts import Post
from niwari.directory.importing.section_duties import write_duties
from niwari.directory.importing.stored import Stored, chunks
from niwari.directory.models import Appointment, Headship, Municipality, Person, Section


def write_plan(plan: Plan, stored: Stored) -> None:
    """Write what the plan says, in the transaction of the import; ``stored`` learns the new ids."""
    _write_municipalities(plan, stored)
    _write_sections(plan, stored)
    _write_people(plan.people, stored)
    _write_posts(plan.posts, stored)
    _write_heads(plan, stored)
    write_duties(plan.duties, stored.municipalities, stored.sections)


def _write_municipalities(plan: Plan, stored: Stored) -> None:
    new = sorted({line.municipality for line in plan.lines} - stored.municipalities.keys())
    rows = []
    for code in new:
        known = reference()[code]
        rows.append((code, known.name, known.kana, known.kind))
    fields = [Municipality.code, Municipality.name, Municipality.kana, Municipality.kind]
    for row in _inserted(Municipality, fields, rows):
        stored.municipalities[row.code] = row.id


def _write_sections(plan: Plan, stored: Stored) -> None:
    wanted = {key for line in plan.lines for key in _with_ancestors(line.section_key)}
    new = sorted(wanted - stored.sections.keys())
    codes = {row_id: code for code, row_id in stored.municipalities.items()}
    fields = [Section.municipality, Section.parent, Section.name, Section.path]
    # A section's row names its parent's, so the upper ones come first.
    for depth in sorted({path.count("/") for _, path in new}):
        rows = []
        for code, path in new:
            if path.count("/") == depth:
                above, _, name = path.rpartition("/")
                parent = stored.sections[code, above] if above else None
                rows.append((stored.municipalities[code], parent, name, path))
        for row in _inserted(Section, fields, rows):
            stored.sections[codes[row.municipality_id], row.path] = row.id


def _with_ancestors(section: SectionKey) -> list[SectionKey]:
    code, path = section
    names = path.split("/")
    return [(code, "/".join(names[: count + 1])) for count in range(len(names))]


def _write_people(people: Mapping[str, tuple[str, str, str]], stored: Stored) -> None:
    fields = [Person.login, Person.name, Person.kana, Person.email]
    rows = [(login, *person) for login, person in people.items()]
    for chunk in chunks(rows):
        query = Person.insert_many(chunk, fields).on_conflict(
            conflict_target=[Person.login], preserve=fields[1:]
        )
        for row in query.returning(Person.id, Person.login).execute():
            stored.person_ids[row.login] = row.id


def _write_posts(posts: Sequence[Post], stored: Stored) -> None:
    fields = [
        Appointment.person,
        Appointment.municipality,
        Appointment.section,
        Appointment.employment,
        Appointment.starts_on,
        Appointment.ends_on,
        Appointment.is_main,
    ]

    def values(post: Post) -> tuple[Any, ...]:
        return (
            stored.person_ids[post.login],
            stored.municipalities[post.section[0]],
            stored.sections[post.section],
            post.employment,
            post.start,
            post.end,
            post.is_main,
        )

    new = {values(post)[:5]: post for post in posts if post.is_new}
    rows = [values(post) for post in new.values()]
    for row in _inserted(Appointment, fields, rows):
        key = (
            row.person_id,
            row.municipality_id,
            row.section_id,
            row.employment,
            row.starts_on,
        )
        new[key].id = row.id
    changed = [(post.id, *values(post)) for post in posts if not post.is_new]
    _replace(Appointment, [Appointment.id, *fields], changed)


def _write_heads(plan: Plan, stored: Stored) -> None:
    fields = [Headship.section, Headship.appointment, Headship.starts_on, Headship.ends_on]
    rows = [
        (row.id, stored.sections[row.section], row.post.id, row.start, row.end)
        for row in plan.heads
    ]
    _inserted(Headship, fields, [row[1:] for row in rows if row[0] is None])
    _replace(Headship, [Headship.id, *fields], [row for row in rows if row[0] is not None])


def _inserted(model: Any, fields: Sequence[Any], rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Insert rows and return them with their ids."""
    inserted: list[Any] = []
    for chunk in chunks(rows):
        inserted.extend(model.insert_many(chunk, fields).returning(model.id, *fields).execute())
    return inserted


def _replace(model: Any, fields: Sequence[Any], rows: Sequence[tuple[Any, ...]]) -> None:
    """Give existing rows new values, by id, all of them in one statement a chunk."""
    for chunk in chunks(rows):
        model.insert_many(chunk, fields).on_conflict(
            conflict_target=[model.id], preserve=fields[1:]
        ).execute()
