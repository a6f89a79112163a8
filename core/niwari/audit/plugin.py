"""What the audit contributes through the hooks: its tables."""

from collections.abc import Sequence

from niwari.audit.models import MODELS
from niwari.db import Model
from niwari.specs import hookimpl


@hookimpl
def models() -> Sequence[type[Model]]:
    """The audit's tables."""
    return MODELS
