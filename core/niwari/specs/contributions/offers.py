"""What one can take part in (取組), and what a reader of the catalogue wants to see of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from niwari.clock import TOKYO
from niwari.specs.contributions.basics import CODE, BadContribution, Verb


class Mode(StrEnum):
    """How one takes part in an offer: at its place, or from one's own."""

    ON_SITE = "on_site"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that the acting person can take part in with 20% time, as the catalogue shows it.

    It is a row of a ``Resource`` of the plugin: there its page is, and there stands how one joins
    (``hold``). It begins and ends on one Tokyo day, or has no time at all and then says its
    ``minutes``.
    """

    kind: str
    """The kind of the ``Resource``: ``<plugin>.<what>``."""
    id: int
    """The row's id."""
    title: str
    """What it is called, in one line."""
    verb: Verb
    """Under which of the three verbs it stands."""
    municipality_id: int
    """The municipality that offers it: the row's owner."""
    municipality_name: str
    """That municipality's name."""
    activity: str
    """The ledger class of the time spent on it: the code of an ``Activity``."""
    modes: tuple[Mode, ...] = (Mode.ON_SITE,)
    """How one can take part: in one way or both."""
    place: str = ""
    """Where, in words; for ``Mode.ONLINE`` alone it may be empty."""
    starts_at: datetime | None = None
    """When it begins, an aware instant; ``None`` where everybody chooses the day."""
    ends_at: datetime | None = None
    """When it ends, on the same Tokyo day; given where ``starts_at`` is."""
    minutes: int | None = None
    """The minutes that it takes, where it has no time; else it takes from its start to its end."""
    seats_left: int | None = None
    """How many can still join; ``None`` for no limit."""
    closes_at: datetime | None = None
    """Until when one can join, an aware instant; ``None``: until it begins."""
    contact: str = ""
    """Whom to ask: a section with its extension, and no person."""
    text: str = ""
    """What it is about, in a few lines of Markdown: of a ``MarkdownField``, or plain words."""
    joined: bool = False
    """Whether the acting person holds a place already."""

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.kind) or "." not in self.kind:
            raise BadContribution(f"Offer {self.kind!r}: write the kind like 'tea.party'")
        if not self.title.strip():
            raise BadContribution(f"Offer {self.name}: give it a title")
        if not isinstance(self.verb, Verb):
            raise BadContribution(f"Offer {self.name}: verb must be a Verb, not {self.verb!r}")
        if not self.modes or not set(self.modes) <= set(Mode):
            raise BadContribution(
                f"Offer {self.name}: modes must be some of {', '.join(Mode)}, not {self.modes!r}"
            )
        self._check_time()
        if self.seats_left is not None and self.seats_left < 0:
            raise BadContribution(f"Offer {self.name}: seats_left cannot be below 0")

    def _check_time(self) -> None:
        times = [at for at in (self.starts_at, self.ends_at, self.closes_at) if at is not None]
        if any(at.tzinfo is None or at.second or at.microsecond for at in times):
            raise BadContribution(
                f"Offer {self.name}: its times must be aware instants of whole minutes"
            )
        if (self.starts_at is None) != (self.ends_at is None):
            raise BadContribution(f"Offer {self.name}: give starts_at and ends_at, or neither")
        if self.starts_at is None or self.ends_at is None:
            if self.minutes is None or self.minutes < 1:
                raise BadContribution(f"Offer {self.name}: without a time it needs its minutes")
        elif self.ends_at <= self.starts_at or self.starts_on != _day(self.ends_at):
            raise BadContribution(
                f"Offer {self.name}: it must end after its start and on the same Tokyo day; "
                "offer each day of a longer one by itself"
            )

    @property
    def name(self) -> str:
        """The kind and the id, as ``tea.party 12``."""
        return f"{self.kind} {self.id}"

    @property
    def starts_on(self) -> date | None:
        """The Tokyo day on which it takes place; ``None`` where everybody chooses the day."""
        return _day(self.starts_at) if self.starts_at is not None else None

    @property
    def takes(self) -> int:
        """The minutes from its start to its end, else ``minutes``; breaks are not taken off."""
        if self.starts_at is None or self.ends_at is None:
            return self.minutes or 0
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which offers are asked for: what is set must hold for each offer that a plugin returns.

    Those that have begun, or are closed, are not wanted, unless ``only`` asks for one.
    """

    most: int
    """How many offers at most."""
    verb: Verb | None = None
    """Under this verb alone."""
    municipality_id: int | None = None
    """Of this municipality alone."""
    mode: Mode | None = None
    """Where one can take part in this way."""
    most_minutes: int | None = None
    """That take no more minutes than this: keep the length with the row, then one can ask for it."""
    first: date | None = None
    """That take place on this Tokyo day or later; those without a time are not wanted then."""
    last: date | None = None
    """That take place on this Tokyo day or earlier; those without a time are not wanted then."""
    after: tuple[datetime | None, int] | None = None
    """(start, id): those that start later, or then and have this id or a greater one; those without
    a time are not wanted then. (``None``, id): those alone that have no time, and this id or a
    greater one."""
    only: tuple[str, int] | None = None
    """(kind, id): this one alone, also when it has begun or is closed; nothing else is set then."""

    def takes(self, offer: Offer) -> bool:
        """Tell whether ``offer`` has all that is set."""
        if self.only is not None:
            return self.only == (offer.kind, offer.id)
        return (
            self.verb in (None, offer.verb)
            and self.municipality_id in (None, offer.municipality_id)
            and (self.mode is None or self.mode in offer.modes)
            and (self.most_minutes is None or offer.takes <= self.most_minutes)
            and self._takes_time(offer)
        )

    def _takes_time(self, offer: Offer) -> bool:
        if offer.starts_at is None or offer.starts_on is None:
            return self.first is None and self.last is None and self._comes_after(offer)
        return (
            (self.first is None or offer.starts_on >= self.first)
            and (self.last is None or offer.starts_on <= self.last)
            and self._comes_after(offer)
        )

    def _comes_after(self, offer: Offer) -> bool:
        if self.after is None:
            return True
        start, least = self.after
        if start is None or offer.starts_at is None:
            return start is offer.starts_at and offer.id >= least
        return (offer.starts_at, offer.id) >= (start, least)


def _day(instant: datetime) -> date:
    return instant.astimezone(TOKYO).date()
