"""What the ledger contributes through the hooks."""

from collections.abc import Iterable, Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.ledger import overview, subjects
from niwari.ledger.models import DISCREET_ACTIVITY, MODELS
from niwari.ledger.views import blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import (
    Activity,
    Label,
    MenuItem,
    Permission,
    Receipt,
    Record,
    Subject,
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
            "ledger.decide", Label("申込みに答える", "Answer requests"), ("head", "stand_in")
        ),
    ]


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
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """わたしの20% for everybody; what waits, for heads, with its number."""
    items = [MenuItem(Label("わたしの20%", "My 20%"), "ledger.month", "home", order=10)]
    if ctx.may("ledger.decide"):
        items.append(
            MenuItem(
                Label("了承を待つ申込み", "Requests to answer"),
                "ledger.approvals",
                "head",
                badge=overview.waiting_count(ctx),
            )
        )
    return items


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """Hours, leave, requests, allowances and postings."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase hours, leave and words of those who have left; allowances and journal remain."""
    return subjects.erase(ctx, subject)
