"""What the crasher contributes, where it does not fail."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from niwari.api import (
    Blueprint,
    Card,
    Context,
    Label,
    MenuItem,
    Model,
    Permission,
    Service,
    Setting,
    Subscription,
    Verb,
    hookimpl,
)
from niwari_crasher.contract import Crashes
from niwari_crasher.events import Broke, on_broke
from niwari_crasher.life import can_disable, can_enable, disabled, enabled, upgraded
from niwari_crasher.models import Shard
from niwari_crasher.service import crashing
from niwari_crasher.settings import SETTINGS
from niwari_crasher.switch import crash_at
from niwari_crasher.views import blueprint

__all__ = ["can_disable", "can_enable", "disabled", "enabled", "upgraded"]

crash_at("import")


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may look and let things fall."""
    crash_at("declare")
    return [
        Permission("crasher.read", Label("見る", "Look"), ("staff",)),
        Permission("crasher.drop", Label("落とす", "Drop"), ("staff",)),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Its pages."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Its table."""
    return [Shard]


@hookimpl
def migrations() -> Path:
    """Its history."""
    return Path(__file__).parent / "migrations"


@hookimpl
def services() -> Sequence[Service]:
    """What it does for others."""
    return [Service(1, Crashes, crashing)]


@hookimpl
def settings() -> Sequence[Setting]:
    """What can be set."""
    return SETTINGS


@hookimpl
def events() -> Sequence[type[Any]]:
    """What it tells."""
    return [Broke]


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    """It hears itself."""
    return [Subscription("crasher.Broke", on_broke)]


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
