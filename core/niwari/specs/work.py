"""Hooks about the ledger of the 20% rule."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.specs.contributions import Activity


@hookspec
def activities() -> "Sequence[Activity]":  # type: ignore[empty-body]
    """Declare the ledger classes that the plugin brings, if any.

    Called once at start. People choose among them when they ask for 20% time.
    """
