"""What the API takes and answers of standing agreements (包括了承)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from niwari.ledger.asking.wishes import LONGEST_PURPOSE
from niwari.ledger.deciding.decisions import LONGEST_NOTE
from niwari.ledger.models import State
from niwari.ledger.standing.planning import NotHeld
from niwari.rest.ledger_shapes import LedgerRequest, MonthMinutes
from niwari.rest.shapes import Instant, WallTime
from niwari.specs.contributions.dates import OnHoliday

Kind = Literal["dated", "allowance"]
_Rule = Annotated[str, Meta(max_length=200, description="An RRULE, as FREQ=MONTHLY;BYDAY=3WE.")]


@dataclass(frozen=True, slots=True)
class NewStanding:
    """What is asked for until `last_day`, 31 March at the latest.

    `dated`: on the days of `rule`, from `starts` to `ends` or for `minutes` each time. `allowance`:
    `minutes` in each period, without dates.
    """

    activity: Annotated[str, Meta(min_length=1, max_length=60)]
    purpose: Annotated[str, Meta(min_length=1, max_length=LONGEST_PURPOSE)]
    place: Literal["head_office", "branch", "home", "satellite", "other_municipality"]
    kind: Kind
    first_day: date
    last_day: date
    minutes: MonthMinutes | None = None
    starts: WallTime | None = None
    ends: WallTime | None = None
    rule: _Rule = ""
    on_holiday: OnHoliday = "skip"


@dataclass(frozen=True, slots=True)
class StandingAgreement:
    """A standing agreement; `agreed_minutes` are those of each time, or of each period."""

    id: int
    activity: str
    purpose: str
    place: str
    state: State
    kind: Kind
    first_day: date
    last_day: date
    agreed_minutes: int
    starts: str | None
    ends: str | None
    rule: str
    on_holiday: OnHoliday
    requested_at: Instant
    answer: str
    ended_reason: str


@dataclass(frozen=True, slots=True)
class StandingPeriod:
    """What it has in a period: planned still, and used."""

    first_day: date
    reserved_minutes: int
    used_minutes: int


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """One's own standing agreement, with what it has in each period."""

    agreement: StandingAgreement
    periods: tuple[StandingPeriod, ...]


@dataclass(frozen=True, slots=True)
class StandingTime:
    """A time of it, or what it has in one period; `reason` is why it cannot be held."""

    day: date
    time_minutes: int
    starts_at: Instant | None
    ends_at: Instant | None
    reason: NotHeld | None


@dataclass(frozen=True, slots=True)
class StandingPlan:
    """What an OK would reserve now, and what cannot be held. `seen` goes with the OK."""

    held: tuple[StandingTime, ...]
    left_out: tuple[StandingTime, ...]
    held_minutes: int
    seen: str


@dataclass(frozen=True, slots=True)
class StandingDetail:
    """A standing agreement: its plan while it waits, and its times once it is agreed to."""

    agreement: StandingAgreement
    person_name: str
    section_name: str
    plan: StandingPlan | None
    times: tuple[LedgerRequest, ...]
    left_out: tuple[StandingTime, ...]


@dataclass(frozen=True, slots=True)
class WaitingStanding:
    """A standing agreement that waits, and whose."""

    agreement: StandingAgreement
    person_name: str
    section_name: str


@dataclass(frozen=True, slots=True)
class StandingOk:
    """An OK to what was `seen` in the plan: if something else can be held now, nothing is agreed to."""

    seen: Annotated[str, Meta(min_length=1, max_length=64)]
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""


@dataclass(frozen=True, slots=True)
class StandingAgreed:
    """What became of an OK: how many times are held with how many minutes, and how many are left out."""

    agreement: StandingAgreement
    held_times: int
    held_minutes: int
    left_out_times: int
