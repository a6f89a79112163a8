"""What becomes of a request that was asked for an offer, for whoever waits for the person there.

Said in the transaction of the act. Where nobody waits, nothing is published: a request without a
source, as those of discreet classes are (rule L14).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from niwari.context import Context
from niwari.directory.people import municipality_ref
from niwari.events.service import publish, publish_each
from niwari.ledger.models import Request, Standing


@dataclass(frozen=True, slots=True)
class RequestAgreed:
    """The head agreed to a request for 20% time, to ``minutes`` of it.

    Published in the municipality of the request. ``source_kind`` and ``source_id`` are the offer that
    it was asked for; a request without one is not told of. The person may have asked again for the
    same offer meanwhile: what is kept for a request is found by ``request_id``.
    """

    request_id: int
    person_id: int
    minutes: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class RequestDeclined:
    """The head declined a request this time; published as ``RequestAgreed`` is."""

    request_id: int
    person_id: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    """The person took a request back, agreed to or not; published as ``RequestAgreed`` is."""

    request_id: int
    person_id: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class RequestSuspended:
    """What was agreed to is suspended: by a freeze (rule L13), or because a period that opens holds too
    little for a time of a standing agreement (L12). Published as ``RequestAgreed`` is.
    """

    request_id: int
    person_id: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class RequestRevived:
    """What was suspended or cancelled stands again: the head agreed anew after a freeze, or a host took
    an absence back. Published as ``RequestAgreed`` is.
    """

    request_id: int
    person_id: int
    minutes: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class RequestRevoked:
    """The head called off what was agreed to, all that was left of it; published as ``RequestAgreed`` is."""

    request_id: int
    person_id: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class RequestCancelled:
    """The person is, or was, absent (rule L18): they said so, or a host did. Published as ``RequestAgreed``
    is; where a host takes it back, ``RequestRevived`` follows.
    """

    request_id: int
    person_id: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class RequestLapsed:
    """A request ended by itself: its period closed without a record of it or an answer (rule L7), or
    the person left the municipality (L11). Published as ``RequestAgreed`` is.
    """

    request_id: int
    person_id: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class RequestShortened:
    """The head left ``minutes`` of what was agreed to; published as ``RequestAgreed`` is."""

    request_id: int
    person_id: int
    minutes: int
    source_kind: str
    source_id: int


@dataclass(frozen=True, slots=True)
class StandingAnswered:
    """A standing agreement was agreed to, returned, declined, withdrawn or called off (rule L12).

    ``state`` says which: agreed, returned, declined, withdrawn or revoked. Of each time that is held
    ``RequestAgreed`` tells. Published as that is, for a standing agreement with a source.
    """

    standing_id: int
    person_id: int
    state: str
    source_kind: str
    source_id: int


EVENTS = (
    RequestAgreed,
    RequestDeclined,
    RequestWithdrawn,
    RequestSuspended,
    RequestRevived,
    RequestRevoked,
    RequestCancelled,
    RequestLapsed,
    RequestShortened,
    StandingAnswered,
)


def tell_agreed(ctx: Context, request: Request) -> None:
    """Publish ``RequestAgreed`` in the caller's transaction, where somebody waits."""
    _tell(ctx, request, RequestAgreed, request.agreed_minutes)


def tell_declined(ctx: Context, request: Request) -> None:
    """Publish ``RequestDeclined`` in the caller's transaction, where somebody waits."""
    _tell(ctx, request, RequestDeclined)


def tell_withdrawn(ctx: Context, request: Request) -> None:
    """Publish ``RequestWithdrawn`` in the caller's transaction, where somebody waits."""
    _tell(ctx, request, RequestWithdrawn)


def tell_suspended(ctx: Context, requests: Iterable[Request]) -> None:
    """Publish ``RequestSuspended`` for many of the municipality of ``ctx``, where somebody waits."""
    _tell_each(ctx, requests, RequestSuspended)


def tell_lapsed(ctx: Context, requests: Iterable[Request]) -> None:
    """Publish ``RequestLapsed`` for many of the municipality of ``ctx``, where somebody waits."""
    _tell_each(ctx, requests, RequestLapsed)


def _tell_each(ctx: Context, requests: Iterable[Request], event: type[Any]) -> None:
    publish_each(
        ctx,
        [
            event(one.id, one.person_id, one.source_kind, one.source_id)
            for one in requests
            if one.source_kind is not None
        ],
    )


def tell_revived(ctx: Context, request: Request) -> None:
    """Publish ``RequestRevived`` in the caller's transaction, where somebody waits."""
    _tell(ctx, request, RequestRevived, request.agreed_minutes)


def _tell(ctx: Context, request: Request, event: type[Any], *more: int) -> None:
    if request.source_kind is None:
        return
    source = (request.source_kind, request.source_id)
    publish(in_town_of(ctx, request), event(request.id, request.person_id, *more, *source))


def in_town_of(ctx: Context, asked: Request | Standing) -> Context:
    """Return ``ctx`` in the municipality of ``asked``: it was asked before a move, or a host acts."""
    if asked.municipality_id == ctx.municipality.id:
        return ctx
    return replace(ctx, municipality=municipality_ref(asked.municipality_id, ctx.today))


def tell_cancelled(ctx: Context, request: Request) -> None:
    """Publish ``RequestCancelled`` in the caller's transaction, where somebody waits."""
    _tell(ctx, request, RequestCancelled)


def tell_revoked(ctx: Context, request: Request) -> None:
    """Publish ``RequestRevoked`` in the caller's transaction, where somebody waits."""
    _tell(ctx, request, RequestRevoked)


def tell_shortened(ctx: Context, request: Request) -> None:
    """Publish ``RequestShortened`` in the caller's transaction, where somebody waits."""
    _tell(ctx, request, RequestShortened, request.agreed_minutes)


def tell_standing_answered(ctx: Context, standing: Standing) -> None:
    """Publish ``StandingAnswered`` in the caller's transaction, where somebody waits."""
    if standing.source_kind is None:
        return
    source = (standing.source_kind, standing.source_id)
    publish(
        in_town_of(ctx, standing),
        StandingAnswered(standing.id, standing.person_id, str(standing.state), *source),
    )
