"""What identity contributes through the hooks."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.identity.models import MODELS
from niwari.identity.views import blueprint
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
            "identity.tokens",
            Label("自分のAPIトークンを作る", "Make one's own API tokens"),
            ("staff",),
        ),
        Permission(
            "identity.system_tokens",
            Label("市町村のAPIトークンを作る", "Make the municipality's API tokens"),
            ("it",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Sign-in, sign-out, and one's own sessions and posts."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Sessions, bound identities, role grants, and the development provider's tables."""
    return MODELS
