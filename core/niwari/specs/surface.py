"""Hooks about what people see: routes, menu, cards of the home page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.context import Context
    from niwari.host.blueprint import Blueprint
    from niwari.specs.contributions import Card, MenuItem


@hookspec
def routes() -> "Sequence[Blueprint]":  # type: ignore[empty-body]
    """Declare the plugin's pages. Each route names its permission or says why it is public.

    Called once at start. The host puts them under ``/<plugin-name>/`` and gates each request.
    """


@hookspec
def navigation(ctx: "Context") -> "Sequence[MenuItem]":  # type: ignore[empty-body]
    """Return the plugin's menu items for the acting person, without a query where possible.

    Called for each page of a municipality that has the plugin on.
    """


@hookspec
def cards(ctx: "Context") -> "Sequence[Card]":  # type: ignore[empty-body]
    """Return the plugin's cards for the home page, with at most one query each.

    Called for the home page of a municipality that has the plugin on.
    """
