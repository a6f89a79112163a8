"""Pairs: asking somebody, the answer, and the quiet end (R-017).

A pair is for the two alone (``PEOPLE_OF_REGION``): nobody else finds, counts or reads it, whatever
their role.
"""

from datetime import date, timedelta
from typing import Any

from niwari.api import (
    PEOPLE_OF_REGION,
    Appointment,
    Context,
    NotFound,
    Ref,
    StaleForm,
    active_now,
    audit,
    checked_key,
    checked_line,
    checked_text,
    hold_self,
    locked,
    name_readers,
    notify,
    paused,
    tokyo_day,
    transaction,
    visible,
)
from niwari_mentoring.errors import (
    AnsweredAlready,
    AskedAlready,
    BadEnd,
    FullNow,
    NoProfile,
    NotGoingOn,
    NotTheAsker,
    NotTheMentor,
    OwnProfile,
    Paused,
    TooManyAsked,
    TooSoon,
)
from niwari_mentoring.models import (
    ACTIVE,
    ASKED,
    DECLINED,
    ENDED,
    WITHDRAWN,
    LearnerProfile,
    Meeting,
    Pair,
)
from niwari_mentoring.notices import ACCEPTED as TOLD_ACCEPTED
from niwari_mentoring.notices import DECLINED as TOLD_DECLINED
from niwari_mentoring.notices import ENDED as TOLD_ENDED
from niwari_mentoring.notices import PAIR_ASKED
from niwari_mentoring.service.profiles import accompanied
from niwari_mentoring.texts import LINE_LIMIT, MESSAGE_LIMIT, PLUGIN, fiscal_year_end

KIND = "mentoring.pair"
PAUSE = timedelta(days=30)
"""So long after a refusal nobody asks the same person again."""
MOST_ASKED = 5
"""So many of one's own requests wait for an answer at a time."""


def ask(
    ctx: Context,
    profile_id: int,
    *,
    theme: str,
    message: str,
    ends_on: date | None,
    form_key: str,
) -> int:
    """Ask the person of a profile to accompany oneself until ``ends_on``; returns the pair's id.

    They are told. The same ``form_key`` again returns the first. Raises ``NotFound``, ``OwnProfile``,
    ``NoProfile``, ``Paused``, ``FullNow``, ``AskedAlready``, ``TooSoon``, ``TooManyAsked``, ``BadEnd``,
    ``StaleForm``, and what the texts refuse.
    """
    theme = checked_line(theme, "theme", LINE_LIMIT, required=True)
    message = checked_text(message, "message", MESSAGE_LIMIT, required=True)
    last = fiscal_year_end(ctx.today)
    if ends_on is None or not ctx.today <= ends_on <= last:
        raise BadEnd(last=last.isoformat())
    key = checked_key(form_key)
    with transaction(ctx):
        hold_self(ctx)
        if sent := Pair.get_or_none(Pair.form_key == key):
            if sent.asker is None or sent.asker.person_id != ctx.person_id:
                raise StaleForm
            return int(sent.id)
        profile = _asked_profile(ctx, profile_id)
        _check_may_ask(ctx, profile)
        pair = create_pair(
            ctx,
            asker=ctx.acting.id,
            mentor=profile.author_id,
            theme=theme,
            message=message,
            ends_on=ends_on,
            form_key=key,
        )
        audit(ctx, "mentoring.pair.ask", KIND, pair.id)
        notify(ctx, PAIR_ASKED.code, [profile.author_id], Ref(KIND, pair.id))
    return int(pair.id)


def create_pair(ctx: Context, *, asker: int, mentor: int, **columns: Any) -> Any:
    """Write a pair that is asked for, of two posts, for the two alone; returns the row.

    In the caller's transaction, which has checked that it may be.
    """
    pair = Pair.create(
        **Pair.owned_by(ctx),
        audience=PEOPLE_OF_REGION,
        asker=asker,
        mentor=mentor,
        asked_at=ctx.now,
        **columns,
    )
    name_the_two(pair)
    return pair


def accept(ctx: Context, pair_id: int, reply: str = "") -> None:
    """Accept to accompany the asker, who is told; again changes nothing.

    Raises ``NotFound``, ``NotTheMentor``, ``AnsweredAlready``, ``FullNow``, and what the texts refuse.
    """
    reply = checked_text(reply, "reply", MESSAGE_LIMIT)
    with transaction(ctx):
        # The person first: two of whom one has room for one come one after the other.
        hold_self(ctx)
        pair = _asked_of(ctx, pair_id)
        if pair.state == ACTIVE:
            return
        if pair.state != ASKED or pair.ends_on < ctx.today:
            raise AnsweredAlready
        profile = LearnerProfile.get_or_none(LearnerProfile.person == ctx.person_id)
        if profile is None or accompanied(ctx, ctx.person_id) >= profile.capacity:
            raise FullNow
        _answer(ctx, pair, ACTIVE, reply)
        audit(ctx, "mentoring.pair.accept", KIND, pair.id)
        if pair.asker_id is not None:
            notify(ctx, TOLD_ACCEPTED.code, [pair.asker_id], Ref(KIND, pair.id))


def decline(ctx: Context, pair_id: int, reply: str) -> None:
    """Decline, with a kind word that the asker reads; again changes nothing.

    Raises ``NotFound``, ``NotTheMentor``, ``AnsweredAlready``, and what the texts refuse.
    """
    reply = checked_text(reply, "reply", MESSAGE_LIMIT, required=True)
    with transaction(ctx):
        pair = _asked_of(ctx, pair_id)
        if pair.state == DECLINED:
            return
        if pair.state != ASKED:
            raise AnsweredAlready
        _answer(ctx, pair, DECLINED, reply)
        audit(ctx, "mentoring.pair.decline", KIND, pair.id)
        if pair.asker_id is not None:
            notify(ctx, TOLD_DECLINED.code, [pair.asker_id], Ref(KIND, pair.id))


def withdraw(ctx: Context, pair_id: int) -> None:
    """Take the own request back before it is answered; again changes nothing.

    Raises ``NotFound``, ``NotTheAsker`` and ``AnsweredAlready``.
    """
    with transaction(ctx):
        pair = held(ctx, pair_id)
        if pair.asker is None or pair.asker.person_id != ctx.person_id:
            raise NotTheAsker
        if pair.state == WITHDRAWN:
            return
        if pair.state != ASKED:
            raise AnsweredAlready
        _set(pair, state=WITHDRAWN, ended_at=ctx.now)
        audit(ctx, "mentoring.pair.withdraw", KIND, pair.id)


def end(ctx: Context, pair_id: int) -> None:
    """End a pair, as either of the two may at any time without a reason; again changes nothing.

    Meetings ahead are called off, and the other is told that it has ended, not by whom. Raises
    ``NotFound`` and ``NotGoingOn``.
    """
    with transaction(ctx):
        pair = held(ctx, pair_id)
        if pair.state == ENDED:
            return
        if pair.state != ACTIVE or pair.ends_on < ctx.today:
            raise NotGoingOn
        end_pair(ctx, pair)
        audit(ctx, "mentoring.pair.end", KIND, pair.id)


def end_pair(ctx: Context, pair: Any) -> None:
    """End ``pair`` and call its meetings ahead off; both but the acting person are told.

    In the caller's transaction.
    """
    was_active = pair.state == ACTIVE
    _set(pair, state=ENDED if was_active else WITHDRAWN, ended_at=ctx.now)
    Meeting.update(called_off_at=ctx.now).where(
        (Meeting.pair == pair.id) & (Meeting.starts_at > ctx.now) & Meeting.called_off_at.is_null()
    ).execute()
    if was_active:
        posts = [one for one in (pair.asker_id, pair.mentor_id) if one is not None]
        notify(ctx, TOLD_ENDED.code, posts, Ref(KIND, pair.id))


def held(ctx: Context, pair_id: int) -> Any:
    """Return a pair of the acting person, locked until the transaction ends; raises ``NotFound``."""
    pair = locked(Pair.select().where((Pair.id == pair_id) & visible(ctx, Pair))).first()
    if pair is None or not active_now(ctx, PLUGIN):
        raise NotFound
    return pair


def held_active(ctx: Context, pair_id: int) -> Any:
    """Return a pair that goes on, as ``held``; raises ``NotGoingOn`` of any other."""
    pair = held(ctx, pair_id)
    if pair.state != ACTIVE or pair.ends_on < ctx.today:
        raise NotGoingOn
    return pair


def name_the_two(pair: Any) -> None:
    """Say that ``pair`` and its meetings are for its two people alone. In the caller's transaction."""
    people = people_of(pair)
    name_readers(Pair, [pair.id], people=people)
    meetings = [one.id for one in Meeting.select(Meeting.id).where(Meeting.pair == pair.id)]
    name_readers(Meeting, meetings, people=people)


def people_of(pair: Any) -> list[int]:
    """Return the ids of the two people; fewer where one was erased."""
    posts = [one for one in (pair.asker_id, pair.mentor_id) if one is not None]
    found = Appointment.select(Appointment.person).where(Appointment.id.in_(posts))
    return [one.person_id for one in found]


def ask_again_from(declined_at: Any) -> date:
    """Return the first day on which somebody who was declined may ask the same person again."""
    return tokyo_day(declined_at) + PAUSE + timedelta(days=1)


def _asked_profile(ctx: Context, profile_id: int) -> Any:
    query = LearnerProfile.select().where(
        (LearnerProfile.id == profile_id) & visible(ctx, LearnerProfile)
    )
    profile = query.first()
    if profile is None or not active_now(ctx, PLUGIN):
        raise NotFound
    if paused(profile):
        raise Paused(municipality=profile.municipality.name)
    return profile


def _check_may_ask(ctx: Context, profile: Any) -> None:
    """Say no in the order in which it matters to the person."""
    if profile.person_id == ctx.person_id:
        raise OwnProfile
    if profile.audience == PEOPLE_OF_REGION or not profile.is_offering:
        raise NoProfile
    own, theirs = _posts_of(ctx.person_id), _posts_of(profile.person_id)
    between = Pair.select().where(Pair.asker.in_(own) & Pair.mentor.in_(theirs))
    if between.where(Pair.state.in_((ASKED, ACTIVE)) & (Pair.ends_on >= ctx.today)).exists():
        raise AskedAlready
    declined = between.where(Pair.state == DECLINED).order_by(Pair.answered_at.desc()).first()
    if declined is not None and (again := ask_again_from(declined.answered_at)) > ctx.today:
        raise TooSoon(day=(again - timedelta(days=1)).isoformat())
    waiting = Pair.select().where(
        Pair.asker.in_(own) & (Pair.state == ASKED) & (Pair.ends_on >= ctx.today)
    )
    if waiting.count() >= MOST_ASKED:
        raise TooManyAsked(most=MOST_ASKED)
    if accompanied(ctx, profile.person_id) >= profile.capacity:
        raise FullNow


def _posts_of(person_id: int) -> Any:
    return Appointment.select(Appointment.id).where(Appointment.person == person_id)


def _asked_of(ctx: Context, pair_id: int) -> Any:
    pair = held(ctx, pair_id)
    if pair.mentor is None or pair.mentor.person_id != ctx.person_id:
        raise NotTheMentor
    return pair


def _answer(ctx: Context, pair: Any, state: str, reply: str) -> None:
    _set(pair, state=state, reply=reply, answered_at=ctx.now)


def _set(pair: Any, **columns: Any) -> None:
    Pair.update(**columns).where(Pair.id == pair.id).execute()
