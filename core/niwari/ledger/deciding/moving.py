"""What becomes of the requests of somebody who moves (rule L11).

Inside the municipality the future part goes to the new head, who agrees to it anew; until then the
reservations stand. In another municipality the account takes nothing more: the future part is let
go of, and the account there begins at 0, because it is another one.
"""

from datetime import date
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.answering import answering_person, section_heads
from niwari.directory.events import PersonLeft, PersonTransferred
from niwari.directory.models import Appointment, on_day
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.errors import N_
from niwari.ledger import accounts
from niwari.ledger.asking.requests import locked_with_account
from niwari.ledger.deciding.ahead import still_ahead
from niwari.ledger.deciding.releasing import release
from niwari.ledger.models import AGREED_STATES, Request, Standing, State
from niwari.ledger.telling import tell_let_go, tell_transferred
from niwari.ledger.ways import is_no_way

_OPEN = (State.REQUESTED, State.RETURNED, *AGREED_STATES)
MOVED = N_("ほかの市町村への異動または退職のため")
"""Why what a person asked for in a municipality ends when the person does not work there any more."""


def transferred(ctx: Context, event: PersonTransferred) -> None:
    """Hand the future part over to the new head, or let go of it in another municipality.

    Again changes nothing, nor does a transfer that another one has overtaken.
    """
    with transaction(ctx):
        posts = {
            one.id: one
            for one in Appointment.select().where(
                Appointment.id.in_([event.from_appointment_id, event.to_appointment_id])
            )
        }
        former, new = posts[event.from_appointment_id], posts[event.to_appointment_id]
        if not _holds(new, ctx.today):
            return
        if former.municipality_id != new.municipality_id:
            town = municipality_ref(former.municipality_id, ctx.today)
            there = system_context(ctx.now, ctx.actor, town)
            _let_go(there, event.person_id, date.fromisoformat(event.on), new.id)
        else:
            _hand_over(ctx, former, new, date.fromisoformat(event.on))


def left(ctx: Context, event: PersonLeft) -> None:
    """Let go of what lies after a person's last day in the municipality; again changes nothing."""
    with transaction(ctx):
        now = (
            Appointment.select()
            .where((Appointment.person == event.person_id) & on_day(Appointment, ctx.today))
            .order_by(Appointment.is_main.desc(), Appointment.starts_on.desc(), Appointment.id)
        )
        posts: list[Any] = list(now)
        if any(post.municipality_id == ctx.municipality.id for post in posts):
            return
        first = date.fromordinal(date.fromisoformat(event.last_day).toordinal() + 1)
        _let_go(ctx, event.person_id, first, posts[0].id if posts else None)


def _holds(post: Any, day: date) -> bool:
    return bool(post.starts_on <= day and (post.ends_on is None or day <= post.ends_on))


def _hand_over(ctx: Context, former: Any, new: Any, on: date) -> None:
    mine = (
        (Request.person == new.person_id)
        & (Request.municipality == ctx.municipality.id)
        & (Request.appointment != new.id)
        & still_ahead(ctx)
    )
    wanted = Request.select(Request.id, Request.state, Request.section)
    wanted = wanted.where(mine & Request.state.in_(_OPEN) & is_no_way()).order_by(Request.id)
    ids = [one for one, *_ in rows(wanted)]
    accounts.lock_accounts_of(ids)
    found = list(rows(locked(wanted.where(Request.id.in_(ids)))))
    _hand_over_standing(ctx, new)
    agreed = [one for one, state, _ in found if state in AGREED_STATES]
    post = {"appointment": new.id, "section": new.section_id}
    if _same_head(ctx, former, new):
        agreed = []
    if agreed:
        Request.update(reagree_since=on, **post).where(Request.id.in_(agreed)).execute()
    handed = [one for one, *_ in found] or [0]
    ways = Request.travel_for.in_(handed) & Request.state.in_(_OPEN)
    Request.update(post).where(Request.id.in_(handed) | ways).execute()
    audit.record_each(
        ctx,
        "ledger.hand_over",
        "ledger_request",
        [
            (one, None, {"former_section": section, "section": new.section_id})
            for one, _, section in found
        ],
    )
    if agreed:
        tell_transferred(ctx, new, len(agreed))


def _hand_over_standing(ctx: Context, new: Any) -> None:
    """Let the standing agreements that have not ended be of the new post: its head answers them now."""
    mine = (
        (Standing.person == new.person_id)
        & (Standing.municipality == ctx.municipality.id)
        & (Standing.appointment != new.id)
        & Standing.state.in_(_OPEN)
        & (Standing.last_day >= ctx.today)
    )
    query = Standing.select(Standing.id, Standing.section).where(mine).order_by(Standing.id)
    found = list(rows(locked(query)))
    Standing.update(appointment=new.id, section=new.section_id).where(
        Standing.id.in_([one for one, _ in found] or [0])
    ).execute()
    audit.record_each(
        ctx,
        "ledger.hand_over",
        "ledger_standing",
        [
            (one, None, {"former_section": section, "section": new.section_id})
            for one, section in found
        ],
    )


def _same_head(ctx: Context, former: Any, new: Any) -> bool:
    """Tell whether the one who answered before answers still, so that nobody has to agree anew."""
    tree = section_heads(ctx.municipality.id, ctx.today)
    before, after = (
        answering_person(tree, post.section_id, new.person_id) for post in (former, new)
    )
    return before is not None and before == after


def _let_go(ctx: Context, person_id: int, first: date, told_in: int | None) -> None:
    """End what a person has open in the municipality of ``ctx`` from ``first`` on, and tell them.

    ``told_in`` is the post in which the person is told, where there is one.
    """
    open_ones = (
        (Request.person == person_id)
        & (Request.municipality == ctx.municipality.id)
        & Request.state.in_(_OPEN)
        & is_no_way()
    )
    later = Request.select(Request.id).where(open_ones & (Request.work_date >= first))
    ids = [row[0] for row in rows(later.order_by(Request.work_date, Request.id))]
    ended = 0
    here = Request.municipality == ctx.municipality.id
    for request_id in ids:
        opened, request = locked_with_account(ctx, request_id, here)
        if request.state in _OPEN:
            release(ctx, opened, request, State.LAPSED, reason=MOVED, action="ledger.let_go")
            ended += 1
    if ended and told_in is not None:
        tell_let_go(ctx, told_in, ended)
