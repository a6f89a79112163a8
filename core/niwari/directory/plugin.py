"""What the directory declares to the host: its tables and events. It is always on."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.directory.events import EVENTS
from niwari.directory.models import MODELS
from niwari.specs import hookimpl


@hookimpl
def models() -> Sequence[type[Model]]:
    """Declare the directory's tables, in an order in which they can be created."""
    return MODELS


@hookimpl
def events() -> Sequence[type[object]]:
    """People who moved or left, and municipalities that were merged."""
    return EVENTS
