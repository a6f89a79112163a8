"""What people are told of their own posts and reports, and the one objection of an author."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.models import Appointment
from niwari.directory.people import municipality_ref
from niwari.errors import NotFound
from niwari.identity.sessions.reach import within_reach
from niwari.moderation.cases import narrowed_since, pause_of
from niwari.moderation.models import (
    HELD,
    NOT_SHOWN,
    REGION_LEVEL,
    RELEASED,
    REVIEW,
    TOWN,
    Case,
    Decision,
    Report,
)
from niwari.moderation.posts import Kind, Post, kinds_here, stored
from niwari.moderation.refusals import LONGEST, NoObjection, ObjectedAlready, TooLong
from niwari.moderation.telling import tell_waiting
from niwari.specs.contributions import Label
from niwari.vault.models import Pause
from niwari.vault.service import mine_of

PAGE = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A decision about a post of one's own."""

    outcome: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A post of one's own that is, or was, held back; ``decision`` is the latest one."""

    id: int
    label: Label
    row_id: int
    state: str
    decision: Told


@dataclass(frozen=True, slots=True)
class OwnPost:
    """The same with the post itself, all decisions, and whether one may ask to look again.

    ``paused_until`` is the last day on which one writes nothing without a name because of it.
    """

    case: OwnCase
    post: Post | None
    decisions: tuple[Told, ...]
    objection: str
    objected_at: datetime | None
    may_object: bool
    paused_until: date | None


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report of one's own: ``outcome`` is empty while it waits; ``reason`` where all stays."""

    id: int
    label: Label
    row_id: int
    reported_at: datetime
    outcome: str
    reason: str
    decided_at: datetime | None


def own_cases(ctx: Context, before: int | None = None) -> tuple[list[OwnCase], int | None]:
    """Return a page of the own posts that were held back, the latest first, and where to go on.

    Those with a hidden author are found by the own locker, so nobody else finds them so. Raises
    ``SealError`` where that does not open.
    """
    kinds = kinds_here(ctx)
    query = Case.select().where(_mine(ctx, kinds) & Case.state.in_((*NOT_SHOWN, RELEASED)))
    if before is not None:
        query = query.where(Case.id < before)
    found = list(query.order_by(Case.id.desc()).limit(PAGE + 1))
    page = found[:PAGE]
    told = _decisions([case.id for case in page])
    shown = [_own_case(kinds, case, told[case.id]) for case in page if case.id in told]
    return shown, page[-1].id if len(found) > PAGE else None


def own_post(ctx: Context, case_id: int) -> OwnPost:
    """Return one post of one's own that was held back; raises ``NotFound`` and as ``own_cases``."""
    kinds = kinds_here(ctx)
    case = _own(ctx, kinds, case_id)
    told = _decisions([case.id]).get(case.id)
    if not told or case.state not in (*NOT_SHOWN, RELEASED):
        raise NotFound
    return OwnPost(
        case=_own_case(kinds, case, told),
        post=stored(ctx, kinds[case.kind], case.row_id),
        decisions=tuple(told),
        objection=case.objection,
        objected_at=case.objected_at,
        may_object=case.state == HELD and case.objected_at is None,
        paused_until=case.paused_until,
    )


def object_to(ctx: Context, case_id: int, words: str) -> None:
    """Ask, as its author, to look again at a post that is held back: once.

    Where the post is for the whole region, its moderators look; else another moderator of the town.
    A second click changes nothing. Raises ``NotFound``, ``NoObjection``, ``TooLong``,
    ``ObjectedAlready``, and as ``own_cases``.
    """
    words = words.strip()
    if not words:
        raise NoObjection
    if len(words) > LONGEST:
        raise TooLong(field="objection")
    with transaction(ctx):
        locked(Case.select(Case.id).where(Case.id == case_id)).execute()
        case = _own(ctx, kinds_here(ctx), case_id)
        if case.state == REVIEW and case.objection == words:
            return
        if case.state != HELD or case.objected_at is not None:
            raise ObjectedAlready
        is_narrowed = (
            Case.select().where((Case.id == case_id) & narrowed_since(kinds_here(ctx))).exists()
        )
        town = municipality_ref(case.municipality_id, ctx.today)
        to_region = case.is_regional and town.region_id is not None and not is_narrowed
        Case.update(
            state=REVIEW,
            turn=case.turn + 1,
            level=REGION_LEVEL if to_region else TOWN,
            objected_at=_quarter(ctx.now) if case.is_hidden else ctx.now,
            objection=words,
        ).where(Case.id == case.id).execute()
        if not case.is_hidden:
            # Of a hidden author the audit would name the person beside the post; and a notice would
            # tell when it was, so the worker tells (``tell_late``).
            audit.record(
                ctx,
                "moderation.object",
                case.kind,
                case.row_id,
                municipality_id=case.municipality_id,
                case=case.id,
            )
            tell_waiting(ctx, Case.get_by_id(case.id))


def own_reports(ctx: Context, before: int | None = None) -> tuple[list[OwnReport], int | None]:
    """Return a page of what the acting person reported, the latest first, by one query."""
    kinds = kinds_here(ctx)
    query = (
        Report.select(
            Report.id,
            Case.kind,
            Case.row_id,
            Report.reported_at,
            Decision.outcome,
            Decision.reason,
            Decision.decided_at,
        )
        .join_from(Report, Case)
        .join_from(
            Report,
            Decision,
            JOIN.LEFT_OUTER,
            on=((Decision.case == Report.case) & (Decision.turn == Report.turn)),
        )
        .where(
            (Report.person == ctx.person_id)
            & within_reach(ctx, Report.municipality)
            & Case.kind.in_(sorted(kinds))
        )
    )
    if before is not None:
        query = query.where(Report.id < before)
    found = rows(query.order_by(Report.id.desc()).limit(PAGE + 1))
    page = [
        # Why a post is held back is for its author; why it stays is for whoever reported it.
        OwnReport(
            id_, kinds[kind].label, row_id, at, outcome or "", why if outcome == "kept" else "", day
        )
        for id_, kind, row_id, at, outcome, why, day in found[:PAGE]
    ]
    return page, page[-1].id if len(found) > PAGE else None


def _mine(ctx: Context, kinds: Mapping[str, Kind]) -> Any:
    posts = Appointment.select(Appointment.id).where(Appointment.person == ctx.person_id)
    named = Case.author.in_(posts) & within_reach(ctx, Case.municipality)
    hidden = [
        (Case.kind == kind) & Case.row_id.in_(sorted(ids)) & Case.is_hidden
        for kind, ids in mine_of(ctx).items()
        if kind in kinds
    ]
    return reduce(or_, hidden, named) & Case.kind.in_(sorted(kinds))


def _own(ctx: Context, kinds: Mapping[str, Kind], case_id: int) -> Any:
    query = Case.select(Case, Pause.last_day.alias("paused_until"))
    query = query.join(Pause, JOIN.LEFT_OUTER, on=pause_of(ctx))
    case = query.where((Case.id == case_id) & _mine(ctx, kinds)).objects().first()
    if case is None:
        raise NotFound
    return case


def _decisions(ids: list[int]) -> dict[int, list[Told]]:
    query = (
        Decision.select(Decision.case, Decision.outcome, Decision.reason, Decision.decided_at)
        .where(Decision.case.in_(ids) & Decision.outcome.in_((HELD, RELEASED)))
        .order_by(Decision.turn)
    )
    told: dict[int, list[Told]] = {}
    for case_id, *decided in rows(query) if ids else ():
        told.setdefault(case_id, []).append(Told(*decided))
    return told


def _own_case(kinds: Mapping[str, Kind], case: Any, told: list[Told]) -> OwnCase:
    return OwnCase(case.id, kinds[case.kind].label, case.row_id, case.state, told[-1])


def _quarter(now: datetime) -> datetime:
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
