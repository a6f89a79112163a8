"""Hooks about what people see: routes, menu, cards of the home page, the catalogue."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.context import Context
    from niwari.host.blueprint import Blueprint
    from niwari.specs.contributions import Card, MenuItem, Offer, Wanted


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

    The home page shows six cards of all plugins, those with the smallest ``order`` first, and links
    to the others; one without an ``endpoint`` is then left out. Each card's template is rendered by
    itself.

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


@hookspec
def offers(ctx: "Context", wanted: "Wanted") -> "Sequence[Offer]":  # type: ignore[empty-body]
    """Return what the acting person can take part in, for the catalogue (取組の一覧).

    ``wanted`` says what the reader filters by and how many offers at most. Ask your table so, in one
    query: the soonest first by (start, id), those without a time last. Where those with a time fill
    the page, you are asked once more for those without one. ``visible`` says whose rows the
    person sees, ``not_paused`` leaves out those of municipalities where the plugin rests. What does
    not fit ``wanted`` is left out by the host.

    Give the row's ``Resource`` a ``hold``, and people join from the catalogue: the host asks for the
    time and calls ``hold`` in one transaction, so the place is held from the asking on. Then the
    events ``ledger.RequestAgreed``, ``ledger.RequestDeclined``, ``ledger.RequestWithdrawn``,
    ``ledger.RequestRevoked`` (the head called it off for other duties), ``ledger.RequestCancelled``
    (the person is absent) and ``ledger.RequestLapsed`` (the month closed without a record or an answer,
    or the person left) say in ``request_id`` which
    place is fixed or free again: that for which ``hold`` was given this id. They come late. Somebody
    may have joined again meanwhile by another request, whose place an event of the former leaves
    alone. ``ledger.RequestShortened`` says how many ``minutes`` the head has left of what was agreed
    to; what that means for the place is the plugin's to say. For a discreet activity there are none,
    and ``hold`` is given ``None``: a place is the person's own matter from the asking on.

    Called: for the catalogue's pages and its card at home, for somebody of a municipality that has
        the plugin on.
    Returns: ``Offer`` objects, ``wanted.most`` at most, or nothing.
    Transaction: none; one where somebody joins, to read the offer again.
    Raising: a line with the plugin's label says that its offers cannot be shown just now; the failure
        counts against the part ``offers``.

    Example::

        from niwari.api import Municipality, Offer, Verb, hookimpl, not_paused, visible
        from niwari_tea.models import Cup


        @hookimpl
        def offers(ctx, wanted):
            start, least = wanted.after or (None, 1)
            if wanted.first or wanted.last or start:
                return []  # whoever comes chooses the day
            found = Cup.select(Cup, Municipality).join(Municipality).where(Cup.id >= least)
            found = found.where(visible(ctx, Cup) & not_paused(Cup))
            if wanted.only:
                found = found.where(Cup.id == wanted.only[1])
            if wanted.municipality_id:
                found = found.where(Cup.municipality == wanted.municipality_id)
            return [
                Offer(
                    "tea.cup",
                    cup.id,
                    cup.name,
                    Verb.HELP,
                    cup.municipality_id,
                    cup.municipality.name,
                    activity="tea",
                    place="給湯室",
                    minutes=15,
                )
                for cup in found.order_by(Cup.id).limit(wanted.most)
            ]
    """
