"""Setting a disaster freeze, and lifting it (rule L13): one act each, by HR."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.models import Appointment, Headship, Person, on_day
from niwari.errors import N_, Invalid, NotFound
from niwari.host.enablement import hold
from niwari.jobs.later import later
from niwari.ledger.arranged import arrange
from niwari.ledger.arranging.suspending import TASK, to_suspend
from niwari.ledger.deciding.ahead import still_ahead
from niwari.ledger.deciding.approvers import posts_answering_any
from niwari.ledger.errors import AlreadyFrozen
from niwari.ledger.models import Freeze, Request, State
from niwari.ledger.notice_kinds import FROZEN, REVIVE
from niwari.ledger.ways import is_no_way
from niwari.notices.outbox import notify
from niwari.texts import is_blank

LONGEST_REASON = 200
STRAGGLERS = timedelta(minutes=1)
"""After how long the worker looks once more; a click takes a second."""
SHOWN = 10
"""How many earlier freezes the page lists."""


@dataclass(frozen=True, slots=True)
class FreezeShown:
    """A freeze as HR sees it; ``suspended`` is how many requests rest because of it now."""

    id: int
    from_at: datetime
    reason: str
    set_at: datetime
    set_by_name: str | None
    lifted_at: datetime | None
    suspended: int


@dataclass(frozen=True, slots=True)
class Freezes:
    """The freeze that holds, the earlier ones, and how many agreed requests lie ahead.

    While one holds, ``ahead`` is what is still being suspended.
    """

    now: FreezeShown | None
    earlier: Sequence[FreezeShown]
    ahead: int


def freezes(ctx: Context) -> Freezes:
    """Return the freezes of the own municipality, the latest first; two queries."""
    suspended = Request.select(fn.COUNT(Request.id)).where(
        (Request.freeze == Freeze.id) & (Request.state == State.SUSPENDED) & is_no_way()
    )
    query: Any = (
        Freeze.select(
            Freeze.id,
            Freeze.from_at,
            Freeze.reason,
            Freeze.set_at,
            Person.name,
            Freeze.lifted_at,
            suspended,
        )
        .left_outer_join(Appointment, on=(Freeze.set_by == Appointment.id))
        .left_outer_join(Person, on=(Appointment.person == Person.id))
        .where(Freeze.municipality == ctx.municipality.id)
        .order_by(Freeze.id.desc())
        .limit(SHOWN + 1)
    )
    found = [FreezeShown(*row) for row in rows(query)]
    now = next((one for one in found if one.lifted_at is None), None)
    start = now.from_at if now else ctx.now
    ahead = Request.select().where(to_suspend(ctx, start)).count()
    return Freezes(now, [one for one in found if one.lifted_at is not None], ahead)


def freeze(ctx: Context, *, from_at: datetime | None, reason: str) -> Freeze:
    """Let 20% time rest in the own municipality from ``from_at`` on, or from now on.

    New requests and agreements are refused at once. What was agreed to is suspended by the worker,
    in portions; heads are told now, people when theirs is suspended. The same person with the same
    reason again, as after a double click, gets the freeze that holds. Raises ``AlreadyFrozen`` where
    another one holds, and ``Invalid`` for a moment that is over or without a reason.
    """
    if is_blank(reason):
        raise Invalid(N_("停止する理由を入力してください。"), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("200文字以内で入力してください。"), field="reason")
    if from_at is not None and from_at < ctx.now.replace(second=0, microsecond=0):
        raise Invalid(
            N_("過ぎた日時は入力できません。これからの日時を入力してください。"), field="day"
        )
    with transaction(ctx):
        # Two of HR at once: the second waits, and sees what the first has set.
        hold(ctx.municipality.id)
        present = _open(ctx)
        if present is not None:
            # Peewee has a method of the name that the id of this key would have.
            author = present.__data__["set_by"]
            if (author, present.reason) == (ctx.acting.id, reason.strip()):
                return present
            raise AlreadyFrozen(reason=present.reason)
        made: Freeze = Freeze.create(
            municipality=ctx.municipality.id,
            from_at=from_at or ctx.now,
            reason=reason.strip(),
            set_at=ctx.now,
            set_by=ctx.acting.id,
        )
        arrange(ctx.municipality.id)
        audit.record(ctx, "ledger.freeze", "ledger_freeze", made.id, after={"reason": made.reason})
        later(ctx, TASK, key=str(made.id), freeze_id=made.id)
        # What was being agreed to in this very moment, by somebody who did not see the freeze yet.
        again = ctx.now + STRAGGLERS
        later(ctx, TASK, key=f"{made.id} again", after=again, freeze_id=made.id)
        if made.from_at > ctx.now:  # until then an allowance without dates can be used
            later(ctx, TASK, key=f"{made.id} begins", after=made.from_at, freeze_id=made.id)
        heads = Headship.select(Headship.appointment).where(on_day(Headship, ctx.today))
        here = Appointment.municipality == ctx.municipality.id
        posts = Appointment.select(Appointment.id).where(here & Appointment.id.in_(heads))
        notify(ctx, FROZEN.code, posts, reason=made.reason)
    return made


def lift(ctx: Context, freeze_id: int) -> Freeze:
    """Lift a freeze of the own municipality; the heads are asked to revive what is still ahead.

    Twice changes nothing. What was not suspended yet stays agreed to. Raises ``NotFound``.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        mine = (Freeze.id == freeze_id) & (Freeze.municipality == ctx.municipality.id)
        found: Freeze | None = locked(Freeze.select().where(mine)).first()
        if found is None:
            raise NotFound
        if found.lifted_at is not None:
            return found
        values: dict[str, Any] = {"lifted_at": ctx.now, "lifted_by": ctx.acting.id}
        Freeze.update(values).where(Freeze.id == found.id).execute()
        arrange(ctx.municipality.id)
        audit.record(ctx, "ledger.lift_freeze", "ledger_freeze", found.id)
        asked = rows(
            Request.select(Request.person, Request.section)
            .where(
                (Request.freeze == found.id) & (Request.state == State.SUSPENDED) & still_ahead(ctx)
            )
            .distinct()
        )
        if asked:
            notify(ctx, REVIVE.code, posts_answering_any(ctx, asked))
    found.lifted_at = ctx.now
    return found


def _open(ctx: Context) -> Freeze | None:
    here = (Freeze.municipality == ctx.municipality.id) & Freeze.lifted_at.is_null()
    found: Freeze | None = Freeze.get_or_none(here)
    return found
