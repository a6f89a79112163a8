"""What came after an OK, for the request's page: how an oral one stands, and what was called off."""

from dataclasses import dataclass
from datetime import date

from peewee import fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment, Person
from niwari.ledger.arranged import period_for
from niwari.ledger.asking.oral import WAITING
from niwari.ledger.deciding.confirming import TO_CONFIRM
from niwari.ledger.deciding.revoking import DEFAULT_REASON
from niwari.ledger.deciding.unconfirmed import due_day
from niwari.ledger.models import AGREED_STATES, Account, Request
from niwari.ledger.sight import Seen


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The names of who said yes, who answered that, who ended it and in whose place; empty for nobody.

    ``ended_by_person`` is whose act that was. ``due`` is the last day for confirming an oral OK that
    waits, ``late`` that it is over.
    """

    oral_by_name: str
    oral_answered_by_name: str
    ended_by_name: str
    ended_for_name: str
    due: date | None
    late: bool
    may_confirm: bool
    may_revoke: bool
    is_default_reason: bool
    ended_by_person: int | None = None


def aftermath_of(ctx: Context, seen: Seen) -> Aftermath:
    """Return what came after; no query for a request of which nothing did, else one."""
    request = seen.request
    posts = (
        request.oral_by_id,
        request.oral_answered_by_id,
        request.ended_by_id,
        request.ended_for_id,
    )
    found, is_closed = _found(request, {one for one in posts if one is not None})
    names = {post: name for post, (name, _) in found.items()}
    waits = request.oral_answer == WAITING and request.state in TO_CONFIRM
    due = due_day(request) if waits else None
    alone = request.travel_for_id is None
    oral_by, oral_answered_by, ended_by, ended_for = (names.get(one or 0, "") for one in posts)
    return Aftermath(
        oral_by_name=oral_by,
        oral_answered_by_name=oral_answered_by,
        ended_by_name=ended_by,
        ended_for_name=ended_for,
        due=due,
        late=due is not None and due < ctx.today,
        may_confirm=waits and alone and seen.answers and not is_closed,
        is_default_reason=request.ended_reason == DEFAULT_REASON,
        ended_by_person=found.get(request.ended_by_id or 0, (None, None))[1],
        may_revoke=seen.answers
        and alone
        and request.state in AGREED_STATES
        and not _is_over(ctx, request),
    )


def _is_over(ctx: Context, request: Request) -> bool:
    """Tell whether nothing can be ahead any more; a date and minutes may run on to the month's end."""
    if request.after_fact:
        return True
    if request.ends_at is not None:
        return bool(request.ends_at <= ctx.now)
    return period_for(ctx.municipality, request.work_date).ends_on < ctx.today


def _found(request: Request, posts: set[int]) -> tuple[dict[int, tuple[str, int]], bool]:
    """Return the names of those in ``posts`` with their ids, and whether the request's period is closed."""
    if not posts:
        return {}, False
    closed = Account.select(fn.COUNT(Account.id)).where(
        (Account.person == request.person_id)
        & (Account.municipality == request.municipality_id)
        & (Account.starts_on <= request.work_date)
        & (Account.ends_on >= request.work_date)
        & Account.closed_at.is_null(False)
    )
    found = rows(
        Appointment.select(Appointment.id, Person.name, Person.id, closed)
        .join(Person)
        .where(Appointment.id.in_(posts))
    )
    return {post: (name, person) for post, name, person, _ in found}, any(
        number for *_, number in found
    )
