"""追加分: what was recorded beyond an agreement, for the head who answers it and for its person (L17)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from peewee import JOIN, SQL, fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.errors import NotFound
from niwari.ledger.deciding.approvers import Charge, charge_of
from niwari.ledger.models import Account, Request, State, Supplement
from niwari.ledger.recording.supplements import PENDING
from niwari.ledger.shown import shown_to_head

_MOST = 50
_SEEN_FOR = timedelta(days=60)
UNCONFIRMED = "unconfirmed"
"""What is said of one that waited when its month closed: it stays so."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What was recorded beyond the agreement of a request, and whose it is."""

    supplement: Supplement
    request: Request
    person_name: str
    section_name: str
    decided_by_name: str = ""


def to_accept(ctx: Context, charge: Charge | None = None) -> list[Beyond]:
    """Return what waits for the acting head's word, the longest waiting first, in one query.

    At most 50; ``charge`` saves a query. What is closed is left out: it stays unconfirmed.
    """
    wanted = waits() & (charge or charge_of(ctx)).condition()
    return _found(ctx, wanted, Supplement.asked_at)


def waits() -> Any:
    """Return the condition that a ``Supplement`` of a ``Request`` waits, in a period that is open."""
    return _stands() & ~fn.EXISTS(_closed())


def pending() -> Any:
    """Return the query of the ids of requests whose supplement nobody has answered."""
    return Supplement.select(Supplement.request).where(_stands())


def _stands() -> Any:
    return (Supplement.state == PENDING) & Supplement.taken_back_at.is_null()


def answered_in_my_place(ctx: Context) -> list[Beyond]:
    """Return what others answered in the acting person's place and the person has not seen (後閲)."""
    return _found(ctx, to_review(ctx), Supplement.decided_at.desc())


def to_review(ctx: Context) -> Any:
    """Return the condition that a ``Supplement`` was answered in the acting person's place, unseen."""
    return (
        Supplement.on_behalf_of.in_(_own_posts(ctx))
        & Supplement.reviewed_at.is_null()
        & (Supplement.decided_at >= ctx.now - _SEEN_FOR)
    )


def mark_seen(ctx: Context, supplement_id: int) -> None:
    """Note that the acting head has seen what was answered in the head's place; again changes nothing.

    Raises ``NotFound`` for what was not answered in the acting person's place.
    """
    wanted = (Supplement.id == supplement_id) & Supplement.on_behalf_of.in_(_own_posts(ctx))
    with transaction(ctx):
        found = locked(Supplement.select().where(wanted)).first()
        if found is None:
            raise NotFound
        if found.reviewed_at is not None:
            return
        Supplement.update(reviewed_at=ctx.now).where(Supplement.id == found.id).execute()
        audit.record(ctx, "ledger.review", "ledger_request", found.request_id)


@dataclass(frozen=True, slots=True)
class SeenSupplement:
    """How the minutes beyond a request's agreement stand; ``state`` may also be ``UNCONFIRMED``."""

    supplement: Supplement
    state: str
    decided_by_name: str
    in_place_of_name: str
    may_answer: bool


def seen_supplement(request: Request, *, answers: bool = False) -> SeenSupplement | None:
    """Return what is beyond the agreement of a request, in one query; ``None`` where nothing is.

    ``answers`` says that its reader answers for the person now.
    """
    if request.state != State.RECORDED or request.allowance:
        return None
    decider, decider_person = Appointment.alias(), Person.alias()
    head, head_person = Appointment.alias(), Person.alias()
    found: Any = (
        Supplement.select(
            Supplement,
            decider_person.name.alias("decided_by_name"),
            head_person.name.alias("in_place_of_name"),
            fn.EXISTS(_closed()).alias("is_closed"),
        )
        .join_from(Supplement, Request)
        .join_from(Supplement, decider, JOIN.LEFT_OUTER, on=(Supplement.decided_by == decider.id))
        .join_from(decider, decider_person, JOIN.LEFT_OUTER)
        .join_from(Supplement, head, JOIN.LEFT_OUTER, on=(Supplement.on_behalf_of == head.id))
        .join_from(head, head_person, JOIN.LEFT_OUTER)
        .where((Supplement.request == request.id) & Supplement.taken_back_at.is_null())
        .order_by(Supplement.id.desc())
        .objects()
        .first()
    )
    if found is None:
        return None
    pending = found.state == PENDING
    return SeenSupplement(
        found,
        UNCONFIRMED if pending and found.is_closed else found.state,
        found.decided_by_name or "",
        found.in_place_of_name or "",
        may_answer=pending and not found.is_closed and answers,
    )


def request_of(supplement_id: int) -> int:
    """Return which request a supplement is about, for ``sight.see`` to check; else ``NotFound``."""
    found: Supplement | None = Supplement.get_or_none(Supplement.id == supplement_id)
    if found is None:
        raise NotFound
    return found.request_id


def _closed() -> Any:
    return Account.select(SQL("1")).where(
        (Account.person == Request.person)
        & (Account.municipality == Request.municipality)
        & (Account.starts_on <= Request.work_date)
        & (Account.ends_on >= Request.work_date)
        & Account.closed_at.is_null(False)
    )


def _own_posts(ctx: Context) -> Any:
    post = Appointment.alias()
    return post.select(post.id).where(
        (post.person == ctx.person_id) & (post.municipality == ctx.municipality.id)
    )


def _found(ctx: Context, wanted: Any, order: Any) -> list[Beyond]:
    decider, decider_person = Appointment.alias(), Person.alias()
    found: Any = (
        Supplement.select(
            Supplement,
            Request,
            Person.name,
            section_name(ctx.today).alias("section_name"),
            fn.COALESCE(decider_person.name, "").alias("decided_by_name"),
        )
        .join_from(Supplement, Request)
        .join_from(Request, Person, on=(Request.person == Person.id), attr="whose")
        .join_from(Request, Section, on=(Request.section == Section.id), attr="place_of")
        .join_from(Supplement, decider, JOIN.LEFT_OUTER, on=(Supplement.decided_by == decider.id))
        .join_from(decider, decider_person, JOIN.LEFT_OUTER)
        .where((Request.municipality == ctx.municipality.id) & wanted)
        .order_by(order, Supplement.id)
        .limit(_MOST)
    )
    return [
        Beyond(
            one,
            shown_to_head(one.request),
            one.request.whose.name,
            one.section_name,
            one.decided_by_name,
        )
        for one in found
    ]
