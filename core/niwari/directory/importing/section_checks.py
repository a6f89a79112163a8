"""What must hold of all sections of a file together, once every line is true."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from niwari.clock import ONE_DAY
from niwari.db import rows
from niwari.db.sets import chunks
from niwari.directory.importing.lines import LONGEST_PATH
from niwari.directory.models import Appointment
from niwari.directory.timelines import Segment, Timeline
from niwari.errors import N_
from niwari.tabular import Refusals


def check_paths(
    timelines: Sequence[Timeline], touched: Mapping[Timeline, int], refusals: Refusals
) -> None:
    """Refuse the lines by which a path gets too long, or two sections have one on one day."""
    by_path: dict[tuple[int, str], list[tuple[Timeline, Segment]]] = defaultdict(list)
    for timeline in timelines:
        for segment in timeline.segments():
            by_path[timeline.municipality_id, segment.path].append((timeline, segment))
            if len(segment.path) > LONGEST_PATH and timeline.stored:
                _refuse(timeline, segment.start, touched, refusals, _TOO_LONG)
    for found in by_path.values():
        for index, (one, first) in enumerate(found):
            for other, second in found[index + 1 :]:
                if one is not other and _meet(one, first, other, second):
                    changed = one if _line_of(one, second.start, touched) else other
                    _refuse(changed, second.start, touched, refusals, _TWICE, path=first.path)


_TOO_LONG = N_("長すぎます。下の所属まで含めて400文字までにしてください。")
_TWICE = N_("%(path)sという所属が、同じ日に二つになります。どちらかの名前か日を変えてください。")


def _meet(one: Timeline, first: Segment, other: Timeline, second: Segment) -> bool:
    def last(timeline: Timeline, segment: Segment) -> date:
        return min(segment.end or date.max, timeline.ends_on or date.max)

    return first.start <= last(other, second) and second.start <= last(one, first)


def _refuse(
    timeline: Timeline,
    day: date,
    touched: Mapping[Timeline, int],
    refusals: Refusals,
    text: str,
    **params: Any,
) -> None:
    refusals.add(_line_of(timeline, day, touched) or 1, "new_path", text, **params)


def _line_of(timeline: Timeline, day: date, touched: Mapping[Timeline, int]) -> int:
    """Return the line that changed a section, or the nearest one above it; 0 where none did."""
    here: Timeline | None = timeline
    while here is not None:
        if here in touched:
            return touched[here]
        here = here.step_on(day).parent
    return 0


def check_ends(
    timelines: Sequence[Timeline], touched: Mapping[Timeline, int], refusals: Refusals
) -> None:
    """Refuse the ends of sections in which people or sections would be left."""
    ending = {one: line for one, line in touched.items() if one.ends_on is not None}
    staying = _staying([one for one in ending if one.id is not None])
    below = _below(timelines)
    for timeline, line in ending.items():
        if timeline.ends_on is None or timeline.ends_on < timeline.starts_on:
            refusals.add(line, "ends", N_("終わりの日が、所属のできた日より前です。"))
            continue
        after = timeline.ends_on + ONE_DAY
        left = [one for one in below.get(timeline, ()) if _stays_below(one, timeline, after)]
        if left:
            refusals.add(
                line,
                "ends",
                N_("下に%(path)sが残ります。先に移すか、終わりにしてください。"),
                path=left[0].path_on(timeline.ends_on),
            )
        if staying.get(timeline.id or 0):
            refusals.add(
                line,
                "ends",
                N_("その後も%(count)s人が所属しています。先に異動を取り込んでください。"),
                count=staying[timeline.id or 0],
            )


def _below(timelines: Sequence[Timeline]) -> dict[Timeline, list[Timeline]]:
    """Return which sections stand below each at any time."""
    found: dict[Timeline, list[Timeline]] = defaultdict(list)
    for one in timelines:
        for parent in {step.parent for step in one.steps if step.parent is not None}:
            found[parent].append(one)
    return found


def _stays_below(one: Timeline, above: Timeline, after: date) -> bool:
    if one.ends_on is not None and one.ends_on < after:
        return False
    return any(
        step.parent is above for step in one.steps if one.step_on(max(after, step.start)) is step
    )


def _staying(ending: Sequence[Timeline]) -> dict[int, int]:
    """Return how many people hold a post in each section after its last day."""
    last_days = {one.id: one.ends_on for one in ending}
    people: dict[int, set[int]] = defaultdict(set)
    for chunk in chunks(last_days):
        # Posts that are over before the first section ends are of no account in any.
        first = min(last_days[row_id] or date.max for row_id in chunk)
        posts = Appointment.select(Appointment.section, Appointment.person, Appointment.ends_on)
        later = Appointment.ends_on.is_null() | (Appointment.ends_on > first)
        for section_id, person_id, end in rows(posts.where(Appointment.section.in_(chunk) & later)):
            if end is None or end > last_days[section_id]:
                people[section_id].add(person_id)
    return {section_id: len(found) for section_id, found in people.items()}
