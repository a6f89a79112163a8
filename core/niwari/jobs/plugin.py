"""What the jobs contribute through the hooks: their tables."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.jobs.models import MODELS
from niwari.specs import hookimpl


@hookimpl
def models() -> Sequence[type[Model]]:
    """The queue, the claimed runs, the signs of life."""
    return MODELS
