"""What local attractions contribute to Niwari. The host calls these functions and wires what they return."""

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
    Verb,
    Wanted,
    hookimpl,
)
from niwari_tourism_sns.models import MODELS
from niwari_tourism_sns.notices import KINDS
from niwari_tourism_sns.resources import RESOURCES
from niwari_tourism_sns.service import disposing, helping, subjects
from niwari_tourism_sns.service.listing import newest_spots
from niwari_tourism_sns.service.post_listing import waiting_posts
from niwari_tourism_sns.service.sight import RELEASE
from niwari_tourism_sns.views import blueprint

_EVERYBODY: Final = ("staff", "head", "hr", "it", "secretariat")


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody writes; heads and their stand-ins keep accounts; 広報 is who the municipality maps it to."""
    return [
        Permission(
            "tourism_sns.read", Label("地域の魅力を見る", "See local attractions"), _EVERYBODY
        ),
        Permission(
            "tourism_sns.write",
            Label("見どころ・ルート・投稿を書く", "Write spots, routes and posts"),
            _EVERYBODY,
        ),
        Permission(
            "tourism_sns.accounts",
            Label("所属のSNSアカウントを登録する", "Enter the section's social media accounts"),
            ("head", "stand_in"),
        ),
        Permission(
            RELEASE,
            Label("広報として投稿の公開を認める", "Release posts as public relations"),
            (),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages below /tourism-sns/."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Spots and photos, routes, accounts, posts."""
    return MODELS


@hookimpl
def migrations() -> Path:
    """The history of their tables."""
    return Path(__file__).parent / "migrations"


@hookimpl
def resources() -> Sequence[Resource]:
    """Spots, routes, accounts and posts are found, linked to and reported."""
    return RESOURCES


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """What the subject wrote, released and helps with."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Forget the subject; what a town shares stays the town's."""
    return subjects.erase(subject)


@hookimpl
def dispose_data(ctx: Context, category: str, before: date) -> Receipt:
    """Remove posts that are as old as the municipality keeps them."""
    return disposing.dispose(ctx, before)


@hookimpl
def activities() -> Sequence[Activity]:
    """What 20% time is spent on: also by staff outside of tourism sections."""
    return [
        Activity(
            helping.ACTIVITY,
            Label("地域の魅力を集めて広める", "Collect and spread local attractions"),
        )
    ]


@hookimpl
def offers(ctx: Context, wanted: Wanted) -> Sequence[Offer]:
    """The routes that look for helpers."""
    return helping.offers(ctx, wanted)


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    """What becomes of the requests of those who help."""
    return helping.SUBSCRIPTIONS


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """A release is asked for, given or refused; a draft is read; a consent is withdrawn."""
    return KINDS


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """地域の魅力, under 広め合う."""
    return [
        MenuItem(Label("地域の魅力", "Local attractions"), "tourism_sns.region", Verb.SPREAD, 50)
    ]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """The newest spots; for who releases posts those that wait."""
    if ctx.may(RELEASE) or ctx.may("tourism_sns.accounts"):
        return [
            Card(
                "waiting",
                Label("承認を待っている投稿", "Posts that wait for a release"),
                "tourism_sns/card_posts.html",
                {"posts": waiting_posts(ctx, 3)},
                endpoint="tourism_sns.find_posts",
                order=70,
            )
        ]
    return [
        Card(
            "newest",
            Label("新しい見どころ", "New spots"),
            "tourism_sns/card_spots.html",
            {"spots": newest_spots(ctx, 3)},
            endpoint="tourism_sns.region",
            order=80,
        )
    ]
