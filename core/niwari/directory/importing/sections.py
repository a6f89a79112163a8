"""Importing sections.csv: new sections, renames, moves and ends, from a day on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.cells import municipality_of
from niwari.directory.importing.lines import section_of
from niwari.directory.importing.section_checks import check_ends, check_paths
from niwari.directory.importing.stored import chunks
from niwari.directory.models import Municipality
from niwari.directory.municipalities import refuse_former_codes
from niwari.directory.people import UnknownMunicipality
from niwari.directory.timelines import ONE_DAY, Step, Timeline, load_timelines, write_timelines
from niwari.errors import N_
from niwari.tabular import Refusals, Row, optional_day_of, read_table

COLUMNS = ("municipality", "path", "since", "new_path", "ends")
"""The columns of sections.csv."""


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One good line. Days are Tokyo days; ``since`` is the first of the new path, ``ends`` the last."""

    number: int
    municipality: str
    path: str
    since: date | None
    new_path: str
    ends: date | None


@dataclass(frozen=True, slots=True)
class SectionReport:
    """What an import did, or with ``dry_run`` would do, in lines of the file."""

    created: int = 0
    moved: int = 0
    ended: int = 0
    unchanged: int = 0


def import_sections(ctx: Context, data: bytes, *, dry_run: bool = False) -> SectionReport:
    """Import the bytes of sections.csv as a whole; with ``dry_run`` only say what would be done.

    A line with ``new_path`` renames or moves the section that has ``path`` on the day before
    ``since``; without ``path`` it makes a new one. What stands below goes along. Before ``since``
    nothing changes. A line with ``ends`` ends it after that day. Importing the same file again
    changes nothing. Each municipality where something changed gets an audit row.

    Raises ``ImportRefused`` with all bad lines, and has then written nothing: a section or one above
    that is not there, one below itself, two of one path, an end before the people or the sections
    below have left.
    """
    refusals = Refusals()
    lines = [line for row in read_table(data, COLUMNS, refusals) if (line := _line(row, refusals))]
    with transaction(ctx):
        towns = _towns(lines, refusals)
        timelines = load_timelines(towns.values())
        by_town: dict[str, Counter[str]] = {code: Counter() for code in towns}
        touched: dict[Timeline, SectionLine] = {}
        for line in sorted(lines, key=_order):
            if line.municipality in towns:
                here = [one for one in timelines if one.municipality_id == towns[line.municipality]]
                made, outcome = _apply(line, towns[line.municipality], here, touched, refusals)
                timelines += made
                by_town[line.municipality][outcome] += 1
        check_paths(timelines, {one: line.number for one, line in touched.items()}, refusals)
        check_ends(timelines, {one: line.number for one, line in touched.items()}, refusals)
        refusals.raise_if_any()
        if not dry_run:
            _write(ctx, timelines, towns, by_town, sha256(data).hexdigest())
    return SectionReport(**sum(by_town.values(), Counter()))


def _line(row: Row, refusals: Refusals) -> SectionLine | None:
    values = row.read(
        {
            "municipality": municipality_of,
            "path": _optional_path,
            "since": optional_day_of,
            "new_path": _optional_path,
            "ends": optional_day_of,
        },
        refusals,
    )
    if values is None:
        return None
    line = SectionLine(row.line, **values)
    if line.new_path and line.since is None:
        refusals.add(line.number, "since", N_("新しい名前の最初の日を書いてください。"))
    elif not line.new_path and (not line.path or line.ends is None):
        refusals.add(
            line.number, "", N_("所属と、新しい名前か最後の日のどちらかを書いてください。")
        )
    elif line.since and line.ends and line.ends < line.since:
        refusals.add(line.number, "ends", N_("終わりの日が始まりの日より前です。"))
    else:
        return line
    return None


def _optional_path(cell: str) -> str:
    return section_of(cell) if cell else ""


def _order(line: SectionLine) -> tuple[date, int]:
    # What is above is renamed first, so that what comes below it finds it by its new name.
    return line.since or line.ends or date.max, line.new_path.count("/")


def _towns(lines: Sequence[SectionLine], refusals: Refusals) -> dict[str, int]:
    towns: dict[str, int] = {}
    for chunk in chunks(sorted({line.municipality for line in lines})):
        rows = Municipality.select().where(Municipality.code.in_(chunk)).order_by(Municipality.id)
        towns |= {row.code: row.id for row in locked(rows)}
    former = refuse_former_codes(
        ((line.number, "municipality", line.municipality) for line in lines), refusals
    )
    for line in lines:
        if line.municipality not in towns and line.municipality not in former:
            refusals.add(
                line.number,
                "municipality",
                UnknownMunicipality.text,
                code=line.municipality,
            )
    return towns


def _apply(
    line: SectionLine,
    municipality_id: int,
    here: Sequence[Timeline],
    touched: dict[Timeline, SectionLine],
    refusals: Refusals,
) -> tuple[list[Timeline], str]:
    """Let a line be true; returns the section that it makes, if any, and what it came to."""
    section = _named(line, here)
    if line.path and section is None:
        refusals.add(
            line.number,
            "path",
            N_("%(path)sという所属は、その日にありません。"),
            path=line.path,
        )
        return [], "unchanged"
    outcome, made = "unchanged", []
    if line.new_path and line.since:
        above, _, name = line.new_path.rpartition("/")
        parent = _at(here, above, line.since)
        if above and parent is None:
            refusals.add(
                line.number,
                "new_path",
                N_("%(path)sという所属は、その日にありません。"),
                path=above,
            )
            return [], "unchanged"
        if section is None:
            section = _at(here, line.new_path, line.since)
            if section is None:
                step = Step(line.since, parent, name)
                section = Timeline(municipality_id, line.since, None, [step])
                outcome, made = "created", [section]
        elif _would_turn_round(section, parent, line.since, here):
            refusals.add(
                line.number, "new_path", N_("所属を、その下にある所属の中へ移すことはできません。")
            )
            return [], "unchanged"
        elif section.place(line.since, parent, name):
            outcome = "moved"
    if section is not None and line.ends is not None and section.ends_on != line.ends:
        section.ends_on = line.ends
        outcome = "ended" if outcome == "unchanged" else outcome
    if section is not None and outcome != "unchanged":
        touched[section] = line
    return made, outcome


def _named(line: SectionLine, here: Sequence[Timeline]) -> Timeline | None:
    if not line.path:
        return None
    day = line.since - ONE_DAY if line.since else line.ends
    return _at(here, line.path, day) if day else None


def _at(here: Sequence[Timeline], path: str, day: date) -> Timeline | None:
    return next((one for one in here if one.exists_on(day) and one.path_on(day) == path), None)


def _would_turn_round(
    section: Timeline, parent: Timeline | None, since: date, here: Sequence[Timeline]
) -> bool:
    """Tell whether ``section`` would stand below itself on some day from ``since`` on."""
    if parent is None:
        return False
    later = [step.start for step in section.steps if step.start > since]
    until = min(later, default=date.max)
    days = {
        since,
        *(step.start for one in here for step in one.steps if since < step.start < until),
    }
    return any(parent.is_below(section, day) for day in days)


def _write(
    ctx: Context,
    timelines: Sequence[Timeline],
    towns: dict[str, int],
    by_town: dict[str, Counter[str]],
    digest: str,
) -> None:
    write_timelines(timelines)
    for code, counts in sorted(by_town.items()):
        if sum(counts.values()) > counts["unchanged"]:
            audit.record(
                ctx,
                "directory.sections",
                "municipality",
                towns[code],
                municipality_id=towns[code],
                file=digest,
                created=counts["created"],
                moved=counts["moved"],
                ended=counts["ended"],
            )
