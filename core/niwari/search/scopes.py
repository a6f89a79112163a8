"""Who may find an entry, as words of SQLite's index: so a small town's search reads no other's entries.

PostgreSQL asks the columns of the entry: a word that every entry has costs it as much as all of them.
"""

from collections.abc import Iterable
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.directory.audience import PEOPLE, PEOPLE_OF_REGION, REGION, SECTION
from niwari.directory.readers import NamedReader

# The colon before each keeps them apart from everything that people write.


def scopes_of(entry: Any) -> list[str]:
    """Return the words of an ``Entry``: one for each group of readers, and one for its municipality.

    Where nobody may see its place there is none for the municipality, so that no filter tells it.
    """
    town, kind = entry.municipality_id, entry.kind
    if entry.audience == PEOPLE:
        found = _named(entry)
    elif entry.audience == PEOPLE_OF_REGION:
        found = _named_in_region(entry)
    elif entry.audience == SECTION:
        found = [_section(town, entry.section_id, kind)]
    else:
        found = [_town(town, kind)]
    if entry.audience == REGION and entry.region_id is not None:
        found.append(_region(entry.region_id, kind))
    return found if entry.hides_place else [*found, owner_scope(town)]


def scopes_for(ctx: Context, kinds: Iterable[str]) -> list[str]:
    """Return the words of which an entry has one if the acting person may find it.

    Beside these ``headed_scope`` for each section in which the person answers.
    """
    town, region = ctx.municipality.id, ctx.municipality.region_id
    found = []
    for kind in kinds:
        found.append(_town(town, kind))
        if ctx.appointment is not None:
            found.append(_section(town, ctx.appointment.section_id, kind))
            found.append(_person(town, ctx.person_id, kind))
        if region is not None:
            found.append(_region(region, kind))
            if ctx.appointment is not None:
                found.append(_person_of_region(region, ctx.person_id, kind))
    return found


def headed_scope(municipality_id: int, section_id: int | str, kind: str) -> str:
    """Return the word of an entry that is named to who answers in a section."""
    return f":h{municipality_id}.{section_id}:{kind}"


def owner_scope(municipality_id: int) -> str:
    """Return the word that all entries of a municipality have that may be seen to be its own."""
    return f":o{municipality_id}"


def _town(municipality_id: int, kind: str) -> str:
    return f":t{municipality_id}:{kind}"


def _section(municipality_id: int, section_id: int, kind: str) -> str:
    return f":s{municipality_id}.{section_id}:{kind}"


def _region(region_id: int, kind: str) -> str:
    return f":r{region_id}:{kind}"


def _named(entry: Any) -> list[str]:
    """Return the words of those who are named for an entry; one query, in the worker."""
    town, kind = entry.municipality_id, entry.kind
    columns = (NamedReader.person, NamedReader.section, NamedReader.is_whole)
    query = NamedReader.select(*columns).where(
        (NamedReader.kind == kind) & (NamedReader.row_id == entry.row_id)
    )
    found = []
    for person, section, is_whole in rows(query):
        if person is not None:
            found.append(_person(town, person, kind))
        else:
            found.append((_section if is_whole else headed_scope)(town, section, kind))
    return found


def _named_in_region(entry: Any) -> list[str]:
    """Return the words of the people who are named for an entry, in the owner's town and its region."""
    query = NamedReader.select(NamedReader.person).where(
        (NamedReader.kind == entry.kind)
        & (NamedReader.row_id == entry.row_id)
        & NamedReader.person.is_null(False)
    )
    found = []
    for (person,) in rows(query):
        found.append(_person(entry.municipality_id, person, entry.kind))
        if entry.region_id is not None:
            found.append(_person_of_region(entry.region_id, person, entry.kind))
    return found


def _person_of_region(region_id: int, person_id: int, kind: str) -> str:
    return f":q{region_id}.{person_id}:{kind}"


def _person(municipality_id: int, person_id: int, kind: str) -> str:
    return f":p{municipality_id}.{person_id}:{kind}"
