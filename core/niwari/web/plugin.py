"""What the shell contributes through the hooks."""

from collections.abc import Sequence

from niwari.context import Context
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, Permission
from niwari.web.views import blueprint


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody who is signed in may see home."""
    return [Permission("web.read", Label("ホームを見る", "See home"), ("staff",))]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Home, language, health."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Home comes first."""
    return [MenuItem(Label("ホーム", "Home"), "web.home", "home", order=1)]
