"""What the leave cafe contributes. Niwari calls these functions and wires what they return."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click

from niwari.api import (
    Activity,
    Blueprint,
    Card,
    Choice,
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
    Task,
    Verb,
    hookimpl,
)
from niwari_leave_cafe.commands import check
from niwari_leave_cafe.models import MODELS
from niwari_leave_cafe.notices import KINDS
from niwari_leave_cafe.resources import EXPERIENCE
from niwari_leave_cafe.service import changing, disposing, subjects
from niwari_leave_cafe.service.in_force import PACK_SETTING
from niwari_leave_cafe.service.reading import newest
from niwari_leave_cafe.service.telling import look_at_rules
from niwari_leave_cafe.service.writing import TASK, publish
from niwari_leave_cafe.views import blueprint

LABEL: Final = Label("産休・育休カフェ", "Leave cafe")
_EVERYBODY: Final = ("staff", "head", "hr", "it", "secretariat")


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may look and work dates out; HR confirms the rules."""
    return [
        Permission(
            "leave_cafe.read", Label("産休・育休カフェを見る", "See the leave cafe"), _EVERYBODY
        ),
        Permission(
            "leave_cafe.dates",
            Label("産休・育休の日付を調べる", "Work out dates of leave"),
            _EVERYBODY,
        ),
        Permission("leave_cafe.write", Label("体験談を書く", "Write an experience"), _EVERYBODY),
        Permission("leave_cafe.confirm", Label("規程を確認する", "Confirm the rules"), ("hr",)),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages below /leave-cafe/."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Experiences with their marks, confirmations of rules, and who was told of them."""
    return MODELS


@hookimpl
def migrations() -> Path:
    """The history of their tables."""
    return Path(__file__).parent / "migrations"


@hookimpl
def resources() -> Sequence[Resource]:
    """An experience can be linked to, found and reported."""
    return [EXPERIENCE]


@hookimpl
def tasks() -> Sequence[Task]:
    """Publishing, changing and withdrawing what was written without a name."""
    return [
        Task(TASK, publish, Label("体験談の公開", "Publish an experience"), hidden=True),
        Task(
            changing.CHANGE,
            changing.publish_change,
            Label("体験談の訂正", "Change an experience"),
            hidden=True,
        ),
        Task(
            changing.WITHDRAW,
            changing.publish_withdrawal,
            Label("体験談の取下げ", "Withdraw an experience"),
            hidden=True,
            writes=False,
        ),
    ]


@hookimpl
def jobs() -> Sequence[Job]:
    """Every morning HR is told of rules that wait for their word."""
    return [
        Job(
            "leave_cafe.rules",
            look_at_rules,
            Daily("05:40"),
            Label("規程の確認のお知らせ", "Tell of rules to confirm"),
        )
    ]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """One's experience was of help; rules wait for HR."""
    return KINDS


@hookimpl
def dispose_data(ctx: Context, category: str, before: date) -> Receipt:
    """Remove the experiences of before a day."""
    return disposing.dispose(ctx, before)


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """The newest experiences, to be seen in passing."""
    return [
        Card(
            "newest",
            Label("産休・育休の体験談", "Experiences of leave"),
            "leave_cafe/card.html",
            {"experiences": newest(ctx, 3)},
            endpoint="leave_cafe.experiences",
            order=80,
        )
    ]


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """Everything that is kept of the subject; of dates that were worked out there is nothing."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase it; a municipality's confirmation stays without a name."""
    return subjects.erase(subject)


@hookimpl
def settings() -> Sequence[Setting]:
    """Which rules hold where a town has no pack of its own."""
    return [
        Setting(
            PACK_SETTING,
            Label("日付の計算に使う規程", "Rules by which dates are worked out"),
            default="region",
            hint=Label(
                "市町村の規程ファイルが置かれているときは、そちらを使います。",
                "Where a file with the town's own rules is installed, that is used.",
            ),
            choices=(
                Choice("region", Label("郡山広域圏の見本", "Sample of the Koriyama region")),
                Choice("law", Label("法律の最低限", "The floor that the law sets")),
            ),
        )
    ]


@hookimpl
def activities() -> Sequence[Activity]:
    """Reading and writing takes time, and it counts; that it was about a birth is nobody's business."""
    return [
        Activity(
            "leave_cafe",
            Label("産休・育休の経験を伝える・聞く", "Share experiences of leave"),
            discreet=True,
        )
    ]


@hookimpl
def commands() -> Sequence[click.Command]:
    """Checking a file of rules."""
    return [check]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """産休・育休カフェ, under 助け合う."""
    return [MenuItem(LABEL, "leave_cafe.start", Verb.HELP, order=30)]
