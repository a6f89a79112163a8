"""Which section a path of people.csv means, as of the day on which a line's post begins."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from niwari.clock import ONE_DAY
from niwari.directory.importing.lines import PersonLine, SectionKey
from niwari.directory.models import FIRST_DAY
from niwari.errors import N_
from niwari.tabular import Refusals


@dataclass(frozen=True, slots=True)
class Span:
    """The days, both included, on which a section has a path."""

    start: date
    end: date | None
    section_id: int


@dataclass(slots=True)
class Paths:
    """All paths that sections ever have, and the key of each section while an import is planned.

    A key is the municipality's code and the latest path; that of a section that ends names its last
    day too, so that another may have its path afterwards. ``names`` are the
    paths of a key, each with its first day; ``first_days`` those of the sections that the file makes.
    """

    spans: dict[SectionKey, list[Span]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[int, SectionKey] = field(default_factory=dict)
    lives: dict[int, tuple[date, date | None]] = field(default_factory=dict)
    names: dict[SectionKey, Sequence[tuple[date, str]]] = field(default_factory=dict)
    first_days: dict[SectionKey, date] = field(default_factory=dict)
    ended: set[SectionKey] = field(default_factory=set)
    has_versions: bool = False

    def add(
        self, code: str, section_id: int, names: Sequence[tuple[date, str]], end: date | None
    ) -> SectionKey:
        """Take in a section with its paths, each with its first day, and its last day.

        Returns its key.
        """
        for index, (start, path) in enumerate(names):
            later = names[index + 1][0] - ONE_DAY if index + 1 < len(names) else None
            ends = [day for day in (later, end) if day is not None]
            self.spans[code, path].append(Span(start, min(ends, default=None), section_id))
        self.lives[section_id] = names[0][0], end
        self.has_versions = self.has_versions or len(names) > 1
        key = code, names[-1][1]
        if end is not None:
            key = code, f"{key[1]} [-{end}]"
            self.ended.add(key)
        self.keys[section_id] = key
        self.names[key] = names
        return key

    def path_on(self, key: SectionKey, day: date) -> str:
        """Return the path on ``day`` of a section that is there, or that the file makes."""
        code, path = key
        names = self.names.get(key)
        if names is not None:
            return next((path for start, path in reversed(names) if start <= day), names[0][1])
        above, _, name = path.rpartition("/")
        return f"{self.path_on((code, above), day)}/{name}" if above else name


def resolved(
    lines: Sequence[PersonLine], paths: Paths, today: date, refusals: Refusals
) -> list[PersonLine]:
    """Return the lines with the keys of their sections; what cannot be goes into ``refusals``.

    A path is that of the post's first day; else one that a section that is there already gets later,
    while the post is held. A path that nothing ever had is a new section: it begins with its first
    post where that is yet to come, else it has always been there.
    """
    found = []
    known: dict[tuple[SectionKey, date, date | None], SectionKey | None] = {}
    for line in lines:
        meant = line.section_key, line.start, line.end
        key = known.get(meant)
        if key is None:
            key = known[meant] = _key(line, line.section, paths, refusals)
        if key is not None:
            if key[1] != line.section:
                line = line._replace(section=key[1], said=line.section)
            found.append(line)
    for key, first in paths.first_days.items():
        paths.first_days[key] = first if first > today else FIRST_DAY
    return found


def _key(line: PersonLine, path: str, paths: Paths, refusals: Refusals) -> SectionKey | None:
    spans = paths.spans.get((line.municipality, path), ())
    for span in spans:
        if span.start <= line.start and (span.end is None or line.start <= span.end):
            return paths.keys[span.section_id]
    later = [
        span
        for span in spans
        if span.start > line.start and (line.end is None or span.start <= line.end)
    ]
    for span in sorted(later, key=lambda one: one.start):
        if paths.lives[span.section_id][0] <= line.start:
            return paths.keys[span.section_id]
    if spans:
        _refuse(line, path, spans, refusals)
        return None
    above, _, name = path.rpartition("/")
    key = (line.municipality, path)
    if above:
        upper = _key(line, above, paths, refusals)
        if upper is None:
            return None
        if upper in paths.ended:
            _refuse(line, above, paths.spans[line.municipality, above], refusals)
            return None
        key = (line.municipality, f"{upper[1]}/{name}")
        if key in paths.names:  # another section's, which has this path only later
            _refuse(line, key[1], paths.spans[key], refusals)
            return None
    paths.first_days[key] = min(line.start, paths.first_days.get(key, date.max))
    return key


def _refuse(
    line: PersonLine,
    path: str,
    spans: Sequence[Span],
    refusals: Refusals,
) -> None:
    first = min(span.start for span in spans)
    if line.start < first:
        text = N_(
            "%(section)sは%(day)sからです。それより前の日には所属できません。"
            "始まりの日をその日以後にするか、その日の所属の名前を書いてください。"
        )
        refusals.add(line.number, "section", text, section=path, day=first.isoformat())
        return
    last = max(span.end or date.max for span in spans)
    text = N_("%(section)sという所属は%(day)sまでです。その後にある所属の名前を書いてください。")
    refusals.add(line.number, "section", text, section=path, day=last.isoformat())
