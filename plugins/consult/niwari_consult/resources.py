"""The rows of consult that others may point to."""

from datetime import datetime, time
from uuid import uuid4

from niwari.api import TOKYO, Context, Label, Part, Resource, gettext
from niwari_consult.models import Answer, Question
from niwari_consult.service import posting
from niwari_consult.service.rows import ERASED
from niwari_consult.texts import InParts, Plain


def _title(question: Question) -> str:
    if question.title == ERASED:
        return gettext("（文章が消された相談）")
    return str(question.title)


def _text(question: Question) -> str:
    parts = (question.background, question.heard, question.ask, question.body)
    return "\n".join(part for part in parts if part)


def _dated(question: Question) -> datetime:
    """Return when it was asked; of a hidden author's the beginning of the day, which is all that is told."""
    if question.hidden_on is not None:
        return datetime.combine(question.hidden_on, time(), TOKYO)
    asked_at: datetime = question.asked_at
    return asked_at


def _sample(ctx: Context) -> int:
    return posting.ask(
        ctx,
        topic="other",
        title="窓口の番号札を紙から画面に替えた町はありますか",
        text=Plain("来庁者の多い日に、呼び出しの声が届きません。"),
        audience=posting.audiences(ctx)[-1],
        form_key=str(uuid4()),
    ).id


def _sample_answer(ctx: Context, question_id: int) -> int:
    return posting.answer(
        ctx,
        question_id,
        body="三春町では、番号札の色を日ごとに替えています。",
        form_key=str(uuid4()),
    ).id


def _hidden_sample(ctx: Context) -> None:
    posting.ask(
        ctx,
        topic="other",
        title="いまさら聞けない、決裁の順番",
        text=InParts("", "", "だれに先に見せるのか、聞かないまま来ました。"),
        audience=posting.audiences(ctx)[-1],
        form_key=str(uuid4()),
        hide_name=True,
    )


def _hidden_sample_answer(ctx: Context, question_id: int) -> None:
    posting.answer(
        ctx,
        question_id,
        body="同じところで迷い、決裁規程の表を写して机に貼りました。",
        form_key=str(uuid4()),
        hide_name=True,
    )


ANSWER = Part(
    kind="consult.answer",
    model=Answer,
    parent="question",
    label=Label("回答", "Answer"),
    text=lambda answer: str(answer.body),
    anchor=lambda answer: f"answer-{answer.id}",
    author=lambda answer: answer.author_id,
    envelope=lambda answer: answer.sealed,
    sample=_sample_answer,
    hidden_sample=_hidden_sample_answer,
)

QUESTION = Resource(
    kind="consult.question",
    model=Question,
    label=Label("相談", "Question"),
    endpoint="consult.thread",
    key="question_id",
    title=_title,
    text=_text,
    dated=_dated,
    author=lambda question: question.author_id,
    envelope=lambda question: question.sealed,
    parts=(ANSWER,),
    sample=_sample,
    hidden_sample=_hidden_sample,
)
