"""Hooks about what a plugin keeps."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.db.model import Model


@hookspec
def models() -> "Sequence[type[Model]]":  # type: ignore[empty-body]
    """Declare the models of the plugin, in an order in which their tables can be created.

    Called once at start. Table names begin with the plugin's name and an underscore.
    """


@hookspec
def migrations() -> Path:  # type: ignore[empty-body]
    """Declare the folder with the plugin's migration files.

    Called once at start. ``niwari migrate`` applies them after the core's; a web process never
    does.
    """
