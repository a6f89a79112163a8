"""What consult contributes to Niwari. The host calls these functions and wires what they return."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from niwari.api import (
    Activity,
    Blueprint,
    Card,
    Context,
    Label,
    MenuItem,
    Model,
    NoticeKind,
    Permission,
    Receipt,
    Record,
    Resource,
    Subject,
    Task,
    Verb,
    hookimpl,
)
from niwari_consult.models import MODELS
from niwari_consult.notices import KINDS
from niwari_consult.resources import QUESTION
from niwari_consult.service import disposing, hiding, subjects
from niwari_consult.service.listing import waiting_for_others
from niwari_consult.views import blueprint

_EVERYBODY: Final = ("staff", "head", "hr", "it", "secretariat")


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may read, ask and answer, unless a municipality maps it otherwise."""
    return [
        Permission("consult.read", Label("相談を読む", "Read questions"), _EVERYBODY),
        Permission("consult.ask", Label("相談する", "Ask"), _EVERYBODY),
        Permission("consult.answer", Label("相談に答える", "Answer questions"), _EVERYBODY),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages below /consult/."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Questions and answers."""
    return MODELS


@hookimpl
def migrations() -> Path:
    """The history of their tables."""
    return Path(__file__).parent / "migrations"


@hookimpl
def resources() -> Sequence[Resource]:
    """A question can be linked to; its answers belong to it."""
    return [QUESTION]


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """Questions and answers that the subject wrote."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase what the subject wrote; a question with answers of others stays without its words."""
    return subjects.erase(subject)


@hookimpl
def dispose_data(ctx: Context, category: str, before: date) -> Receipt:
    """Remove the questions that nobody has touched since a day, with their answers."""
    return disposing.dispose(ctx, before)


@hookimpl
def tasks() -> Sequence[Task]:
    """What is done without a name at the quarter of an hour."""
    asked = Label("名前を出さない相談の公開", "Publish a question without a name")
    answered = Label("名前を出さない回答の公開", "Publish an answer without a name")
    solved = Label("名前を出さない相談の解決", "Solve a question without a name")
    return [
        Task(hiding.ASK, hiding.publish_question, asked, hidden=True),
        Task(hiding.ANSWER, hiding.publish_answer, answered, hidden=True),
        Task(hiding.ACCEPT, hiding.publish_acceptance, solved, hidden=True, writes=False),
    ]


@hookimpl
def activities() -> Sequence[Activity]:
    """Answering takes time, and it counts; whom one helped is nobody's business (rule L14)."""
    return [Activity("consult", Label("相談に答える", "Answer questions"), discreet=True)]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """A question about one's duties; an answer came; an answer helped."""
    return KINDS


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """相談, under 助け合う."""
    return [MenuItem(Label("相談", "Consult"), "consult.questions", Verb.HELP, order=10)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """Questions that wait for somebody to answer, to be seen in passing."""
    return [
        Card(
            "waiting",
            Label("答えを待っている相談", "Questions waiting for an answer"),
            "consult/card_waiting.html",
            {"questions": waiting_for_others(ctx, 3)},
            endpoint="consult.waiting",
            order=50,
        )
    ]
