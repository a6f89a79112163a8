"""What the plugins answered to one question of the catalogue, laid together into pages."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

from niwari.context import Context
from niwari.directory.linking import may_open, resource_of
from niwari.host.dispatch import Outcome
from niwari.host.running import running
from niwari.specs.contributions import Offer, Wanted

log = logging.getLogger(__name__)

HOOK = "offers"

Position = tuple[datetime | None, int]
"""Where a page begins: (start, id), or (``None``, id) among those without a time."""

_END = datetime.max.replace(tzinfo=UTC)
_Place = tuple[datetime, int]


class Answers:
    """The offers of all plugins for one ``wanted``, and how far each of the two kinds is known.

    A plugin that returned as many as were wanted may have more: those with a time are known up to
    the least far of such plugins, those without one likewise. ``failed`` are the names of those that
    failed.
    """

    def __init__(self, ctx: Context, wanted: Wanted) -> None:
        """Ask every plugin once."""
        self.failed: list[str] = []
        self._ctx = ctx
        self._wanted = wanted
        self._offers: list[Offer] = []
        self._ends: dict[bool, _Place] = {}
        self._cut: list[str] = []
        for outcome in running().call(HOOK, ctx, wanted=wanted):
            self._take(outcome, wanted)

    def ask_for_untimed(self) -> None:
        """Ask for those without a time where the ones with a time left no room for them."""
        wanted = replace(self._wanted, after=(None, 1))
        for plugin in self._cut:
            outcome = running().call_one(HOOK, self._ctx, plugin, wanted=wanted)
            if outcome is not None:
                self._take(outcome, wanted)

    def part(self, page: int, *, timed: bool) -> tuple[tuple[Offer, ...], Position | None]:
        """Return the first ``page`` offers with a time, or without, and where the next page begins."""
        end = self._ends.get(timed)
        known = [
            offer
            for offer in sorted(self._offers, key=_in_order)
            if (offer.starts_at is not None) == timed and (end is None or _place(offer) <= end)
        ]
        if len(known) > page:
            return tuple(known[:page]), (known[page].starts_at, known[page].id)
        if end is None:
            return tuple(known), None
        start, number = end
        return tuple(known), (start if timed else None, number + 1)

    def _take(self, outcome: Outcome, wanted: Wanted) -> None:
        if outcome.error is not None:
            self.failed.append(outcome.plugin)
            return
        its = sorted(outcome.value, key=_place)[: wanted.most]
        if len(its) == wanted.most:
            timed, place = its[-1].starts_at is not None, _place(its[-1])
            self._ends[timed] = min(self._ends.get(timed, place), place)
            if timed:
                self._cut.append(outcome.plugin)
        self._offers += [o for o in its if self._is_shown(outcome.plugin, o, wanted)]

    def _is_shown(self, plugin: str, offer: Offer, wanted: Wanted) -> bool:
        owner, resource = resource_of(running(), self._ctx, offer.kind)
        if owner != plugin or resource is None:
            log.error("%s offers %s, which is no row of its resources", plugin, offer.name)
            return False
        return (
            wanted.takes(offer)
            and is_open(self._ctx, offer)
            and may_open(running(), self._ctx, owner, resource)
        )


def is_open(ctx: Context, offer: Offer) -> bool:
    """Tell whether one can still join: it has not begun and is not closed."""
    return all(at is None or at > ctx.now for at in (offer.starts_at, offer.closes_at))


def _place(offer: Offer) -> _Place:
    return (offer.starts_at or _END, offer.id)


def _in_order(offer: Offer) -> tuple[datetime, int, str]:
    return (*_place(offer), offer.kind)
