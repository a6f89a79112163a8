"""What the vault contributes through the hooks: its table."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.specs import hookimpl
from niwari.vault.models import MODELS


@hookimpl
def models() -> Sequence[type[Model]]:
    """The lockers."""
    return MODELS
