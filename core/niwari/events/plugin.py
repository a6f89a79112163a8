"""What events contribute through the hooks: their tables."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.events.models import MODELS
from niwari.specs import hookimpl


@hookimpl
def models() -> Sequence[type[Model]]:
    """Events and deliveries."""
    return MODELS
