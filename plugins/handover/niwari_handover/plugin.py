"""What handover contributes to Niwari. The host calls these functions and wires what they return."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from niwari.api import (
    Activity,
    Blueprint,
    Card,
    Context,
    Daily,
    Job,
    Label,
    MenuItem,
    Model,
    NoticeKind,
    Permission,
    Receipt,
    Record,
    Resource,
    Setting,
    Subject,
    Subscription,
    Verb,
    hookimpl,
)
from niwari_handover.models import MODELS
from niwari_handover.notices import KINDS
from niwari_handover.resources import DUTY, NOTEBOOK
from niwari_handover.service import beginning, disposing, helping, moving, subjects
from niwari_handover.service.listing import unfinished
from niwari_handover.service.sight import NAME_ANY
from niwari_handover.views import blueprint

_EVERYBODY: Final = ("staff", "head", "hr", "it", "secretariat")


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody keeps notebooks of the own post; HR names successors and reads none of them."""
    return [
        Permission(
            "handover.read", Label("引継ぎノートを読む", "Read handover notebooks"), _EVERYBODY
        ),
        Permission(
            "handover.write", Label("引継ぎノートを書く", "Write handover notebooks"), _EVERYBODY
        ),
        Permission(
            NAME_ANY,
            Label("すべての担当の後任を決める", "Name the successor of any post"),
            ("hr",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages below /handover/."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Notebooks with their duties and versions, and their handing over."""
    return MODELS


@hookimpl
def migrations() -> Path:
    """The history of their tables."""
    return Path(__file__).parent / "migrations"


@hookimpl
def resources() -> Sequence[Resource]:
    """A notebook and a duty can be linked to, found and reported; a duty has files and its day."""
    return [NOTEBOOK, DUTY]


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """What the subject wrote, held and confirmed."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Forget the subject; what a notebook says is the post's and stays."""
    return subjects.erase(subject)


@hookimpl
def dispose_data(ctx: Context, category: str, before: date) -> Receipt:
    """Remove what nobody has touched since a day: duties with their history, or what was handed over."""
    return disposing.dispose(ctx, category, before)


@hookimpl
def activities() -> Sequence[Activity]:
    """All three windows are charged to it: writing, handing over, helping in the first year."""
    return [
        Activity(
            helping.ACTIVITY,
            Label("引継ぎ（書く・渡す・支える）", "Handover (write, pass on, help)"),
        )
    ]


@hookimpl
def settings() -> Sequence[Setting]:
    """How much help a predecessor may give in the first year, as a guide."""
    return [
        Setting(
            "help_minutes",
            Label(
                "前任の支援の目安（異動日から1年）", "Guide for a predecessor's help (first year)"
            ),
            600,
            hint=Label(
                "前任の画面に目安として出します。超えても止めません。",
                "Shown to predecessors as a guide; nothing is stopped beyond it.",
            ),
            minimum=0,
            maximum=6000,
            unit=Label("分", "minutes"),
        )
    ]


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    """Who came or left, what became of a town, and what the ledger says of help."""
    return [
        Subscription("directory.PersonTransferred", beginning.follow_transfer),
        Subscription("directory.PersonLeft", beginning.follow_leaving),
        Subscription("directory.MunicipalityMerged", moving.follow_merger),
        Subscription("ledger.RequestAgreed", helping.tell_new_section),
    ]


@hookimpl
def jobs() -> Sequence[Job]:
    """Every morning posts pass to their successors."""
    return [
        Job(
            "handover.day",
            beginning.look_at_day,
            Daily("05:30"),
            Label("異動日の担当を切り替える", "Let posts pass to their successors"),
        )
    ]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """A successor is named, a post passes on, somebody asks."""
    return KINDS


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """引継ぎ, under 広め合う."""
    return [MenuItem(Label("引継ぎ", "Handover"), "handover.notebooks", Verb.SPREAD, order=40)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """What the own notebooks still lack."""
    return [
        Card(
            "unfinished",
            Label("引継ぎノートで足りないもの", "What my handover notebooks lack"),
            "handover/card_unfinished.html",
            {"duties": unfinished(ctx, 3)},
            endpoint="handover.notebooks",
            order=60,
        )
    ]
