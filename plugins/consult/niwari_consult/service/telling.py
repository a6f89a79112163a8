"""Whom questions and answers concern, and telling them; nobody learns by it who was hidden."""

from collections.abc import Iterable

from niwari.api import (
    REGION,
    Appointment,
    Context,
    Ref,
    notify,
    posts_with_duty,
    tell_author,
)
from niwari_consult.models import Answer, Question
from niwari_consult.notices import ANSWERED, ASKED
from niwari_consult.topics import DUTIES


def tell_of_question(ctx: Context, question: Question) -> None:
    """Tell the people whose duty the topic is, in all towns that can read it; by one statement.

    Who asks by name is not told. A hidden asker is told like the others: the only one of a section who
    was not told would be known.
    """
    codes = DUTIES.get(question.topic, ())
    if not codes:
        return
    posts = posts_with_duty(ctx, *codes)
    if question.audience != REGION:
        here = Appointment.municipality == question.municipality_id
        posts = Appointment.select(Appointment.id).where(Appointment.id.in_(posts) & here)
    notify(ctx, ASKED.code, posts, Ref("consult.question", question.id))


def tell_of_answer(
    ctx: Context, question: Question, hidden: Iterable[Answer], *, but: str = ""
) -> None:
    """Tell whoever asked, and those who answered before; who answers by name is not told.

    ``hidden`` are the answers of hidden authors: each letter is told once, ``but`` not.
    """
    about = Ref("consult.question", question.id)
    involved = Answer.select(Answer.author).where(
        (Answer.question == question.id) & Answer.author.is_null(False)
    )
    if question.author_id is not None:
        asker = Appointment.select(Appointment.id).where(Appointment.id == question.author_id)
        involved = involved | asker
    notify(ctx, ANSWERED.code, involved, about)
    told = {but}
    for row in (question, *hidden):
        if row.hidden_on is not None and row.alias_letter not in told:
            told.add(row.alias_letter)
            tell_author(ctx, ANSWERED.code, row)
