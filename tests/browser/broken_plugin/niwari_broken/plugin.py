"""What it contributes: a page, a menu item that leads there, and a card; page and card fail."""

from collections.abc import Sequence

from niwari.api import Blueprint, Card, Context, Label, MenuItem, Permission, Verb, hookimpl

blueprint = Blueprint("broken", __name__)


class BrokenOnPurposeError(Exception):
    """What this plugin raises."""


@blueprint.get("/", permission="broken.read")
def page() -> str:
    """Fail."""
    raise BrokenOnPurposeError


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may open it."""
    return [Permission("broken.read", Label("開く", "Open"), ("staff",))]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The page."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """The way to the page."""
    return [MenuItem(Label("故障の見本", "Broken example"), "broken.page", Verb.HELP, order=90)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """Fail."""
    raise BrokenOnPurposeError
