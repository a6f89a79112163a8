"""What the neighbour contributes."""

from collections.abc import Sequence
from pathlib import Path

from niwari.api import (
    Activity,
    Blueprint,
    Card,
    Context,
    Label,
    MenuItem,
    Model,
    Permission,
    Verb,
    hookimpl,
)
from niwari_neighbour import service
from niwari_neighbour.models import Knock
from niwari_neighbour.views import blueprint


@hookimpl
def permissions() -> Sequence[Permission]:
    """Looking and knocking are for all, the office is for HR."""
    return [
        Permission("neighbour.read", Label("見る", "Look"), ("staff",)),
        Permission("neighbour.knock", Label("たたく", "Knock"), ("staff",)),
        Permission("neighbour.office", Label("事務所に入る", "Enter the office"), ("hr",)),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Its pages."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Its table."""
    return [Knock]


@hookimpl
def migrations() -> Path:
    """Its history."""
    return Path(__file__).parent / "migrations"


@hookimpl
def activities() -> Sequence[Activity]:
    """Its class of the ledger."""
    return [Activity("neighbour", Label("となり付き合い", "Neighbourhood"))]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Its place in the menu, and the office's for those who may enter."""
    return [
        MenuItem(Label("となりの戸口", "The neighbour's door"), "neighbour.door", Verb.HELP),
        MenuItem(Label("となりの事務所", "The neighbour's office"), "neighbour.office", Verb.HELP),
    ]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """How often one knocked."""
    return [
        Card(
            "knocks",
            Label("ノックの数", "Knocks"),
            "neighbour/card.html",
            {"knocks": service.knocks(ctx)},
            endpoint="neighbour.door",
        )
    ]
