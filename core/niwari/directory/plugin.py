"""What the directory declares to the host: its tables. It is always on."""

from collections.abc import Sequence

from niwari.db import Model
from niwari.directory.drafts import ImportDraft
from niwari.directory.models import MODELS
from niwari.directory.search.models import PersonText
from niwari.specs import hookimpl


@hookimpl
def models() -> Sequence[type[Model]]:
    """Declare the directory's tables, in an order in which they can be created."""
    return (*MODELS, PersonText, ImportDraft)
