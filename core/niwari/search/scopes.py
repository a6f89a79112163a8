"""Who may find an entry, as words of SQLite's index: so a small town's search reads no other's entries.

PostgreSQL asks the columns of the entry: a word that every entry has costs it as much as all of them.
"""

from collections.abc import Iterable
from typing import Any

from niwari.context import Context
from niwari.directory.audience import REGION, SECTION

# The colon before each keeps them apart from everything that people write.


def scopes_of(entry: Any) -> list[str]:
    """Return the words of an ``Entry``: one for each group of readers, and one for its municipality.

    Where nobody may see its place there is none for the municipality, so that no filter tells it.
    """
    town, kind = entry.municipality_id, entry.kind
    is_narrow = entry.audience == SECTION
    found = [_section(town, entry.section_id, kind) if is_narrow else _town(town, kind)]
    if entry.audience == REGION and entry.region_id is not None:
        found.append(_region(entry.region_id, kind))
    return found if entry.hides_place else [*found, owner_scope(town)]


def scopes_for(ctx: Context, kinds: Iterable[str]) -> list[str]:
    """Return the words of which an entry has one if the acting person may find it."""
    town, region = ctx.municipality.id, ctx.municipality.region_id
    found = []
    for kind in kinds:
        found.append(_town(town, kind))
        if ctx.appointment is not None:
            found.append(_section(town, ctx.appointment.section_id, kind))
        if region is not None:
            found.append(_region(region, kind))
    return found


def owner_scope(municipality_id: int) -> str:
    """Return the word that all entries of a municipality have that may be seen to be its own."""
    return f":o{municipality_id}"


def _town(municipality_id: int, kind: str) -> str:
    return f":t{municipality_id}:{kind}"


def _section(municipality_id: int, section_id: int, kind: str) -> str:
    return f":s{municipality_id}.{section_id}:{kind}"


def _region(region_id: int, kind: str) -> str:
    return f":r{region_id}:{kind}"
