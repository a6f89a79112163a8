"""Sections over time: how a rename or move above reaches all below, and what is stored of it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from niwari.clock import ONE_DAY
from niwari.db.sets import chunks
from niwari.directory.models import Section, SectionVersion


@dataclass(eq=False, slots=True)
class Step:
    """From ``start`` on a section stands below ``parent`` (``None``: at the top) as ``name``."""

    start: date
    parent: "Timeline | None"
    name: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of days, both included, on which a section has one path; ``end`` may be open."""

    start: date
    end: date | None
    parent: "Timeline | None"
    name: str
    path: str


@dataclass(eq=False, slots=True)
class Timeline:
    """A section's whole history and plan; ``id`` is ``None`` while it has no row.

    ``steps`` are in order, the first on the section's first day. ``stored`` and ``stored_end`` are
    what its rows say.
    """

    municipality_id: int
    starts_on: date
    ends_on: date | None
    steps: list[Step]
    id: int | None = None
    stored: list[tuple[Any, ...]] = field(default_factory=list)
    stored_end: date | None = None

    def step_on(self, day: date) -> Step:
        """Return the step that holds on ``day``, the first one before the first day."""
        index = bisect_right(self.steps, day, key=lambda step: step.start)
        return self.steps[max(index - 1, 0)]

    def exists_on(self, day: date) -> bool:
        """Tell whether the section is there on ``day``."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def path_on(self, day: date) -> str:
        """Return the path on ``day``."""
        step = self.step_on(day)
        return f"{step.parent.path_on(day)}/{step.name}" if step.parent else step.name

    def is_below(self, other: "Timeline", day: date) -> bool:
        """Tell whether it is ``other``, or stands below it, on ``day``."""
        here: Timeline | None = self
        while here is not None:
            if here is other:
                return True
            here = here.step_on(day).parent
        return False

    def place(self, start: date, parent: "Timeline | None", name: str) -> bool:
        """Let it stand below ``parent`` as ``name`` from ``start`` until its next step.

        Returns whether that was not so already.
        """
        present = self.step_on(start)
        if (present.parent, present.name) == (parent, name):
            return False
        if present.start == start:
            present.parent, present.name = parent, name
        else:
            self.steps.insert(self.steps.index(present) + 1, Step(start, parent, name))
        return True

    def segments(self) -> list[Segment]:
        """Return its paths over time; the last one is open, also where the section ends."""
        found: list[Segment] = []
        turns = sorted({self.starts_on, *(day for day in self._turns() if day > self.starts_on)})
        for start in turns:
            step, path = self.step_on(start), self.path_on(start)
            former = found[-1] if found else None
            if former and (former.parent, former.path) == (step.parent, path):
                continue
            if former:
                found[-1] = Segment(
                    former.start, start - ONE_DAY, former.parent, former.name, former.path
                )
            found.append(Segment(start, None, step.parent, step.name, path))
        return found

    def _turns(self) -> Iterator[date]:
        for step in self.steps:
            yield step.start
            if step.parent is not None:
                yield from step.parent._turns()


def load_timelines(municipality_ids: Iterable[int]) -> list[Timeline]:
    """Read the sections of municipalities with all their versions, in two queries each 500."""
    by_id: dict[int, Timeline] = {}
    rows: list[Any] = []
    for chunk in chunks(sorted(municipality_ids)):
        rows.extend(Section.select().where(Section.municipality.in_(chunk)).order_by(Section.id))
    for row in rows:
        by_id[row.id] = Timeline(
            row.municipality_id, row.starts_on, row.ends_on, [], row.id, stored_end=row.ends_on
        )
    for row in rows:
        _add(by_id, row.id, row)
    for chunk in chunks(sorted(by_id)):
        versions: Any = (
            SectionVersion.select()
            .where(SectionVersion.section.in_(chunk))
            .order_by(SectionVersion.section, SectionVersion.starts_on)
        )
        for row in versions:
            _add(by_id, row.section_id, row)
    return list(by_id.values())


def _add(by_id: dict[int, Timeline], section_id: int, row: Any) -> None:
    timeline = by_id[section_id]
    parent = by_id[row.parent_id] if row.parent_id else None
    timeline.stored.append((row.starts_on, row.parent_id, row.name, row.path))
    last = timeline.steps[-1] if timeline.steps else None
    # A version that only says that something above was renamed is found anew from above.
    if last is None or (last.parent, last.name) != (parent, row.name):
        timeline.steps.append(Step(row.starts_on, parent, row.name))


def write_timelines(timelines: Sequence[Timeline]) -> None:
    """Write what differs from the rows, in the caller's transaction; upper sections come first."""
    for timeline in sorted(timelines, key=lambda one: one.path_on(one.starts_on).count("/")):
        first = timeline.segments()[0]
        if timeline.id is None:
            timeline.id = Section.insert(
                municipality=timeline.municipality_id,
                starts_on=timeline.starts_on,
                ends_on=timeline.ends_on,
                **_columns(first),
            ).execute()
            timeline.stored, timeline.stored_end = [_as_stored(first)], timeline.ends_on
    for timeline in timelines:
        if timeline.ends_on != timeline.stored_end:
            Section.update(ends_on=timeline.ends_on).where(Section.id == timeline.id).execute()
            timeline.stored_end = timeline.ends_on
        segments = timeline.segments()
        wanted = [_as_stored(one) for one in segments]
        if wanted == timeline.stored:
            continue
        if wanted[0] != timeline.stored[0]:
            Section.update(**_columns(segments[0])).where(Section.id == timeline.id).execute()
        SectionVersion.delete().where(SectionVersion.section == timeline.id).execute()
        for one in segments[1:]:
            SectionVersion.insert(
                section=timeline.id, starts_on=one.start, ends_on=one.end, **_columns(one)
            ).execute()
        timeline.stored = wanted


def _columns(segment: Segment) -> dict[str, Any]:
    parent = segment.parent.id if segment.parent else None
    return {"parent": parent, "name": segment.name, "path": segment.path}


def _as_stored(segment: Segment) -> tuple[Any, ...]:
    columns = _columns(segment)
    return segment.start, columns["parent"], columns["name"], columns["path"]
