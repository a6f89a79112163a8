"""The municipalities by which a search can be narrowed."""

from collections.abc import Sequence
from dataclasses import dataclass

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Municipality
from niwari.directory.regions import region_towns


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality; ``code`` is that of JIS X 0402."""

    id: int
    code: str
    name: str


def places(ctx: Context) -> Sequence[Place]:
    """Return the municipalities of the own region, or the own alone, by code; one query."""
    query = region_towns(ctx).select(Municipality.id, Municipality.code, Municipality.name)
    return [Place(*row) for row in rows(query.order_by(Municipality.code))]
