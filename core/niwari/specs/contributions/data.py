"""What a plugin keeps, as the core needs to know it: resources, records handed out, receipts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from niwari.specs.contributions.basics import CODE, BadContribution, Label

if TYPE_CHECKING:
    from niwari.context import Context
    from niwari.specs.contributions.offers import Mode


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of post below the rows of a resource: an answer, a reply, a comment.

    Whoever sees the row above sees its parts, unless one of them is held back (``is_held``).
    """

    kind: str
    """The name under which such a post is reported, with its id: ``<plugin>.<what>``."""
    model: type[Any]
    """The model of the plugin that holds the posts. Where it has a ``municipality``, that is the town
    of the author; else a post is of the town of the row above."""
    parent: str
    """The foreign key in it to the row above, as ``question``."""
    label: Label
    """What such a post is called: 回答, Answer."""
    text: Callable[[Any], str]
    """Returns everything that a post says."""
    anchor: Callable[[Any], str]
    """Returns the id of the element that shows a post, on the page of the row above."""
    sample: "Callable[[Context, int], int]"
    """Makes one post of the acting person below the row with the given id, with invented content,
    and returns its id: for the kit."""
    author: Callable[[Any], int | None] | None = None
    """Returns the id of the appointment in which a post was written; ``None`` where that is hidden or
    erased. Its author is told what becomes of a report."""
    envelope: Callable[[Any], tuple[str, int | str] | None] | None = None
    """As that of ``Resource``, for posts whose author is hidden."""
    hidden_sample: "Callable[[Context, int], object] | None" = None
    """As that of ``Resource``, below the row with the given id."""

    def __post_init__(self) -> None:
        where = f"Part {self.kind!r}"
        if not CODE.fullmatch(self.kind) or "." not in self.kind:
            raise BadContribution(f"{where}: write the kind like 'consult.answer'")
        if not isinstance(self.label, Label):
            raise BadContribution(f"{where}: give its label as Label(ja, en)")
        for name in ("text", "anchor", "sample"):
            if not callable(getattr(self, name)):
                raise BadContribution(f"{where}: {name} must be a function")
        for name in ("author", "envelope", "hidden_sample"):
            check_function_or_none(where, name, getattr(self, name))


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
    """Returns everything that a row says, for finding it again: with the title, the first 16,000
    characters are found, and of two characters that stand in it together again and again the first
    256 places. It must follow from the row alone, as the title does: when the row changes, it is asked
    again."""
    sample: "Callable[[Context], int]"
    """Makes one row of the acting person with invented content, for the region where there is one,
    and returns its id: the kit walks every route with it."""
    dated: Callable[[Any], Any] | None = None
    """Returns what a row is about in time. A Tokyo day, or a ``When``, stands in the calendars of all
    who see the row; an aware instant, as of writing it, only orders it; ``None`` does neither."""
    envelope: Callable[[Any], tuple[str, int | str] | None] | None = None
    """Returns the envelope of a row whose author is hidden, with the value of the row for which it
    was sealed; ``None`` for a row whose author is not. Without it two officials cannot open any."""
    hidden_sample: "Callable[[Context], object] | None" = None
    """Lets the acting person write one row without their name, as ``sample`` does with it: for the
    kit, which waits for the quarter of an hour. Give it wherever ``envelope`` is given."""
    hidden_place: Callable[[Any], bool] | None = None
    """Tells whether nobody may see which municipality and section a row comes from: lists, links and
    the API of the core then leave them out, no filter tells them, and moderators learn neither them
    nor an author. A row with an envelope needs it not: its place is hidden anyway."""
    author: Callable[[Any], int | None] | None = None
    """Returns the id of the appointment in which a row was written; ``None`` where that is hidden or
    erased. Its author is told what becomes of a report."""
    parts: Sequence[Part] = ()
    """The kinds of posts below such a row, each of which can be reported and held back by itself."""

    hold: "Callable[[Context, int, Mode, int | None], object] | None" = None
    """Holds a place in what the row offers (see the hook ``offers``): given the acting person's
    context, the row's id, how the person takes part and the id of the request, in the transaction
    that asks for the time. Keep that id with the place: by it, and by nothing else, the events of the
    ledger say whose place it is. Of who holds one already the place goes over to the new request, and
    is not fixed; no second one is taken. For a discreet activity the id is ``None``. Raises a
    ``DomainError`` where there is none left."""
    hosts: "Callable[[Context, Any], bool] | None" = None
    """Tells whether the acting person hosts the row, who sees it: a host says on the page 出席の確認 who
    was there. Without it the row's ``author`` does, in the municipality that offers it."""

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.kind) or "." not in self.kind:
            raise BadContribution(f"Resource {self.kind!r}: write the kind like 'consult.question'")
        if not isinstance(self.label, Label):
            raise BadContribution(f"Resource {self.kind!r}: give its label as Label(ja, en)")
        for name in ("title", "text", "sample"):
            if not callable(getattr(self, name)):
                raise BadContribution(f"Resource {self.kind!r}: {name} must be a function")
        for name in (
            "dated",
            "envelope",
            "hidden_sample",
            "hidden_place",
            "author",
            "hold",
            "hosts",
        ):
            check_function_or_none(f"Resource {self.kind!r}", name, getattr(self, name))
        if not all(isinstance(part, Part) for part in self.parts):
            raise BadContribution(f"Resource {self.kind!r}: parts must be a list of Part objects")


def check_function_or_none(where: str, name: str, value: Any) -> None:
    """Refuse what can neither be called nor is left out; raises ``BadContribution``."""
    if value is not None and not callable(value):
        raise BadContribution(f"{where}: {name} must be a function or None")


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
