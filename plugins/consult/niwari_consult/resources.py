"""The rows of consult that others may point to."""

from uuid import uuid4

from niwari.api import Context, Label, Part, Resource, gettext
from niwari_consult.models import Answer, Question
from niwari_consult.service import posting
from niwari_consult.texts import Plain


def _title(question: Question) -> str:
    if question.author_id is None:
        return gettext("（文章が消された相談）")
    return str(question.title)


def _text(question: Question) -> str:
    parts = (question.background, question.heard, question.ask, question.body)
    return "\n".join(part for part in parts if part)


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


ANSWER = Part(
    kind="consult.answer",
    model=Answer,
    parent="question",
    label=Label("回答", "Answer"),
    text=lambda answer: str(answer.body),
    anchor=lambda answer: f"answer-{answer.id}",
    author=lambda answer: answer.author_id,
    sample=_sample_answer,
)

QUESTION = Resource(
    kind="consult.question",
    model=Question,
    label=Label("相談", "Question"),
    endpoint="consult.thread",
    key="question_id",
    title=_title,
    text=_text,
    dated=lambda question: question.asked_at,
    author=lambda question: question.author_id,
    parts=(ANSWER,),
    sample=_sample,
)
