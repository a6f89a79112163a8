"""Reporting a post: anybody who can read it, for a reason, once."""

from collections.abc import Mapping
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.dates.working_days import working_days_after
from niwari.db import locked, rows, transaction
from niwari.directory.models import Appointment
from niwari.directory.system import system_context
from niwari.errors import NotFound
from niwari.host import rate_limits
from niwari.host.rate_limits import Limit
from niwari.moderation.models import (
    NOT_SHOWN,
    OPEN,
    REGION_LEVEL,
    TOWN,
    Case,
    Report,
)
from niwari.moderation.posts import Post, seen
from niwari.moderation.reasons import OTHER, REASONS
from niwari.moderation.refusals import LONGEST, NoWords, OwnPost, TooLong, UnknownReason
from niwari.moderation.telling import tell_waiting

TOWN_HAS = 2
"""Working days after that of the report in which the town alone has a case (R-109)."""
REPORTS = Limit("moderation.report", 20, 3600)
"""How many reports one person may send in an hour."""


def report(ctx: Context, kind: str, row_id: int, *, reason: str, text: str) -> bool:
    """Report a post of ``kind`` that the acting person can read; returns whether it is a new report.

    A second one of the same person while the first waits changes nothing. Those who may decide are
    told by the first report of a turn, and the region by the one that makes it the region's; others
    join it. Raises ``NotFound`` for a post that is not there for the person, ``OwnPost``,
    ``UnknownReason``, ``NoWords``, ``TooLong``, and ``TooMany`` beyond 20 in an hour.
    """
    text = checked(reason, text)
    rate_limits.count(REPORTS, f"person {ctx.person_id}", ctx.now)
    with transaction(ctx):
        post = seen(ctx, kind, row_id)
        if is_by(ctx, post.author_id):
            raise OwnPost
        case, turned = _open_case(ctx, post)
        made = rows(
            Report.insert(
                case=case.id,
                turn=case.turn,
                person=ctx.person_id,
                municipality=ctx.municipality.id,
                reason=reason,
                text=text,
                reported_at=ctx.now,
            )
            .on_conflict_ignore()
            .returning(Report.id)
        )
        if made:
            # Neither of which post nor by whom: beside the page of the case, whose moderators may be
            # auditors too, either would tell who reported it.
            nobody = system_context(ctx.now, "moderation", ctx.municipality)
            audit.record(nobody, "moderation.report", "moderation.report", made[0][0])
        this_turn = (Report.case == case.id) & (Report.turn == case.turn)
        if turned or (made and Report.select().where(this_turn).count() == 1):
            tell_waiting(ctx, case)
    return bool(made)


def checked(reason: str, text: str) -> str:
    """Return the words of a report as they are kept; raises as ``report`` does."""
    text = text.strip()
    if reason not in REASONS:
        raise UnknownReason
    if reason == OTHER and not text:
        raise NoWords
    if len(text) > LONGEST:
        raise TooLong(field="text")
    return text


def is_by(ctx: Context, author_id: int | None) -> bool:
    """Tell whether the acting person wrote in the appointment ``author_id``, in whichever post."""
    if author_id is None:
        return False
    own = (Appointment.id == author_id) & (Appointment.person == ctx.person_id)
    return bool(Appointment.select().where(own).exists())


def _open_case(ctx: Context, post: Post) -> tuple[Any, bool]:
    """Return the open case of a post, locked: a new one, the present one, or one that begins anew.

    And whether the present one went to the region by this.
    """
    begins = _beginning(ctx, post)
    Case.insert(kind=post.kind.code, row_id=post.row_id, **begins).on_conflict_ignore().execute()
    this = (Case.kind == post.kind.code) & (Case.row_id == post.row_id)
    case = locked(Case.select().where(this)).get()
    if case.state in NOT_SHOWN:
        raise NotFound  # held back since it was read
    if case.state == OPEN and begins["is_regional"] and not case.is_regional:
        widened = _widened(case, begins)
        return widened, widened.level != case.level
    if case.state != OPEN:
        begins |= {"turn": case.turn + 1, "objected_at": None, "objection": ""}
        Case.update(begins).where(Case.id == case.id).execute()
        case = Case.get_by_id(case.id)
    return case, False


def _widened(case: Any, begins: Mapping[str, Any]) -> Any:
    """Return the open case of a post that the whole region can read since: it gets its turn as well."""
    level = REGION_LEVEL if case.is_hidden else case.level
    values = {name: begins[name] for name in ("is_regional", "region_from")}
    Case.update(level=level, **values).where(Case.id == case.id).execute()
    return Case.get_by_id(case.id)


def _beginning(ctx: Context, post: Post) -> dict[str, Any]:
    # Whoever reads another town's post is of its region: the own region is that of the post.
    is_regional = post.is_regional and ctx.municipality.region_id is not None
    return {
        "municipality": post.municipality_id,
        "author": post.author_id,
        "is_hidden": post.is_hidden,
        "is_regional": is_regional,
        # The town's queue would tell that the hidden author works there.
        "level": REGION_LEVEL if is_regional and post.is_hidden else TOWN,
        "state": OPEN,
        "opened_at": ctx.now,
        "region_from": working_days_after(ctx.today, TOWN_HAS + 1) if is_regional else None,
    }
