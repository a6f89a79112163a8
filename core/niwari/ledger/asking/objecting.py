"""A person objects (異議) to what was entered for them, and who sees that (rule L9)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger.asking.requests import own_locked
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.models import AGREED_STATES, DISCREET_ACTIVITY, Request, State
from niwari.ledger.telling import tell_objected
from niwari.texts import is_blank

LONGEST = 400
OBJECTABLE = (State.REQUESTED, State.RETURNED, *AGREED_STATES, State.RECORDED)
_SHOWN = 50


def object_to(ctx: Context, request_id: int, *, text: str) -> Request:
    """Say that what was entered for the acting person is not right; heads and the clerk are told.

    It changes no state: the person may also withdraw it as an own one. Once said it stays. Raises
    ``Invalid`` without a word, ``NotFound`` for what nobody entered for the person, or what is over.
    """
    if is_blank(text) or len(text) > LONGEST:
        raise Invalid(N_("何が違うのかを400文字以内で入力してください。"), field="objection")
    with transaction(ctx):
        _opened, request = own_locked(ctx, request_id)
        if request.objected_at is not None:
            return request
        if not may_object(request):
            raise NotFound
        request.objected_at, request.objection = ctx.now, text.strip()
        Request.update(objected_at=request.objected_at, objection=request.objection).where(
            Request.id == request.id
        ).execute()
        audit.record(
            ctx,
            "ledger.object",
            "ledger_request",
            request.id,
            municipality_id=request.municipality_id,
        )
        tell_objected(ctx, request)
    return request


def may_object(request: Request) -> bool:
    """Tell whether the person of ``request`` can object: once, to what somebody else entered."""
    entered = request.entered_by_id is not None and request.objected_at is None
    return entered and request.state in OBJECTABLE


def entered_by_name() -> Any:
    """Return who entered a ``Request``, as a column; empty where it was the person."""
    post, clerk = Appointment.alias(), Person.alias()
    return (
        clerk.select(clerk.name)
        .join(post, on=(post.person == clerk.id))
        .where(post.id == Request.entered_by)
    )


@dataclass(frozen=True, slots=True)
class Objected:
    """A request to whose entering its person objects."""

    request: Request
    person_name: str
    section_name: str
    entered_by_name: str


def objections(ctx: Context) -> list[Objected]:
    """Return the objections of the last 60 days to what the acting head answers for; two queries.

    The newest first, at most 50.
    """
    found: Any = (
        Request.select(
            Request,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            entered_by_name().alias("entered_by_name"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .where(
            (Request.municipality == ctx.municipality.id)
            & Request.state.in_(OBJECTABLE)
            & (Request.objected_at >= ctx.now - timedelta(days=60))
            & charge_of(ctx).condition()
        )
        .order_by(Request.objected_at.desc(), Request.id.desc())
        .limit(_SHOWN)
        .objects()
    )
    for one in found:
        if one.discreet:
            one.activity = DISCREET_ACTIVITY
    return [
        Objected(one, one.person_name, one.section_name, one.entered_by_name or "") for one in found
    ]
