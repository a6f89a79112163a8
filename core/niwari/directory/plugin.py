"""What the directory contributes through the hooks. It is always on."""

from collections.abc import Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.directory.duties import contributed as duties
from niwari.directory.models import MODELS
from niwari.directory.pages import blueprint
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import MenuItem, Permission, Setting


@hookimpl
def models() -> Sequence[type[Model]]:
    """Declare the directory's tables, in an order in which they can be created."""
    return (*MODELS, *duties.DUTY_MODELS)


@hookimpl
def permissions() -> Sequence[Permission]:
    """Who may see and choose duties."""
    return [*duties.PERMISSIONS]


@hookimpl
def settings() -> Sequence[Setting]:
    """Whether the municipality takes part in the directory of duties."""
    return [*duties.SETTINGS]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages of the directory."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """The pages of the directory."""
    return [*duties.menu(ctx)]
