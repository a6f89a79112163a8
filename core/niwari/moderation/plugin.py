"""What moderation contributes through the hooks. It is always on."""

from collections.abc import Iterable, Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.moderation import deciding_views, own_views, subjects
from niwari.moderation.events import EVENTS
from niwari.moderation.merging import hand_over
from niwari.moderation.models import MODELS
from niwari.moderation.moderators import DECIDE, DECIDE_REGION
from niwari.moderation.notices import KINDS
from niwari.moderation.own_views import MINE, REPORT
from niwari.specs import hookimpl
from niwari.specs.contributions import (
    Label,
    MenuItem,
    NoticeKind,
    Permission,
    Receipt,
    Record,
    Subject,
    Subscription,
)


@hookimpl
def models() -> Sequence[type[Model]]:
    """Cases, reports, decisions."""
    return MODELS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody reports; municipal IT decides for a town, the secretariat for the region."""
    return [
        Permission(REPORT, Label("投稿を報告する", "Report posts"), ("staff",)),
        Permission(
            MINE,
            Label("自分の投稿や報告への対応を見る", "See what became of one's posts and reports"),
            ("staff",),
        ),
        Permission(
            DECIDE,
            Label(
                "報告された投稿を確認し、表示を止めたり戻したりする",
                "Look at reported posts, hold them back and release them",
            ),
            ("it",),
        ),
        Permission(
            DECIDE_REGION,
            Label(
                "広域圏で、報告された投稿を確認し、表示を止めたり戻したりする",
                "Look at reported posts for the region, hold them back and release them",
            ),
            ("secretariat",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Reporting, one's own posts and reports, and the queues of moderators."""
    # Each module of views adds its pages to the one blueprint.
    (blueprint,) = {views.blueprint for views in (own_views, deciding_views)}
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Under 管理, for moderators; the frame of the page adds the number of what waits for them."""
    return [
        MenuItem(Label("報告の確認", "Reported posts"), "moderation.queue", "admin", 57),
        MenuItem(
            Label("広域圏の報告の確認", "The region's reported posts"),
            "moderation.region_queue",
            "admin",
            58,
        ),
    ]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """A post waits, a report was answered, a post of one's own is held back or shown again."""
    return KINDS


@hookimpl
def events() -> Sequence[type[object]]:
    """A post is held back, or released."""
    return EVENTS


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    """Cases go with a municipality that is merged."""
    return [Subscription("directory.MunicipalityMerged", hand_over)]


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """Reports to whoever made them, objections, decisions."""
    return subjects.records(ctx, subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Take people and words out of reports; decisions remain as numbers."""
    return subjects.erase(ctx, subject)
