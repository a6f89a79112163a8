"""Questions to a section, with one's name or without, and the answers of those who work there.

Which section somebody asks about is nobody's business: the audit of a question by name says neither
the question nor the section, and of one without a name only its letter.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from niwari.api import (
    SECTION,
    Appointment,
    Context,
    HiddenAuthor,
    Municipality,
    NotFound,
    Person,
    Questions,
    Ref,
    Section,
    StaleForm,
    active_now,
    audit,
    check_room_for_answer,
    checked_key,
    checked_text,
    hidden_name,
    is_held,
    later_hidden,
    not_withdrawn,
    notify,
    paused,
    questions_page,
    section_name,
    tell_author,
    transaction,
)
from niwari_mentoring.errors import IsHidden, Paused
from niwari_mentoring.models import Message, SectionProfile
from niwari_mentoring.notices import ANSWERED, ASKED
from niwari_mentoring.service.sections import KIND, check_works_here, held
from niwari_mentoring.texts import MESSAGE_LIMIT, PLUGIN

ASK = "mentoring.ask"


@dataclass(frozen=True, slots=True)
class Said:
    """A question or an answer as it is shown; of one that is held back neither words nor author.

    ``alias`` is the letter of a hidden author, of whom there is no name and no place; then
    ``day_only`` is true and of ``said_at`` the day alone is told.
    """

    id: int
    question_id: int | None
    body: str
    name: str
    municipality: str
    section: str
    said_at: datetime
    is_held: bool
    day_only: bool


def ask(
    ctx: Context, section_profile_id: int, *, body: str, form_key: str, hide_name: bool = True
) -> int | None:
    """Ask a section; returns the question's id, ``None`` where it waits for the quarter of an hour.

    The people of the section are told. The same ``form_key`` again changes nothing. Raises
    ``NotFound``, ``IsHidden``, ``Paused``, ``StaleForm``, what the texts refuse, and of somebody hidden
    what ``later_hidden`` refuses.
    """
    body = checked_text(body, "body", MESSAGE_LIMIT, required=True)
    key = checked_key(form_key)
    with transaction(ctx):
        profile = held(ctx, section_profile_id)
        _check_open(profile)
        if hide_name:
            later_hidden(ctx, ASK, key=key, section_profile_id=profile.id, body=body)
            return None
        sent = _sent_before(ctx, profile, key, question=None)
        if sent is not None:
            return int(sent.id)
        row = _say(ctx, profile, body, key)
        # Neither the question nor the section: who asks where is not for the audit.
        audit(ctx, ASK, "mentoring.message", None)
        _tell_section(ctx, profile)
        return int(row.id)


def publish_question(
    ctx: Context, author: HiddenAuthor, *, section_profile_id: int, body: str
) -> None:
    """Publish a question whose author is hidden; each question is a thread of its own."""
    profile = SectionProfile.get_or_none(SectionProfile.id == section_profile_id)
    if profile is None:
        raise NotFound
    _check_open(profile)
    row = Message.create(
        **author.columns(ctx, Message), profile=profile.id, body=body, said_at=ctx.now
    )
    _tell_section(ctx, profile)
    author.keep(ctx, ASK, row, profile)


def answer(
    ctx: Context, section_profile_id: int, question_id: int, *, body: str, form_key: str
) -> int:
    """Answer a question to the own section, by name; whoever asked is told. Returns the answer's id.

    Raises ``NotFound``, ``NotOfSection``, ``StaleForm``, ``TooManyAnswers``, and what the texts refuse.
    """
    body = checked_text(body, "body", MESSAGE_LIMIT, required=True)
    key = checked_key(form_key)
    with transaction(ctx):
        profile = held(ctx, section_profile_id)
        check_works_here(ctx, profile)
        question = _question(profile, question_id)
        sent = _sent_before(ctx, profile, key, question=question.id)
        if sent is not None:
            return int(sent.id)
        check_room_for_answer(Message.question, question.id)
        row = _say(ctx, profile, body, key, question=question.id)
        audit(ctx, "mentoring.answer", "mentoring.message", row.id)
        tell_author(ctx, ANSWERED.code, question, Ref(KIND, profile.id))
        return int(row.id)


def questions(ctx: Context, section_profile_id: int, before: int = 0) -> Questions[Said]:
    """Return a page of questions with their answers; one query.

    For a profile that the caller has read through ``get_profile``.
    """
    here = (Message.profile == section_profile_id) & not_withdrawn(ctx, Message)
    return questions_page(_messages(ctx), here, Message.question, _said, before)


def _check_open(profile: Any) -> None:
    if profile.audience == SECTION:
        raise IsHidden
    if paused(profile):
        raise Paused(municipality=profile.municipality.name)


def _question(profile: Any, question_id: int) -> Any:
    here = (Message.id == question_id) & (Message.profile == profile.id)
    question = Message.get_or_none(here & Message.question.is_null() & ~is_held(Message))
    if question is None:
        raise NotFound
    return question


def _sent_before(ctx: Context, profile: Any, key: str, *, question: int | None) -> Any:
    sent = Message.get_or_none(Message.key == key)
    if sent is None:
        if not active_now(ctx, PLUGIN):
            raise NotFound
        return None
    same = sent.profile_id == profile.id and sent.question_id == question
    if not same or sent.author is None or sent.author.person_id != ctx.person_id:
        raise StaleForm
    return sent


def _say(ctx: Context, profile: Any, body: str, key: str, question: int | None = None) -> Any:
    return Message.create(
        profile=profile.id,
        question=question,
        municipality=ctx.municipality.id,
        section=ctx.acting.section_id,
        author=ctx.acting.id,
        key=key,
        body=body,
        said_at=ctx.now,
    )


def _tell_section(ctx: Context, profile: Any) -> None:
    """Tell everybody who works there, a hidden asker among them like the others."""
    posts = Appointment.select(Appointment.id).where(
        (Appointment.section == profile.section_id)
        & (Appointment.starts_on <= ctx.today)
        & (Appointment.ends_on.is_null() | (Appointment.ends_on >= ctx.today))
    )
    notify(ctx, ASKED.code, posts, Ref(KIND, profile.id))


def _messages(ctx: Context) -> Any:
    return (
        Message.select(
            Message.id,
            Message.question,
            Message.body,
            Person.name,
            Municipality.name,
            section_name(ctx.today),
            Message.said_at,
            is_held(Message),
            Message.alias_letter,
            Message.hidden_on,
        )
        .join_from(Message, Appointment, JOIN.LEFT_OUTER, on=(Appointment.id == Message.author))
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .join_from(Message, Municipality)
        .join_from(Message, Section)
        .tuples()
    )


def _said(row: tuple[Any, ...]) -> Said:
    id_, question_id, body, name, municipality, section, said_at, held_back, alias, hidden_on = row
    if held_back:
        return Said(id_, question_id, "", "", "", "", said_at, is_held=True, day_only=True)
    if hidden_on is not None:
        name, municipality, section = hidden_name(alias), "", ""
    elif name is None:
        name, section = "", ""
    is_day = hidden_on is not None
    return Said(
        id_, question_id, body, name, municipality, section, said_at, is_held=False, day_only=is_day
    )
