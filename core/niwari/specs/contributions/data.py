"""What a plugin keeps, as the core needs to know it: resources, records handed out, receipts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from niwari.specs.contributions.basics import CODE, BadContribution, Label

if TYPE_CHECKING:
    from niwari.context import Context


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of row that people share, link to, find and export.

    ``kind`` is ``<plugin>.<what>``, ``model`` a ``Shared`` model of the plugin: who sees a row is its
    owner and audience, never plugin code. ``title`` and ``text`` return what a row is called and
    what it says, ``dated`` the Tokyo day (or aware instant) that it is about, if any. ``endpoint``
    opens a row; its address takes the row's id under the name ``key``. ``sample`` makes one row of
    the acting person with invented content, for the region where there is one, and returns its id:
    the kit walks every route with it.
    """

    kind: str
    model: type[Any]
    label: Label
    endpoint: str
    key: str
    title: Callable[[Any], str]
    text: Callable[[Any], str]
    sample: "Callable[[Context], int]"
    dated: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.kind) or "." not in self.kind:
            raise BadContribution(f"Resource {self.kind!r}: write the kind like 'consult.question'")
        if not isinstance(self.label, Label):
            raise BadContribution(f"Resource {self.kind!r}: give its label as Label(ja, en)")
        for name in ("title", "text", "sample"):
            if not callable(getattr(self, name)):
                raise BadContribution(f"Resource {self.kind!r}: {name} must be a function")
        if self.dated is not None and not callable(self.dated):
            raise BadContribution(f"Resource {self.kind!r}: dated must be a function or None")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data is asked for: a person of the installation, or all of one municipality.

    Exactly one of the two is set. ``municipality_id`` with a person limits it to rows of that town.
    """

    person_id: int | None = None
    municipality_id: int | None = None

    def __post_init__(self) -> None:
        if self.person_id is None and self.municipality_id is None:
            raise BadContribution("Subject: name a person or a municipality")


@dataclass(frozen=True, slots=True)
class Record:
    """One row handed out: its kind, its id, and what it says as plain values."""

    kind: str
    id: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What erasing did: how many rows are gone, how many were redacted, how many remain and why.

    ``reason`` is required where something remains.
    """

    erased: int = 0
    redacted: int = 0
    kept: int = 0
    reason: Label | None = None

    def __post_init__(self) -> None:
        if min(self.erased, self.redacted, self.kept) < 0:
            raise BadContribution("Receipt: counts cannot be negative")
        if self.kept and self.reason is None:
            raise BadContribution(f"Receipt: {self.kept} rows remain; give the reason as a Label")
