"""Plain rows of a query."""

from typing import Any


def rows(query: Any) -> list[tuple[Any, ...]]:
    """Run a query and return its rows as tuples, in the order of its columns."""
    return list(query.tuples())
