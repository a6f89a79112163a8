"""What it contributes: a page, a menu item, a card, a table."""

from collections.abc import Sequence
from pathlib import Path

from niwari.api import Blueprint, Card, Context, Label, MenuItem, Model, Permission, Verb, hookimpl
from niwari_lending import service
from niwari_lending.models import MODELS
from niwari_lending.views import blueprint


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may look and offer."""
    return [
        Permission("lending.read", Label("貸せるものを見る", "See what is offered"), ("staff",)),
        Permission("lending.offer", Label("貸せるものを書く", "Offer something"), ("staff",)),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The page below /lending/."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """What is offered."""
    return MODELS


@hookimpl
def migrations() -> Path:
    """The history of the table."""
    return Path(__file__).parent / "migrations"


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """The way to the page."""
    return [MenuItem(Label("備品の貸し借り", "Lending"), "lending.items", Verb.HELP, order=80)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """What was offered last."""
    return [
        Card(
            "newest",
            Label("貸せる備品", "Equipment to borrow"),
            "lending/card.html",
            {"items": service.offered(ctx)[:3]},
            endpoint="lending.items",
            order=40,
        )
    ]
