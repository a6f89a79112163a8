"""Letting others know that a post waits for a decision, and what was decided of it."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.errors import NotFound
from niwari.events.service import publish
from niwari.host.running import running
from niwari.moderation.events import PostHeld, PostReleased
from niwari.moderation.models import (
    HELD,
    OPEN,
    REGION_LEVEL,
    RELEASED,
    REVIEW,
    TOWN,
    Case,
    Report,
)
from niwari.moderation.moderators import moderators
from niwari.moderation.notices import DECIDED, OWN_HELD, OWN_RELEASED, REGION_WAITS, WAITS
from niwari.moderation.posts import kinds_anywhere, narrowed, sealed
from niwari.notices.outbox import notify, notify_hidden

QUARTER = timedelta(minutes=15)
"""How exactly the objection of a hidden author is known."""


def tell(ctx: Context, case: Any, outcome: str) -> None:
    """Say in the caller's transaction what was decided of ``case``, which is as it was before.

    Plugins hear by event, in the town of the post, that it is held back or shown again. Its author is
    told of both, a hidden one by the envelope of the post and never by the person: where it has none,
    nobody is. Whoever reported it for this turn is told that there is a decision. What it says, they
    read on their own pages.
    """
    _publish(ctx, case, outcome)
    if outcome in (HELD, RELEASED):
        _tell_author(ctx, case, OWN_HELD.code if outcome == HELD else OWN_RELEASED.code)
    reporters = (
        Appointment.select(Appointment.id)
        .join(
            Report,
            on=(
                (Report.person == Appointment.person)
                & (Report.municipality == Appointment.municipality)
            ),
        )
        .where((Report.case == case.id) & (Report.turn == case.turn))
    )
    notify(ctx, DECIDED.code, reporters)


def tell_waiting(ctx: Context, case: Any) -> None:
    """Tell in the caller's transaction those who may decide that ``case``, as it is now, waits for them."""
    if case.level == REGION_LEVEL:
        notify(ctx, REGION_WAITS.code, moderators(ctx, case, "region"))
    else:
        notify(ctx, WAITS.code, moderators(ctx, case, "town"))


def tell_late(now: datetime) -> int:
    """Tell whom nobody's act tells, each turn of a case once; returns of how many cases.

    The region, when it is its turn beside the town. And those who look again at a post for its hidden
    author, once the quarter of an hour of the objection is over: a notice of that very moment would
    lead to the author.
    """
    return sum(_tell_late(now, case_id) for (case_id,) in rows(_late(now)))


def _late(now: datetime, *columns: Any) -> Any:
    ctx = system_context(now, "moderation")
    turn_came = (
        Case.is_regional
        & (Case.region_from <= ctx.today)
        & (Case.is_hidden | ~narrowed(kinds_anywhere().values(), Case.kind, Case.row_id))
    )
    regions_turn = (Case.state == OPEN) & (Case.level == TOWN) & turn_came
    hidden = (Case.state == REVIEW) & Case.is_hidden & (Case.objected_at <= now - QUARTER)
    return (
        Case.select(*(columns or (Case.id,)))
        .where((regions_turn | hidden) & (Case.told_turn < Case.turn))
        .order_by(Case.id)
    )


def _tell_late(now: datetime, case_id: int) -> bool:
    ctx = system_context(now, "moderation")
    with transaction(ctx):
        # Another worker may be at it, or somebody may decide.
        case = locked(_late(now, Case).where(Case.id == case_id)).first()
        if case is None or not _is_there(case):
            return False
        Case.update(told_turn=case.turn).where(Case.id == case_id).execute()
        if case.state == OPEN:
            notify(ctx, REGION_WAITS.code, moderators(ctx, case, "region"))
        else:
            tell_waiting(ctx, case)
    return True


def _is_there(case: Any) -> bool:
    """Tell whether the plugin of the post is there: else the notice waits for it."""
    host, owner = running().host, case.kind.partition(".")[0]
    return owner in host.plugins and host.is_ready(owner)


def _publish(ctx: Context, case: Any, outcome: str) -> None:
    if outcome == HELD and case.state == OPEN:
        event: Any = PostHeld(case.kind, case.row_id)
    elif outcome == RELEASED:
        event = PostReleased(case.kind, case.row_id)
    else:
        return
    town = municipality_ref(case.municipality_id, ctx.today)
    publish(replace(ctx, municipality=town), event)


def _tell_author(ctx: Context, case: Any, code: str) -> None:
    if case.author_id is not None:
        notify(ctx, code, [case.author_id])
    elif case.is_hidden:
        with suppress(NotFound):  # the post was erased
            envelope, sealed_for = sealed(ctx, case.kind, case.row_id)
            about = Ref(case.kind, case.row_id)
            notify_hidden(ctx, code, envelope, about, sealed_for=sealed_for)
