"""Hooks about who may do what."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.specs.contributions import Permission


@hookspec
def permissions() -> "Sequence[Permission]":  # type: ignore[empty-body]
    """Declare the permissions that the plugin's routes ask for.

    Called once at start. Codes begin with the plugin's name and a dot.
    """
