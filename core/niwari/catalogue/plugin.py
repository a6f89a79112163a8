"""What the catalogue contributes through the hooks."""

from collections.abc import Sequence

from niwari.catalogue import wording
from niwari.catalogue.asking import next_offers
from niwari.catalogue.views import blueprint
from niwari.context import Context
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Card, Label, MenuItem, Permission

_AT_HOME = 3


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may see what is going on; joining takes what asking for time takes."""
    return [
        Permission("catalogue.read", Label("取組の一覧を見る", "See what is going on"), ("staff",))
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The list, and the pages of an offer."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """取組の一覧 stands above the three verbs: it is of all of them."""
    return [MenuItem(Label("取組の一覧", "What is going on"), "catalogue.index", "home", order=20)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """The next offers; where there is none, no card takes the place of another."""
    offers = next_offers(ctx, _AT_HOME)
    if not offers:
        return []
    return [
        Card(
            "next",
            Label("これからの取組", "Coming up"),
            "catalogue/card_next.html",
            {"offers": offers, "words": wording},
            endpoint="catalogue.index",
            order=20,
        )
    ]
