"""Rule packs: what a municipality's rules say, as data; read from TOML files, versioned by date."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from niwari.api import Label
from niwari_leave_cafe.dates.arithmetic import Span

SHIPPED: Final = Path(__file__).parents[1] / "packs"
FOLDER_VARIABLE: Final = "NIWARI_LEAVE_CAFE_PACKS"
"""Names a folder with the packs of towns, which lie outside of the distribution."""

LAW, SAMPLE, TOWN = "law", "sample", "town"
BEFORE, AFTER = "before", "after"
FOREVER: Final = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands: Act or ordinance, article, the article's own words, the day of reading.

    Where the words could not be read they are empty, and ``without_words`` says why.
    """

    act: Label
    article: Label
    read_on: date
    words: str = ""
    without_words: Label | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One scheme for some employment types and parents; day counts are its fields.

    A field that a pack leaves out is ``None``: its rules do not say. ``counts_due_date``: the due date
    is one of the days before; ``birth_day`` tells to which side the day of birth belongs;
    ``starts_after_days``: so many days after the day of birth the leave after it begins;
    ``counts_birth_date``: the day of birth is the first of ``within_days``. ``days`` of leave lie in a
    window from ``opens_weeks_before`` the due date, else from the birth, until the child reaches
    ``until_months``, or school begins (``until_school``). ``apply_days_before`` the first day the
    ``paper`` is due. ``conditions`` are tests that no date can answer.
    """

    scheme: str
    parents: frozenset[str]
    employments: frozenset[str]
    source: Source
    weeks: int | None = None
    weeks_multiple: int | None = None
    counts_due_date: bool | None = None
    birth_day: str | None = None
    starts_after_days: int | None = None
    compulsory_weeks: int | None = None
    within_days: int | None = None
    counts_birth_date: bool | None = None
    times: int | None = None
    until_months: int | None = None
    extended_months: tuple[int, ...] = ()
    until_school: bool = False
    days: int | None = None
    opens_weeks_before: int | None = None
    opens_weeks_before_multiple: int | None = None
    minutes_a_day: int | None = None
    minutes_a_year: int | None = None
    daily_times: int | None = None
    paper: Label | None = None
    apply_days_before: int | None = None
    conditions: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """What the rules are from ``first`` on, up to ``last`` where that is known already."""

    number: str
    first: date
    last: date | None
    rules: tuple[Rule, ...]
    fingerprint: str

    @property
    def span(self) -> Span:
        """The days on which it is in force."""
        return Span(self.first, self.last or FOREVER)

    def rule(self, scheme: str, parent: str, employment: str) -> Rule | None:
        """Return the one rule of a scheme for a parent of an employment type, where there is one."""
        for rule in self.rules:
            if rule.scheme == scheme and parent in rule.parents and employment in rule.employments:
                return rule
        return None

    def has(self, scheme: str) -> bool:
        """Tell whether anybody at all has the scheme."""
        return any(rule.scheme == scheme for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of the law, of the region's sample, or of one town (``municipality`` is its code).

    ``notice`` stands on screen, paper and calendar as long as the town has not confirmed it.
    """

    name: str
    kind: str
    label: Label
    notice: Label
    municipality: str
    versions: tuple[Version, ...]

    def version_on(self, day: date) -> Version | None:
        """Return what is in force on a day."""
        return next((v for v in self.versions if v.first <= day <= v.span.last), None)

    def version_after(self, version: Version) -> Version | None:
        """Return what takes the place of ``version``, where that is known already."""
        later = [v for v in self.versions if v.first > version.first]
        return min(later, key=lambda v: v.first, default=None)


def pack_of(data: Mapping[str, Any]) -> Pack:
    """Return the pack that ``data``, a TOML document without problems, describes."""
    return Pack(
        name=data["name"],
        kind=data["kind"],
        label=_label(data["label"]),
        notice=_label(data["notice"]),
        municipality=data.get("municipality", ""),
        versions=tuple(_version(version) for version in data["version"]),
    )


def read_document(path: Path) -> dict[str, Any]:
    """Read a TOML file; raises ``OSError``, ``UnicodeDecodeError`` or ``tomllib.TOMLDecodeError``."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def installed_packs() -> Mapping[str, Pack]:
    """Return the packs that are there, by name; read once in a process.

    A file of a town's that ``niwari leave_cafe check`` would refuse is left out.
    """
    from niwari_leave_cafe.dates.checking import checked_pack, problems_of

    packs: dict[str, Pack] = {}
    for path in _files():
        if not problems_of(path):
            pack = checked_pack(path)
            packs.setdefault(pack.name, pack)
    return packs


def _files() -> list[Path]:
    folders = [SHIPPED]
    if named := os.environ.get(FOLDER_VARIABLE):
        folders.append(Path(named))
    return [path for folder in folders for path in sorted(folder.glob("*.toml"))]


def _version(data: Mapping[str, Any]) -> Version:
    return Version(
        number=data["number"],
        first=data["from"],
        last=data.get("to"),
        rules=tuple(_rule(rule) for rule in data["rule"]),
        fingerprint=sha256(repr(_plain(data)).encode()).hexdigest(),
    )


def _rule(data: Mapping[str, Any]) -> Rule:
    plain = {key: value for key, value in data.items() if key not in _READ_APART}
    return Rule(
        **plain,
        parents=frozenset(data["parents"]),
        employments=frozenset(data["employments"]),
        source=_source(data["source"]),
        paper=_label(data["paper"]) if "paper" in data else None,
        extended_months=tuple(data.get("extended_months", ())),
        conditions=tuple(_label(one) for one in data.get("conditions", ())),
    )


_READ_APART: Final = frozenset(
    {"parents", "employments", "source", "paper", "extended_months", "conditions"}
)


def _source(data: Mapping[str, Any]) -> Source:
    without = data.get("without_words")
    return Source(
        act=_label(data["act"]),
        article=_label(data["article"]),
        read_on=data["read_on"],
        words=data["words"],
        without_words=_label(without) if without else None,
    )


def _label(data: Mapping[str, str]) -> Label:
    return Label(data["ja"], data["en"])


def _plain(value: Any) -> Any:
    """Return ``value`` with the keys of every mapping in order, so that it reads alike each time."""
    if isinstance(value, Mapping):
        return [(key, _plain(value[key])) for key in sorted(value)]
    return [_plain(one) for one in value] if isinstance(value, list) else value
