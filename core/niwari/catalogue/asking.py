"""Asking the plugins what one can take part in; each guarded, each for a bounded part."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from niwari.catalogue.answers import HOOK, Answers, Position, is_open
from niwari.catalogue.errors import NotNow
from niwari.context import Context
from niwari.directory.linking import Link, Ref, linked, may_open, resource_of
from niwari.errors import NotFound
from niwari.host.running import running
from niwari.ledger.models import Request, State
from niwari.specs.contributions import Offer, Wanted

__all__ = (
    "PAGE",
    "Asked",
    "Found",
    "Position",
    "asked_for",
    "find_offer",
    "find_offers",
    "is_open",
    "next_offers",
)

PAGE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Offers as a page shows them: those with a time by start, those without, and what failed.

    ``failed`` are the names of plugins. ``following`` is where the next page of those with a time
    begins, ``following_untimed`` that of those without one; ``None`` on the last.
    """

    timed: tuple[Offer, ...]
    untimed: tuple[Offer, ...]
    failed: tuple[str, ...]
    following: Position | None
    following_untimed: Position | None

    @property
    def all(self) -> tuple[Offer, ...]:
        """Every offer of the page."""
        return self.timed + self.untimed


@dataclass(frozen=True, slots=True)
class Asked:
    """What the acting person asked for an offer: the request and its state."""

    request_id: int
    state: State


def find_offers(ctx: Context, wanted: Wanted, page: int = PAGE) -> Found:
    """Return the soonest ``page`` offers with a time, and the first ``page`` without one.

    Those of one kind alone where ``wanted.after`` says so; ``wanted.most`` is set here. What has
    begun or is closed, does not fit, is another plugin's or has no page that the person may open is
    left out, whatever a plugin says. A plugin is asked once, and once more where those with a time
    left no room for the others.
    """
    answers = Answers(ctx, replace(wanted, most=page + 1))
    timed, following = answers.part(page, timed=True)
    if wanted.after is None and wanted.first is None and wanted.last is None:
        answers.ask_for_untimed()
    untimed, following_untimed = answers.part(page, timed=False)
    return Found(timed, untimed, tuple(answers.failed), following, following_untimed)


def next_offers(ctx: Context, most: int) -> tuple[Offer, ...]:
    """Return the soonest offers with a time; a plugin that fails is left out."""
    return Answers(ctx, Wanted(most + 1)).part(most, timed=True)[0]


def find_offer(ctx: Context, ref: Ref) -> tuple[Offer, Link]:
    """Return one offer, also a past one, with the way to its plugin's page; raises ``NotFound``,
    and ``NotNow`` where the plugin fails.

    In two queries: the plugin's, and that of whether the person sees the row.
    """
    dispatcher = running()
    owner, resource = resource_of(dispatcher, ctx, ref.kind)
    if resource is None or not may_open(dispatcher, ctx, owner, resource):
        raise NotFound
    wanted = Wanted(1, only=(ref.kind, ref.id))
    outcome = dispatcher.call_one(HOOK, ctx, owner, wanted=wanted)
    if outcome is None:
        raise NotFound
    if outcome.error is not None:
        raise NotNow from outcome.error
    offer = next((found for found in outcome.value if wanted.takes(found)), None)
    link = linked(ctx, [ref])[ref]
    if offer is None or not link.is_open:
        raise NotFound
    return offer, link


def asked_for(ctx: Context, offers: Iterable[Offer]) -> dict[tuple[str, int], Asked]:
    """Return what the acting person last asked for each of ``offers``, in one query.

    What was withdrawn is left out, and what a discreet activity was asked for is not known (L14).
    """
    wanted = [(offer.kind, offer.id) for offer in offers]
    if not wanted:
        return {}
    query: Any = (
        Request.select(Request.source_kind, Request.source_id, Request.id, Request.state)
        .where(
            (Request.person == ctx.person_id)
            & Request.source_kind.in_(sorted({kind for kind, _ in wanted}))
            & Request.source_id.in_(sorted({row_id for _, row_id in wanted}))
            & (Request.state != State.WITHDRAWN)
        )
        .order_by(Request.id)
        .tuples()
    )
    return {(kind, row_id): Asked(number, State(state)) for kind, row_id, number, state in query}
