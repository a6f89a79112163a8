"""What the host itself contributes through the hooks: its tables."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.host.models import MODELS
from niwari.specs import hookimpl


@hookimpl
def models() -> Sequence[type[Model]]:
    """What is on where, and how plugins fare."""
    return MODELS
