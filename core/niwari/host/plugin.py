"""What the host itself contributes through the hooks: its table."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.host.enablement import Enablement
from niwari.host.environment import Installation
from niwari.specs import hookimpl


@hookimpl
def models() -> Sequence[type[Model]]:
    """What the database is for; which municipality has which plugin on."""
    return [Installation, Enablement]
