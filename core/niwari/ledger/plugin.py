"""What the ledger contributes through the hooks."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g, has_request_context

from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.ledger import subjects
from niwari.ledger.arranging import suspending
from niwari.ledger.attending.telling import KINDS as ATTENDING_KINDS
from niwari.ledger.deciding import moving
from niwari.ledger.deciding.waiting_list import WaitingCounts, waiting_counts
from niwari.ledger.disposing import removing
from niwari.ledger.disposing.proposing import TASK
from niwari.ledger.disposing.telling import KINDS as DISPOSING_KINDS
from niwari.ledger.disposing.telling import PERMISSION as DISPOSE
from niwari.ledger.events import EVENTS
from niwari.ledger.models import DISCREET_ACTIVITY, MODELS
from niwari.ledger.notice_kinds import KINDS
from niwari.ledger.recording import approving
from niwari.ledger.settings import SETTINGS, choices_of
from niwari.ledger.standing.telling import KINDS as STANDING_KINDS
from niwari.ledger.views import blueprint
from niwari.ledger.views.hr import REGION_PERMISSION, SETTINGS_PERMISSION
from niwari.specs import hookimpl
from niwari.specs.contributions import (
    Activity,
    Label,
    MenuItem,
    NoticeKind,
    Permission,
    Receipt,
    Record,
    Setting,
    Subject,
    Subscription,
    Task,
)


@hookimpl
def models() -> Sequence[type[Model]]:
    """Work time, rates, accounts, requests, journal."""
    return MODELS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody keeps an own ledger; heads and those who stand in for them answer."""
    return [
        Permission("ledger.read", Label("自分の20%を見る", "See one's own 20%"), ("staff",)),
        Permission("ledger.ask", Label("20%の時間を申し込む", "Ask for 20% time"), ("staff",)),
        Permission(
            "ledger.host",
            Label("主催した取組の出席を確かめる", "Confirm who was at what one hosts"),
            ("staff",),
        ),
        Permission(
            "ledger.decide", Label("申込みに答える", "Answer requests"), ("head", "stand_in")
        ),
        Permission(
            "ledger.enter", Label("所属の職員の代わりに入力する", "Enter for others"), ("clerk",)
        ),
        Permission(
            "ledger.hr",
            Label(
                "20%の時間の月を締め、締めた月の訂正に答える",
                "Close months of 20% time and correct them",
            ),
            ("hr",),
        ),
        Permission(
            DISPOSE,
            Label("終わった年度の台帳を廃棄する", "Dispose of past fiscal years"),
            ("hr",),
        ),
        Permission(
            "ledger.statement",
            Label("自分の20%の記録を受け取る", "Get one's own statement"),
            ("staff",),
        ),
        Permission("ledger.report", Label("20%の集計を見る", "See reports of the 20%"), ("hr",)),
        Permission(
            "ledger.report_region",
            Label("広域圏の20%の集計を見る", "See the region's matrix of the 20%"),
            ("secretariat",),
        ),
        Permission(
            SETTINGS_PERMISSION,
            Label(
                "20%の決まりを決める（割合・根拠・停止）",
                "Decide on the 20% rule (shares, bases, stops)",
            ),
            ("hr",),
        ),
        Permission(
            REGION_PERMISSION,
            Label("広域圏の20%の割合を決める", "Set the region's share of time"),
            ("secretariat",),
        ),
    ]


@hookimpl
def settings() -> Sequence[Setting]:
    """What a municipality chooses about the 20% rule."""
    return SETTINGS


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The month, the request, the head's list."""
    return [blueprint]


@hookimpl
def activities() -> Sequence[Activity]:
    """What 20% time may be spent on without any plugin (R-001).

    The first is the default label of all counting classes, so its use says nothing (L14).
    """
    return [
        Activity(DISCREET_ACTIVITY, Label("学び・相談", "Learning and consulting")),
        Activity("planning", Label("企画・立案への参加", "Taking part in planning")),
        Activity("problem_solving", Label("職場や地域の課題の解決", "Solving problems")),
        Activity("training", Label("命じられた研修（枠に入りません）", "Ordered training"), False),
    ]


@hookimpl
def events() -> Sequence[type[Any]]:
    """A request was agreed to, declined, taken back, called off or shortened."""
    return EVENTS


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    """What is agreed goes with a transfer, or ends with a move (L11)."""
    return [
        Subscription("directory.PersonTransferred", moving.transferred),
        Subscription("directory.PersonLeft", moving.left),
    ]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """A request waits for one's answer; one's own was answered."""
    return (*KINDS, *STANDING_KINDS, *ATTENDING_KINDS, *DISPOSING_KINDS)


@hookimpl
def tasks() -> Sequence[Task]:
    """Suspending what a freeze reaches; removing a fiscal year that is disposed of."""
    return [
        Task(
            suspending.TASK,
            suspending.suspend_all,
            Label("了承済みの予定の停止", "Suspend agreed requests"),
        ),
        Task(
            TASK,
            removing.remove_all,
            Label("年度の台帳の廃棄", "Dispose of a fiscal year"),
        ),
    ]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """わたしの20% for everybody; what waits, for heads, with its number."""
    items = [MenuItem(Label("わたしの20%", "My 20%"), "ledger.month", "home", order=10)]
    if ctx.may("ledger.enter") and choices_of(ctx).clerk_entry:
        entering = Label("代理入力", "Enter for others")
        items.append(MenuItem(entering, "ledger.entering", "home", order=12))
    if ctx.may("ledger.decide"):
        items.append(
            MenuItem(
                Label("了承を待つ申込み", "Requests to answer"),
                "ledger.approvals",
                "head",
                badge=_waiting(ctx).total,
            )
        )
        items.append(
            MenuItem(
                Label("だれがいつ使うか", "Who is away when"),
                "ledger.away_month",
                "head",
                order=110,
            )
        )
    if ctx.may("ledger.hr"):
        items.append(
            MenuItem(
                Label("月の締め", "Closing of months"),
                "ledger.closing",
                "admin",
                36,
                badge=approving.waiting_count(ctx) or None,
            )
        )
    items.append(MenuItem(Label("台帳の廃棄", "Disposal"), "ledger.disposals", "admin", order=40))
    items.append(MenuItem(Label("20%の決まり", "The 20% rule"), "ledger.rules", "admin", order=35))
    items.append(
        MenuItem(
            Label("広域圏の20%の割合", "The region's share of time"),
            "ledger.region_rates",
            "admin",
            order=38,
        )
    )
    items += [
        MenuItem(Label("20%の集計", "Reports of the 20%"), "ledger.reports", "admin", 37),
        MenuItem(
            Label("広域圏の20%の集計", "The region's 20%"), "ledger.region_report", "admin", 39
        ),
    ]
    return items


def _waiting(ctx: Context) -> WaitingCounts:
    """Return what waits for the head; a page that has found it out, or who answers, is not asked again."""
    if not has_request_context():
        return waiting_counts(ctx)
    found: WaitingCounts | None = g.get("waiting")
    return found or waiting_counts(ctx, g.get("charge"))


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """Hours, leave, requests, allowances and postings."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase hours, leave and words of those who have left; allowances and journal remain."""
    return subjects.erase(ctx, subject)
