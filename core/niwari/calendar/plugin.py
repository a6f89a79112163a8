"""What the area calendar contributes through the hooks."""

from collections.abc import Iterable, Sequence

from niwari.calendar import feed_views, subjects, views
from niwari.calendar.feed_views import SUBSCRIBE
from niwari.calendar.models import MODELS
from niwari.calendar.views import READ
from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, Permission, Receipt, Record, Subject


@hookimpl
def models() -> Sequence[type[Model]]:
    """The addresses that calendar programs fetch."""
    return MODELS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody sees what they may see; a municipality can forbid subscriptions."""
    return [
        Permission(READ, Label("カレンダーを見る", "See the calendar"), ("staff",)),
        Permission(
            SUBSCRIBE,
            Label(
                "自分の予定を外部のカレンダーで購読する",
                "Subscribe to one's own calendar in another program",
            ),
            ("staff",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The month, the week, files, and the subscription."""
    # Each module of views adds its pages to the one blueprint.
    (blueprint,) = {module.blueprint for module in (views, feed_views)}
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Beside one's own 20%."""
    return [MenuItem(Label("カレンダー", "Calendar"), "calendar.month", "home", order=25)]


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """That there is a feed; not its address, which is kept as a hash."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """End the feed."""
    return subjects.erase(subject)
