"""What the channels contribute through the hooks: the inbox and how notices leave."""

from collections.abc import Sequence

from niwari.channels import inbox_views, setting_views, webhook_views
from niwari.channels.inbox_views import MINE
from niwari.channels.models import MODELS
from niwari.channels.setting_views import ADMIN
from niwari.channels.webhooks.refused import REFUSED, WEBHOOKS
from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, NoticeKind, Permission


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody has an inbox; municipal IT sees what did not arrive."""
    return [
        Permission(
            MINE, Label("お知らせを見る、届け方を選ぶ", "See notices and choose how"), ("staff",)
        ),
        Permission(
            ADMIN,
            Label("メールで送るお知らせを決める", "Decide which notices are sent by mail"),
            ("it",),
        ),
        Permission(
            WEBHOOKS,
            Label("お知らせを庁内のチャットへ送る設定をする", "Send notices to the town's chat"),
            ("it",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages below /notices/."""
    # Each module of views adds its pages to the one blueprint.
    (blueprint,) = {views.blueprint for views in (inbox_views, setting_views, webhook_views)}
    return [blueprint]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """The town's chat takes nothing any more."""
    return [REFUSED]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Where municipalities let notices go."""
    return MODELS


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Under 管理, for those who have it; the inbox has its place at the top of every page."""
    return [
        MenuItem(
            Label("メールでのお知らせ", "Notices by mail"), "channels.administer", "admin", 57
        ),
        MenuItem(Label("チャットへのお知らせ", "Notices to chat"), "channels.webhook", "admin", 58),
    ]
