"""What the API contributes through the hooks: its operations, and the pages on which tokens are made."""

from collections.abc import Sequence

from niwari.context import Context
from niwari.host.blueprint import Blueprint
from niwari.rest.token_views import blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, Permission


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may let a program read what everybody sees."""
    return [
        Permission(
            "rest.read",
            Label(
                "広域圏の市町村・組織・職員の一覧を読む",
                "Read the region's municipalities, sections and people",
            ),
            ("staff",),
        )
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The API and the tokens."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """The municipality's tokens, under 管理."""
    return [MenuItem(Label("APIのトークン", "API tokens"), "rest.system_tokens", "admin", order=75)]
