"""What identity contributes through the hooks."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.identity.models import MODELS
from niwari.identity.views import blueprint
from niwari.specs import hookimpl


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Sign-in and sign-out."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Sessions, bound identities, role grants, and the development provider's tables."""
    return MODELS
