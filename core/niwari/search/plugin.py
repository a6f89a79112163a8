"""What the search contributes through the hooks. It is always on."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.search.models import MODELS
from niwari.search.views import PERMISSION, blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, Permission


@hookimpl
def models() -> Sequence[type[Model]]:
    """Declare the index and what waits for it."""
    return MODELS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody finds what they may see."""
    return [
        Permission(
            PERMISSION,
            Label("職員が書いたものを探す", "Search what people have written"),
            ("staff",),
        )
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The search."""
    return [blueprint]
