"""Hooks about what a plugin keeps."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.context import Context
    from niwari.db.model import Model
    from niwari.specs.contributions import Receipt, Record, Resource, Subject


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


@hookspec
def resources() -> "Sequence[Resource]":  # type: ignore[empty-body]
    """Declare the kinds of rows that people share, link to and find.

    Called once at start. Their models are ``Shared`` models of the plugin.
    """


@hookspec
def export_data(ctx: "Context", subject: "Subject") -> "Iterable[Record]":  # type: ignore[empty-body]
    """Return every record that the plugin keeps of ``subject``, as plain values.

    Called for a person who asks for the own data, for a town that leaves, and before a purge; also
    where the plugin is off. Rows are yielded one by one, so that many of them fit into memory.
    """


@hookspec
def erase_data(ctx: "Context", subject: "Subject") -> "Receipt":  # type: ignore[empty-body]
    """Erase or redact what the plugin keeps of ``subject``; say what remains and why.

    Called inside a transaction. Afterwards ``export_data`` hands out nothing personal of the
    subject any more.
    """
