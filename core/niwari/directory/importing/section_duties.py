"""What the sections of a file do: its column ``duties``."""

from collections.abc import Iterable, Mapping, Sequence

from niwari.db import rows
from niwari.db.sets import chunks
from niwari.directory.duties.models import SectionDuty
from niwari.directory.importing.lines import PersonLine, SectionKey

Duties = Mapping[SectionKey, frozenset[str]]


def load_duties(
    lines: Iterable[PersonLine], sections: Mapping[SectionKey, int]
) -> dict[SectionKey, frozenset[str]]:
    """Return the duties that the directory holds of the sections of which lines say any."""
    keys = {line.section_key for line in lines if line.duties} & sections.keys()
    by_id = {sections[key]: key for key in keys}
    found: dict[SectionKey, set[str]] = {key: set() for key in keys}
    for chunk in chunks(sorted(by_id)):
        query = SectionDuty.select(SectionDuty.section, SectionDuty.duty)
        for section_id, code in rows(query.where(SectionDuty.section.in_(chunk))):
            found[by_id[section_id]].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def plan_duties(
    lines: Sequence[PersonLine], stored: Duties
) -> tuple[dict[SectionKey, frozenset[str]], set[int]]:
    """Return the duties of the sections where they change, and the lines that bring one.

    A section does what its lines say together; that replaces what it did before. Where no line says
    anything, it stays. The line of a section whose duties are only fewer is its first that says any.
    """
    said: dict[SectionKey, list[PersonLine]] = {}
    for line in lines:
        if line.duties:
            said.setdefault(line.section_key, []).append(line)
    changed: dict[SectionKey, frozenset[str]] = {}
    bringing: set[int] = set()
    for key, own in said.items():
        before = stored.get(key, frozenset())
        after = frozenset().union(*(line.duties for line in own))
        if after != before:
            changed[key] = after
            bringing |= {line.number for line in own if line.duties - before} or {own[0].number}
    return changed, bringing


def write_duties(
    changed: Duties, municipalities: Mapping[str, int], sections: Mapping[SectionKey, int]
) -> None:
    """Let the sections do exactly this, in the transaction of the import."""
    for chunk in chunks(sorted(sections[key] for key in changed)):
        SectionDuty.delete().where(SectionDuty.section.in_(chunk)).execute()
    new = [
        (municipalities[key[0]], sections[key], code)
        for key, codes in changed.items()
        for code in sorted(codes)
    ]
    fields = [SectionDuty.municipality, SectionDuty.section, SectionDuty.duty]
    for some in chunks(new):
        SectionDuty.insert_many(some, fields).execute()
