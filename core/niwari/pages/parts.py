"""The application's parts, as views reach them."""

from typing import TYPE_CHECKING

from flask import current_app, g

from niwari.context import Context
from niwari.specs.contributions import Activity

if TYPE_CHECKING:
    from niwari.app import Niwari


def parts() -> "Niwari":
    """Return settings, clock, host, dispatcher and access table of the running application."""
    found: Niwari = current_app.extensions["niwari"]
    return found


def place_under(endpoint: str) -> None:
    """Let the menu show the present page as standing under ``endpoint``, where its address misleads."""
    g.menu_place = endpoint


def active_here(ctx: Context) -> frozenset[str]:
    """Return the plugins that are on in the acting person's municipality and ready to serve."""
    return parts().dispatcher.active_in(ctx.municipality)


def offered_activities(ctx: Context) -> dict[str, Activity]:
    """Return the ledger classes of the core and of the plugins that are on here, by code."""
    here = active_here(ctx)
    return {
        activity.code: activity
        for plugin in parts().host.loaded()
        if plugin.core or plugin.name in here
        for activity in plugin.contributions.activities
    }


def known_activities() -> dict[str, Activity]:
    """Return the ledger classes of everything installed, for showing what was asked earlier."""
    return {
        activity.code: activity
        for plugin in parts().host.loaded()
        for activity in plugin.contributions.activities
    }
