"""What the directory contributes through the hooks. It is always on."""

from collections.abc import Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.directory.arranging import ALL
from niwari.directory.events import EVENTS
from niwari.directory.models import MODELS
from niwari.directory.section_views import blueprint
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, Permission


@hookimpl
def models() -> Sequence[type[Model]]:
    """Declare the directory's tables, in an order in which they can be created."""
    return MODELS


@hookimpl
def events() -> Sequence[type[object]]:
    """People who moved or left, and municipalities that were merged."""
    return EVENTS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody sees the organisation; heads arrange their own sections, HR all of them."""
    return [
        Permission("directory.read", Label("組織を見る", "See the organisation"), ("staff",)),
        Permission(
            "directory.arrange",
            Label("所属の代決者と庶務担当を決める", "Name a section's stand-ins and clerks"),
            ("head", "hr"),
        ),
        Permission(
            ALL,
            Label(
                "すべての所属の代決者と庶務担当を決める", "Name all sections' stand-ins and clerks"
            ),
            ("hr",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The organisation, and what heads and HR arrange in it."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """組織 for everybody."""
    return [MenuItem(Label("組織", "Organisation"), "directory.sections", "home", order=90)]
