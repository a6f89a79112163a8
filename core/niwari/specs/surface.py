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

    The host puts them below ``/<name>/`` (underscores of the name become hyphens), checks each
    request before the view is called, and answers for the plugin where it is off. ``templates/``
    and ``static/`` beside the module that made the blueprint are found without further ado.

    Returns: a list with one ``Blueprint``, named after the plugin.

    Example::

        from niwari.api import hookimpl
        from niwari_tea.views import blueprint


        @hookimpl
        def routes():
            return [blueprint]
    """


@hookspec
def navigation(ctx: "Context") -> "Sequence[MenuItem]":  # type: ignore[empty-body]
    """Return the plugin's menu items for the acting person.

    The host leaves out those whose endpoint the person may not open. A badge costs a query on
    every page, so give one only where the count asks somebody to act.

    Called: for each page that is shown to somebody of a municipality that has the plugin on.
    Returns: ``MenuItem`` objects, or nothing.
    Transaction: none as a rule; in one where the page has one open.
    Raising: the plugin's items are missing from the menu; the failure counts against the part
        ``navigation``.

    Example::

        from niwari.api import Label, MenuItem, Verb, hookimpl


        @hookimpl
        def navigation(ctx):
            return [MenuItem(Label("お茶", "Tea"), "tea.table", Verb.HELP, order=40)]
    """


@hookspec
def cards(ctx: "Context") -> "Sequence[Card]":  # type: ignore[empty-body]
    """Return the plugin's cards for the home page, with at most one query for each.

    The home page shows six cards at most, those with the smallest ``order`` first. Each card's
    template is rendered by itself.

    Called: for the home page of somebody of a municipality that has the plugin on.
    Returns: ``Card`` objects, or nothing.
    Transaction: none.
    Raising: one card with the plugin's label says that it does not work just now; the failure
        counts against the part ``cards``. Where a template fails, that card alone says so, and the
        failure counts against the part ``card <key>``.

    Example::

        from niwari.api import Card, Label, hookimpl
        from niwari_tea.service import newest_cups


        @hookimpl
        def cards(ctx):
            return [
                Card(
                    "newest",
                    Label("いれたてのお茶", "Fresh tea"),
                    "tea/card_newest.html",
                    {"cups": newest_cups(ctx, 3)},
                    endpoint="tea.table",
                )
            ]
    """
