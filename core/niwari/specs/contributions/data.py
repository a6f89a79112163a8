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

    Who sees a row is its owner and audience, never plugin code.
    """

    kind: str
    """The name under which others refer to such a row, with its id: ``<plugin>.<what>``."""
    model: type[Any]
    """The ``Shared`` model of the plugin that holds the rows."""
    label: Label
    """What such a row is called: 相談, Question."""
    endpoint: str
    """The view that shows one row, as ``tea.cup``."""
    key: str
    """The part of that view's address that takes the row's id, as ``cup_id``."""
    title: Callable[[Any], str]
    """Returns what a row is called, in one line."""
    text: Callable[[Any], str]
    """Returns everything that a row says, for finding it again."""
    sample: "Callable[[Context], int]"
    """Makes one row of the acting person with invented content, for the region where there is one,
    and returns its id: the kit walks every route with it."""
    dated: Callable[[Any], Any] | None = None
    """Returns the Tokyo day or aware instant that a row is about, if it is about one."""
    envelope: Callable[[Any], tuple[str, int | str] | None] | None = None
    """Returns the envelope of a row whose author is hidden, with the value of the row for which it
    was sealed; ``None`` for a row whose author is not. Without it two officials cannot open any."""

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
        if self.envelope is not None and not callable(self.envelope):
            raise BadContribution(f"Resource {self.kind!r}: envelope must be a function or None")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data is asked for: a person's, a municipality's, or a person's in one municipality.

    At least one of the two is set; both together mean the rows of that person in that town.
    """

    person_id: int | None = None
    """The person, by the id of ``Person``; ``None`` means everybody of the municipality."""
    municipality_id: int | None = None
    """The municipality that owns the rows; ``None`` means all of them."""

    def __post_init__(self) -> None:
        if self.person_id is None and self.municipality_id is None:
            raise BadContribution("Subject: name a person or a municipality")


@dataclass(frozen=True, slots=True)
class Record:
    """One row handed out: its kind, its id, and what it says as plain values."""

    kind: str
    """What it is: ``<plugin>.<what>``."""
    id: int
    """Its id in the plugin's table."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What it says: texts, numbers, bools, ``None``, lists and mappings of these."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What erasing did: how many rows are gone, how many were redacted, how many remain and why."""

    erased: int = 0
    """How many rows were deleted."""
    redacted: int = 0
    """How many rows stay, with nothing personal left in them."""
    kept: int = 0
    """How many rows stay as they are."""
    reason: Label | None = None
    """Why rows are kept; required where ``kept`` is not 0."""

    def __post_init__(self) -> None:
        if min(self.erased, self.redacted, self.kept) < 0:
            raise BadContribution("Receipt: counts cannot be negative")
        if self.kept and self.reason is None:
            raise BadContribution(f"Receipt: {self.kept} rows remain; give the reason as a Label")
