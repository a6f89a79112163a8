"""What mutual learning contributes. Niwari calls these functions and wires what they return."""

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
    Offer,
    Permission,
    Receipt,
    Record,
    Resource,
    Subject,
    Subscription,
    Task,
    Verb,
    Wanted,
    hookimpl,
)
from niwari_mentoring import resources as rows
from niwari_mentoring.models import MODELS
from niwari_mentoring.notices import KINDS
from niwari_mentoring.service import (
    asking,
    disposing,
    leaving,
    open_day_lists,
    reading,
    subjects,
)
from niwari_mentoring.texts import ACTIVITY
from niwari_mentoring.views import blueprint

LABEL: Final = Label("学び合い", "Mutual learning")
_EVERYBODY: Final = ("staff", "head", "hr", "it", "secretariat")


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may read, ask and be asked; a municipality may leave its sheets to fewer people."""
    return [
        Permission("mentoring.read", Label("学び合いを見る", "See mutual learning"), _EVERYBODY),
        Permission(
            "mentoring.ask",
            Label("所属に質問する、所属を紹介する", "Ask sections, describe the own one"),
            _EVERYBODY,
        ),
        Permission(
            "mentoring.fill", Label("庶務のシートを書く", "Fill in practice sheets"), _EVERYBODY
        ),
        Permission("mentoring.pair", Label("ペアで学び合う", "Learn in pairs"), _EVERYBODY),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages below /mentoring/."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Sections with their questions and open days, sheets, and pairs with what they have."""
    return MODELS


@hookimpl
def migrations() -> Path:
    """The history of their tables."""
    return Path(__file__).parent / "migrations"


@hookimpl
def resources() -> Sequence[Resource]:
    """Sections, open days, sheets and profiles are shared; a pair and its meetings are for the two."""
    return rows.RESOURCES


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """What the subject wrote by name; notes and words of pairs in the person's own file alone."""
    return subjects.records(ctx, subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase it; what is a section's, a town's or the other's of a pair stays without the subject."""
    return subjects.erase(subject)


@hookimpl
def dispose_data(ctx: Context, category: str, before: date) -> Receipt:
    """Remove questions, and ended pairs and open days, of before a day."""
    return disposing.dispose(ctx, category, before)


@hookimpl
def tasks() -> Sequence[Task]:
    """Publishing what is asked without a name."""
    label = Label(
        "名前を出さない、所属への質問の公開", "Publish a question to a section without a name"
    )
    return [Task(asking.ASK, asking.publish_question, label, hidden=True)]


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    """Who leaves ends their pairs; who is transferred takes the profile along."""
    return [
        Subscription("directory.PersonLeft", leaving.follow_leaving),
        Subscription("directory.PersonTransferred", leaving.follow_transfer),
    ]


@hookimpl
def activities() -> Sequence[Activity]:
    """It counts; with whom, about what and which section is nobody's business (rule L14)."""
    return [Activity(ACTIVITY, LABEL, discreet=True)]


@hookimpl
def offers(ctx: Context, wanted: Wanted) -> Sequence[Offer]:
    """オープンカンパニーの日, with seats; who signs up is told to those who work there alone."""
    return open_day_lists.offers(ctx, wanted)


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """A section is asked, an answer came, and what becomes of a pair."""
    return KINDS


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """学び合い, under 高め合う."""
    return [MenuItem(LABEL, "mentoring.sections_page", Verb.RAISE, order=10)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """The own pairs: who waits for an answer, and the next meetings."""
    return [
        Card(
            "pairs",
            Label("わたしの学び合い", "My learning pairs"),
            "mentoring/card_pairs.html",
            {"pairs": reading.for_home(ctx, 3)},
            endpoint="mentoring.my_pairs",
            order=70,
        )
    ]
