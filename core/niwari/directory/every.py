"""All municipalities, for jobs that go from one to the next."""

from niwari.db import rows
from niwari.directory.models import Municipality


def municipality_ids() -> list[int]:
    """Return the ids of all municipalities of the installation."""
    return [one for (one,) in rows(Municipality.select(Municipality.id).order_by(Municipality.id))]
