"""Hooks about what a municipality or a person can choose."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.specs.contributions import Setting


@hookspec
def settings() -> "Sequence[Setting]":  # type: ignore[empty-body]
    """Declare the typed settings of the plugin, per municipality and per person.

    Called once at start. The host makes the pages, checks what is typed and keeps the values.
    """
