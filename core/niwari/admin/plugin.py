"""What the admin pages contribute through the hooks."""

from collections.abc import Sequence

from niwari.admin.views import blueprint
from niwari.context import Context
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, Permission


@hookimpl
def permissions() -> Sequence[Permission]:
    """Municipal IT chooses the features of its municipality."""
    return [Permission("admin.features", Label("使う機能を設定する", "Choose features"), ("it",))]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The feature page."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Under 管理, for those who have it."""
    return [MenuItem(Label("使う機能の設定", "Choose features"), "admin.features", "admin", 10)]
