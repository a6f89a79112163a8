"""What the crasher contributes, where it does not fail."""

from collections.abc import Sequence
from pathlib import Path

from niwari.api import Blueprint, Card, Context, Label, MenuItem, Permission, Verb, hookimpl
from niwari_crasher.switch import crash_at
from niwari_crasher.views import blueprint

crash_at("import")


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may look."""
    crash_at("declare")
    return [Permission("crasher.read", Label("見る", "Look"), ("staff",))]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Its pages."""
    return [blueprint]


@hookimpl
def migrations() -> Path:
    """Its history."""
    return Path(__file__).parent / "migrations"


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Its place in the menu."""
    crash_at("navigation")
    return [MenuItem(Label("こわれもの", "Crasher"), "crasher.page", Verb.RAISE)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """Its card."""
    crash_at("cards")
    return [
        Card(
            "crash",
            Label("こわれもののカード", "Crasher"),
            "crasher/card.html",
            {"crash": crash_at},
        )
    ]
