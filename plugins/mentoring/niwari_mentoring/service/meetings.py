"""When a pair meets: in the calendars of the two, with the time asked for by each from the own head."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from niwari.api import (
    PEOPLE_OF_REGION,
    TOKYO,
    Context,
    NotFound,
    Ref,
    StaleForm,
    active_now,
    ask_time,
    audit,
    checked_key,
    checked_line,
    locked,
    name_readers,
    notify,
    tokyo_day,
    transaction,
    visible,
)
from niwari_mentoring.errors import (
    BadTimes,
    BeyondPair,
    MeetingOver,
    TooLongMeeting,
    TooManyMeetings,
)
from niwari_mentoring.models import AskedTime, Meeting
from niwari_mentoring.notices import MEETING_OFF, MEETING_SET, in_words
from niwari_mentoring.service.pairs import held_active, people_of
from niwari_mentoring.texts import ACTIVITY, LINE_LIMIT, PLUGIN

KIND = "mentoring.meeting"
LONGEST = timedelta(hours=4)
MOST_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Planned:
    """When two meet, where and about what; times of day are Tokyo's."""

    topic: str
    place: str
    day: date | None
    starts: time | None
    ends: time | None

    def checked(self, ctx: Context) -> dict[str, Any]:
        """Return the columns to store; raises ``BadTimes``, ``TooLongMeeting``, and what texts refuse."""
        topic = checked_line(self.topic, "topic", LINE_LIMIT, required=True)
        place = checked_line(self.place, "place", LINE_LIMIT)
        if self.day is None or self.starts is None or self.ends is None:
            raise BadTimes
        starts_at = datetime.combine(self.day, self.starts, TOKYO)
        ends_at = datetime.combine(self.day, self.ends, TOKYO)
        if ends_at <= starts_at or starts_at <= ctx.now:
            raise BadTimes
        if ends_at - starts_at > LONGEST:
            raise TooLongMeeting
        return {"topic": topic, "place": place, "starts_at": starts_at, "ends_at": ends_at}


def plan(ctx: Context, pair_id: int, planned: Planned, *, form_key: str) -> int:
    """Set a meeting of an own pair; the other is told. Returns its id.

    The same ``form_key`` again returns the first. Raises ``NotFound``, ``NotGoingOn``, ``BeyondPair``,
    ``TooManyMeetings``, ``StaleForm``, and what ``Planned`` refuses.
    """
    columns = planned.checked(ctx)
    key = checked_key(form_key)
    with transaction(ctx):
        pair = held_active(ctx, pair_id)
        if sent := Meeting.get_or_none(Meeting.form_key == key):
            if sent.pair_id != pair.id:
                raise StaleForm
            return int(sent.id)
        _check_within(pair, columns)
        ahead = (
            (Meeting.pair == pair.id)
            & (Meeting.starts_at > ctx.now)
            & Meeting.called_off_at.is_null()
        )
        if Meeting.select().where(ahead).count() >= MOST_AHEAD:
            raise TooManyMeetings(most=MOST_AHEAD)
        meeting = Meeting.create(
            municipality=pair.municipality_id,
            section=pair.section_id,
            region_id=pair.region_id,
            audience=PEOPLE_OF_REGION,
            pair=pair.id,
            set_by=ctx.acting.id,
            form_key=key,
            **columns,
        )
        name_readers(Meeting, [meeting.id], people=people_of(pair))
        audit(ctx, "mentoring.meeting.plan", KIND, meeting.id)
        _tell(ctx, MEETING_SET.code, pair, meeting.id, columns["starts_at"])
    return int(meeting.id)


def move(ctx: Context, meeting_id: int, planned: Planned) -> int:
    """Give a meeting another time, place or topic; the other is told. Returns the pair's id.

    Whoever asked for the time may ask anew. The same again changes nothing. Raises ``NotFound``,
    ``NotGoingOn``, ``MeetingOver``, ``BeyondPair``, and what ``Planned`` refuses.
    """
    columns = planned.checked(ctx)
    with transaction(ctx):
        meeting, pair = _held(ctx, meeting_id)
        if all(getattr(meeting, name) == value for name, value in columns.items()):
            return int(pair.id)
        _check_within(pair, columns)
        Meeting.update(**columns).where(Meeting.id == meeting.id).execute()
        if (meeting.starts_at, meeting.ends_at) != (columns["starts_at"], columns["ends_at"]):
            AskedTime.delete().where(AskedTime.meeting == meeting.id).execute()
        audit(ctx, "mentoring.meeting.move", KIND, meeting.id)
        _tell(ctx, MEETING_SET.code, pair, meeting.id, columns["starts_at"])
    return int(pair.id)


def call_off(ctx: Context, meeting_id: int) -> int:
    """Call a meeting off, as either of the two may; the other is told. Returns the pair's id.

    Again changes nothing. Raises ``NotFound``, ``NotGoingOn`` and ``MeetingOver``.
    """
    with transaction(ctx):
        meeting, pair = _held(ctx, meeting_id)
        if meeting.called_off_at is not None:
            return int(pair.id)
        Meeting.update(called_off_at=ctx.now).where(Meeting.id == meeting.id).execute()
        audit(ctx, "mentoring.meeting.call_off", KIND, meeting.id)
        _tell(ctx, MEETING_OFF.code, pair, meeting.id, meeting.starts_at)
    return int(pair.id)


def ask_for_time(ctx: Context, meeting_id: int, *, form_key: str) -> int:
    """Ask the own head for the time of a meeting; returns the request's id in the ledger.

    The head reads 「学び・相談」 and the time, neither with whom nor about what (L14). Raises
    ``NotFound``, ``NotGoingOn``, ``MeetingOver``, and what the ledger refuses.
    """
    key = checked_key(form_key)
    with transaction(ctx):
        meeting, _pair = _held(ctx, meeting_id)
        if meeting.called_off_at is not None:
            raise MeetingOver
        starts_at, ends_at = (at.astimezone(TOKYO) for at in (meeting.starts_at, meeting.ends_at))
        request_id = ask_time(
            ctx,
            Ref(KIND, meeting.id),
            activity=ACTIVITY,
            purpose="",
            work_date=starts_at.date(),
            starts=starts_at.time(),
            ends=ends_at.time(),
            form_key=key,
        )
        asked = (AskedTime.meeting == meeting.id) & (AskedTime.person == ctx.person_id)
        if not AskedTime.select().where(asked).exists():
            AskedTime.create(meeting=meeting.id, person=ctx.person_id)
    return request_id


def _held(ctx: Context, meeting_id: int) -> tuple[Any, Any]:
    """Return a meeting ahead, and its pair locked; raises ``NotFound``, ``NotGoingOn``, ``MeetingOver``."""
    here = (Meeting.id == meeting_id) & visible(ctx, Meeting)
    found = Meeting.get_or_none(here)
    if found is None or not active_now(ctx, PLUGIN):
        raise NotFound
    pair = held_active(ctx, found.pair_id)
    meeting = locked(Meeting.select().where(here)).first()
    if meeting is None:
        raise NotFound
    if meeting.starts_at <= ctx.now:
        raise MeetingOver
    return meeting, pair


def _check_within(pair: Any, columns: dict[str, Any]) -> None:
    if tokyo_day(columns["starts_at"]) > pair.ends_on:
        raise BeyondPair(last=pair.ends_on.isoformat())


def _tell(ctx: Context, code: str, pair: Any, meeting_id: int, starts_at: datetime) -> None:
    posts = [one for one in (pair.asker_id, pair.mentor_id) if one is not None]
    notify(ctx, code, posts, Ref(KIND, meeting_id), day=in_words(tokyo_day(starts_at)))
