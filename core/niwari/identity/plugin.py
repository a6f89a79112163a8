"""What identity contributes through the hooks."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.identity import confirm_views, logout_views
from niwari.identity.models import MODELS
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, Permission


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody looks after their own sessions and posts."""
    return [
        Permission(
            "identity.sessions",
            Label("自分がサインイン中の端末を見る", "See the devices on which one is signed in"),
            ("staff",),
        ),
        Permission(
            "identity.act",
            Label("自分の所属を切り替える", "Switch between one's own posts"),
            ("staff",),
        ),
        Permission(
            "identity.confirm",
            Label("本人であることを確かめてもらう", "Show again who one is"),
            ("staff",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Sign-in, sign-out, and one's own sessions and posts."""
    # Each module of views adds its pages to the one blueprint.
    (blueprint,) = {views.blueprint for views in (confirm_views, logout_views)}
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Sessions, bound identities, role grants, and the development provider's tables."""
    return MODELS
