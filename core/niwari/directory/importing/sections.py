"""Importing sections.csv: new sections, renames, moves and ends, from a day on."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import chain

from niwari.audit import service as audit
from niwari.clock import ONE_DAY
from niwari.context import Context, MunicipalityRef
from niwari.directory.cells import municipality_of
from niwari.directory.importing.columns import SECTIONS, needed
from niwari.directory.importing.lines import section_of
from niwari.directory.importing.planned import Change, Outcome, Plan, carry_out
from niwari.directory.importing.section_checks import check_ends, check_paths
from niwari.directory.importing.stored import lock_towns
from niwari.directory.importing.towns import refuse_other_towns
from niwari.directory.registered import refuse_unregistered
from niwari.directory.timelines import Step, Timeline, load_timelines, write_timelines
from niwari.errors import N_
from niwari.tabular import Refusals, Row, good_lines, optional_day_of

COLUMNS = needed(SECTIONS)
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

    Raises ``ImportRefused`` with all bad lines, and has then written nothing: a municipality that is
    not registered, a section or one above that is not there, one below itself, two of one path, an
    end before the people or the sections below have left.
    """
    plan = carry_out(ctx, plan_sections, data, dry_run=dry_run)
    counts = plan.counts
    return SectionReport(counts["added"], counts["changed"], counts["ended"], plan.unchanged)


def plan_sections(ctx: Context, data: bytes, town: MunicipalityRef | None = None) -> Plan:
    """Plan what ``import_sections`` does; with ``town`` lines of others are refused (a ``Planner``).

    A line that both moves and ends a section is a change of it.
    """
    refusals = Refusals()
    lines = good_lines(data, COLUMNS, _line, refusals)
    refuse_other_towns(((line.number, line.municipality) for line in lines), town, refusals)
    towns = _towns(lines, refusals)
    timelines = load_timelines(towns.values())
    by_town: dict[int, list[Timeline]] = defaultdict(list)
    for timeline in timelines:
        by_town[timeline.municipality_id].append(timeline)
    changes: dict[str, list[Change]] = {code: [] for code in towns}
    touched: dict[Timeline, SectionLine] = {}
    unchanged = 0
    for line in sorted(lines, key=_order):
        if line.municipality in towns:
            town_id = towns[line.municipality]
            made, change = _apply(line, town_id, by_town[town_id], touched, refusals)
            by_town[town_id] += made
            timelines += made
            if change is None:
                unchanged += 1
            else:
                changes[line.municipality].append(change)
    check_paths(timelines, {one: line.number for one, line in touched.items()}, refusals)
    check_ends(timelines, {one: line.number for one, line in touched.items()}, refusals)
    refusals.raise_if_any()
    return Plan(
        sorted(chain.from_iterable(changes.values()), key=lambda change: change.line),
        unchanged,
        lambda: _write(ctx, timelines, towns, changes, sha256(data).hexdigest()),
    )


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
    towns = lock_towns(line.municipality for line in lines)
    refuse_unregistered(
        ((line.number, "municipality", line.municipality) for line in lines), towns, refusals
    )
    return towns


def _apply(
    line: SectionLine,
    municipality_id: int,
    here: Sequence[Timeline],
    touched: dict[Timeline, SectionLine],
    refusals: Refusals,
) -> tuple[list[Timeline], Change | None]:
    """Let a line be true; returns the section that it makes, if any, and what it changes."""
    section = _named(line, here)
    if line.path and section is None:
        refusals.add(
            line.number,
            "path",
            N_("%(path)sという所属は、その日にありません。"),
            path=line.path,
        )
        return [], None
    outcome: Outcome | None = None
    if line.new_path and line.since:
        placed = _placed(line, line.since, section, municipality_id, here, refusals)
        if placed is None:
            return [], None
        section, outcome = placed
    former_end = section.ends_on if section is not None else None
    if section is not None and line.ends is not None and former_end != line.ends:
        section.ends_on = line.ends
        outcome = outcome or "ended"
    if section is None or outcome is None:
        return [], None
    touched[section] = line
    return [section] if outcome == "added" else [], _change(line, outcome, former_end)


def _placed(
    line: SectionLine,
    since: date,
    section: Timeline | None,
    municipality_id: int,
    here: Sequence[Timeline],
    refusals: Refusals,
) -> tuple[Timeline, Outcome | None] | None:
    """Make the line's section or put it where ``new_path`` is; ``None`` where that is refused."""
    above, _, name = line.new_path.rpartition("/")
    parent = _at(here, above, since)
    if above and parent is None:
        refusals.add(
            line.number,
            "new_path",
            N_("%(path)sという所属は、その日にありません。"),
            path=above,
        )
        return None
    if section is None:
        known = _at(here, line.new_path, since)
        if known is not None:
            return known, None
        return Timeline(municipality_id, since, None, [Step(since, parent, name)]), "added"
    if _would_turn_round(section, parent, since, here):
        refusals.add(
            line.number, "new_path", N_("所属を、その下にある所属の中へ移すことはできません。")
        )
        return None
    return section, "changed" if section.place(since, parent, name) else None


def _change(line: SectionLine, outcome: Outcome, former_end: date | None) -> Change:
    before: list[tuple[str, str]] = []
    after: list[tuple[str, str]] = []
    if outcome == "changed":
        before.append(("path", line.path))
    if outcome != "ended" and line.since is not None:
        after += [("path", line.new_path), ("since", line.since.isoformat())]
    if line.ends is not None and line.ends != former_end:
        if outcome != "added":
            before.append(("ends", former_end.isoformat() if former_end else "-"))
        after.append(("ends", line.ends.isoformat()))
    subject = f"{line.municipality} {line.path or line.new_path}"
    return Change(line.number, outcome, subject, tuple(before), tuple(after))


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
    changes: Mapping[str, Sequence[Change]],
    digest: str,
) -> None:
    write_timelines(timelines)
    counts = {
        towns[code]: Counter(change.outcome for change in found)
        for code, found in sorted(changes.items())
        if found
    }
    audit.record_each(
        ctx,
        "directory.sections",
        "municipality",
        (
            (
                town,
                town,
                {
                    "file": digest,
                    "created": found["added"],
                    "moved": found["changed"],
                    "ended": found["ended"],
                },
            )
            for town, found in counts.items()
        ),
    )
