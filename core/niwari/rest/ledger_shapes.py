"""What the API takes and answers of the 20% ledger."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from niwari.ledger.asking.wishes import LONGEST_PURPOSE
from niwari.ledger.deciding.decisions import LONGEST_NOTE
from niwari.ledger.models import State
from niwari.ledger.recording.bringing_home import LONGEST_LINE
from niwari.ledger.recording.correcting import LONGEST_REASON, MOST_MINUTES
from niwari.rest.shapes import Instant, RowId, WallTime

MonthKey = Annotated[str, Meta(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")]
WorkMinutes = Annotated[int, Meta(ge=1, le=1440)]
MonthMinutes = Annotated[int, Meta(ge=1, le=44640)]


@dataclass(frozen=True, slots=True)
class MonthQuery:
    """Which month."""

    month: Annotated[MonthKey | None, Meta(description="As 2026-11; else this month.")] = None


@dataclass(frozen=True, slots=True)
class Month:
    """One's own 20% of a month. `left_minutes` is below 0 where the month is over by that much."""

    month: str
    base_minutes: int
    cap_minutes: int
    used_minutes: int
    reserved_minutes: int
    asked_minutes: int
    left_minutes: int


@dataclass(frozen=True, slots=True)
class LedgerWay:
    """The way there or back of a request: a request of its own by `id`, that moves with it."""

    id: int
    travel: Literal["there", "back"]
    state: State
    starts_at: Instant | None
    ends_at: Instant | None
    asked_minutes: int
    agreed_minutes: int | None
    counts: bool


@dataclass(frozen=True, slots=True)
class LedgerRequest:
    """A request for 20% time: an interval or a day and minutes.

    `ended_reason` is why it was called off, shortened or stopped, and empty else. `oral_answer` is what
    the head says of an oral OK, and null where there is none. `after_fact` tells that it was asked for
    when it was over. `attended_at` is when a host confirmed that the person was there.
    `ways` are the ways there and back; a way is a request too, with `travel` and the id of its request,
    `travel_for`.
    """

    id: int
    activity: str
    purpose: str
    place: str
    state: State
    work_date: date
    starts_at: Instant | None
    ends_at: Instant | None
    asked_minutes: int
    agreed_minutes: int | None
    requested_at: Instant
    ended_reason: str
    after_fact: bool
    oral_answer: Literal["waiting", "confirmed", "denied"] | None
    attended_at: Instant | None
    travel: Literal["there", "back"] | None
    travel_for: int | None
    ways: tuple[LedgerWay, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """What 20% time can be asked for here. Minutes of one that does not count are not used up."""

    code: str
    label: str
    counts: bool


@dataclass(frozen=True, slots=True)
class NewLedgerRequest:
    """What is asked for: `asked_minutes`, or `starts` and `ends` on that day.

    `after_fact` asks for time that is over, where the municipality takes that. With an oral OK
    `oral_by_post` is who said yes, one of `/ledger/answering`, at `oral_at`; the time is
    reserved at once then, and the head confirms.
    `travel_there` and `travel_back` are minutes on the way, where the municipality has travel time.
    """

    activity: Annotated[str, Meta(min_length=1, max_length=60)]
    purpose: Annotated[str, Meta(min_length=1, max_length=LONGEST_PURPOSE)]
    place: Literal["head_office", "branch", "home", "satellite", "other_municipality"]
    work_date: date
    asked_minutes: WorkMinutes | None = None
    starts: WallTime | None = None
    ends: WallTime | None = None
    oral_by_post: RowId | None = None
    oral_at: Instant | None = None
    after_fact: bool = False
    travel_there: WorkMinutes | None = None
    travel_back: WorkMinutes | None = None


@dataclass(frozen=True, slots=True)
class DoneMinutes:
    """How long it really was: as long as agreed, or longer by the tolerance of the municipality."""

    minutes: MonthMinutes


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request that waits, and whose. `left_minutes` is what the person has left in its period."""

    request: LedgerRequest
    person_name: str
    section_name: str
    left_minutes: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """An OK: `minutes` are fewer than were asked for, or null for all of them."""

    minutes: MonthMinutes | None = None
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word on why."""

    note: Annotated[str, Meta(min_length=1, max_length=LONGEST_NOTE)]


@dataclass(frozen=True, slots=True)
class Correcting:
    """Another number of minutes of a record, 0 to take it back; `entry_id` where there are several.

    Once the period is closed HR answers, and `reason` has to say why.
    """

    minutes: Annotated[int, Meta(ge=0, le=MOST_MINUTES)]
    reason: Annotated[str, Meta(max_length=LONGEST_REASON)] = ""
    entry_id: RowId | None = None


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """A record as it holds now: 0 minutes where it was taken back."""

    entry_id: int
    work_date: date
    recorded_minutes: int


@dataclass(frozen=True, slots=True)
class LedgerCorrection:
    """A correction: `posted`, or `asked` of HR once the period is closed."""

    id: int
    request_id: int
    state: Literal["asked", "posted", "refused", "withdrawn"]
    former_minutes: int
    corrected_minutes: int
    after_closing: bool
    reason: str
    answer: str
    asked_at: Instant


@dataclass(frozen=True, slots=True)
class LedgerSupplement:
    """What was recorded beyond an agreement. `refused` is private time, not in any record;
    `unconfirmed` is what waited when the month closed. `answer` is the head's word.
    """

    id: int
    request_id: int
    state: Literal["pending", "accepted", "refused", "unconfirmed"]
    beyond_minutes: int
    answer: str
    asked_at: Instant


@dataclass(frozen=True, slots=True)
class LedgerRecords:
    """What was recorded of a request, the correction that waits for HR or that HR refused last, and what
    of the record is beyond the agreement.
    """

    records: tuple[LedgerRecord, ...]
    waiting: LedgerCorrection | None
    refused: LedgerCorrection | None
    supplement: LedgerSupplement | None


@dataclass(frozen=True, slots=True)
class WaitingSupplement:
    """What was recorded beyond an agreement and waits for the head, of which request, and whose."""

    supplement: LedgerSupplement
    request: LedgerRequest
    person_name: str
    section_name: str


@dataclass(frozen=True, slots=True)
class CallingOff:
    """Why what was agreed to is called off; empty for the needs of the service (業務都合)."""

    reason: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""


@dataclass(frozen=True, slots=True)
class Shortening:
    """How many of the agreed minutes stay, and why."""

    minutes: MonthMinutes
    reason: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""


@dataclass(frozen=True, slots=True)
class Answering:
    """Somebody who answers one's requests now, by post: the head first."""

    post_id: int
    person_name: str


@dataclass(frozen=True, slots=True)
class WaitingOral:
    """A request that rests on an oral OK, whose it is, who is said to have said yes, and until when
    to confirm it.
    """

    request: LedgerRequest
    person_name: str
    section_name: str
    oral_by_name: str
    confirm_by: date


@dataclass(frozen=True, slots=True)
class BroughtLine:
    """The one line that a person brought home; empty takes it back."""

    text: Annotated[str, Meta(max_length=LONGEST_LINE)]


@dataclass(frozen=True, slots=True)
class BroughtHome:
    """What was brought home from a recorded request, for the own section to read."""

    request_id: int
    text: str
