"""What the periodical of a region contributes through the hooks."""

from collections.abc import Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.digest.choosing import OFF, SHOWN, every_here, every_in_region
from niwari.digest.models import MODELS
from niwari.digest.telling import ISSUED, READ
from niwari.digest.views import CHOOSE, SHOW, blueprint
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, NoticeKind, Permission, Setting, Verb


@hookimpl
def models() -> Sequence[type[Model]]:
    """How often, the issues, and what they name."""
    return MODELS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody reads it; the secretariat chooses for the region, IT for its town."""
    return [
        Permission(READ, Label("広域通信を読む", "Read the regional digest"), ("staff",)),
        Permission(
            CHOOSE,
            Label("広域通信を出すかどうかを決める", "Decide on the regional digest"),
            ("secretariat",),
        ),
        Permission(
            SHOW,
            Label("広域通信を職員に見せるかどうかを決める", "Decide whether staff see the digest"),
            ("it",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The issues, and the page on which the secretariat chooses."""
    return [blueprint]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """That an issue is there."""
    return [ISSUED]


@hookimpl
def settings() -> Sequence[Setting]:
    """Whether a municipality shows it to its people."""
    return [SHOWN]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Under 広め合う where the region has it; under 管理 for those who choose."""
    items = [
        MenuItem(Label("広域通信の設定", "Regional digest"), "digest.settings", "admin", order=59)
    ]
    if every_in_region(ctx) != OFF:
        items.append(
            MenuItem(Label("広域通信の表示", "Show the digest"), "digest.town", "admin", order=60)
        )
    if every_here(ctx) != OFF:
        items.append(
            MenuItem(Label("広域通信", "Regional digest"), "digest.index", Verb.SPREAD, order=10)
        )
    return items
