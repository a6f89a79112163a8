"""Cases as moderators see them: the queues of a town and of the region, and one case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Literal

from peewee import JOIN, fn
from peewee import Case as CaseOf

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment, Municipality, Person
from niwari.directory.regions import region_towns
from niwari.errors import NotFound
from niwari.keyring import SealError
from niwari.moderation.models import (
    HELD,
    NOT_SHOWN,
    OPEN,
    REGION_LEVEL,
    REVIEW,
    TOWN,
    WAITING,
    Case,
    Decision,
    Report,
)
from niwari.moderation.posts import Kind, kinds_here, narrowed, stored
from niwari.moderation.reasons import REASONS
from niwari.moderation.shown import Decided, Queue, Said, Shown, Waiting
from niwari.specs.contributions import Label
from niwari.vault.models import Pause
from niwari.vault.service import is_mine

Level = Literal["town", "region"]
PAGE = 20


def queue(ctx: Context, level: Level, *, held: bool = False, after: int = 0) -> Queue:
    """Return a page of the cases that wait, or with ``held`` of what is held back, by two queries.

    ``after`` is the ``following`` of the page before.
    """
    states = NOT_SHOWN if held else WAITING
    kinds = kinds_here(ctx)
    query = (
        Case.select(
            Case, Municipality.name.alias("town"), narrowed_since(kinds).alias("is_narrowed")
        )
        .join(Municipality)
        .where(
            Case.state.in_(states)
            & Case.kind.in_(sorted(kinds))
            & has_now(ctx, level, kinds)
            & (Case.id > after)
        )
        .order_by(Case.id)
        .limit(PAGE + 1)
        .objects()
    )
    found: list[Any] = list(query)
    page = found[:PAGE]
    reasons = _reasons(page)
    cases = tuple(
        Waiting(
            case.id,
            kinds[case.kind].label,
            case.row_id,
            _town_shown(case),
            case.state,
            case.opened_at,
            case.region_from if level == TOWN and not case.is_narrowed else None,
            tuple(reasons[case.id]),
        )
        for case in page
    )
    return Queue(cases, page[-1].id if len(found) > PAGE else None)


def case_of(ctx: Context, level: Level, case_id: int) -> Any:
    """Return a case that the town or the region may look at; raises ``NotFound``."""
    kinds = kinds_here(ctx)
    found = (
        Case.select(
            Case,
            Municipality.name.alias("town"),
            Appointment.person.alias("author_person"),
            narrowed_since(kinds).alias("is_narrowed"),
            Pause.last_day.alias("paused_until"),
        )
        .join_from(Case, Municipality)
        .join_from(Case, Appointment, JOIN.LEFT_OUTER)
        .join_from(Case, Pause, JOIN.LEFT_OUTER, on=pause_of(ctx))
        .where((Case.id == case_id) & Case.kind.in_(sorted(kinds)) & may_look(ctx, level, kinds))
        .objects()
        .first()
    )
    if found is None:
        raise NotFound
    return found


def shown(ctx: Context, level: Level, case_id: int) -> Shown:
    """Return one case as its moderators see it, by five queries at the most; raises ``NotFound``."""
    case = case_of(ctx, level, case_id)
    kind = kinds_here(ctx)[case.kind]
    post = stored(ctx, kind, case.row_id)
    reports, by_me = _said(ctx, case)
    decisions = _decided(ctx, case.id)
    mine = by_me or is_authors_own(ctx, case) or reviews_oneself(case, decisions)
    is_now = _is_now(ctx, case, level)
    may = outcomes(case.state) if is_now and not mine else ()
    return Shown(
        id=case.id,
        turn=case.turn,
        state=case.state,
        label=kind.label,
        row_id=case.row_id,
        town=_town_shown(case),
        post=post,
        reports=reports,
        decisions=decisions,
        objection=case.objection,
        region_from=case.region_from if level == TOWN and not case.is_narrowed else None,
        may=may,
        is_barred=is_now and mine,
        may_pause=HELD in may and case.is_hidden and post is not None and post.is_sealed,
        paused_until=case.paused_until,
    )


def pause_of(ctx: Context) -> Any:
    """Return the condition that a pause that holds today is of the author of a case."""
    return (Pause.kind == Case.kind) & (Pause.row_id == Case.row_id) & (Pause.last_day >= ctx.today)


def outcomes(state: str) -> tuple[str, ...]:
    """Return what can be decided of a case in ``state``."""
    return {OPEN: ("kept", "held"), HELD: ("released",), REVIEW: ("held", "released")}.get(
        state, ()
    )


def may_look(ctx: Context, level: Level, kinds: Mapping[str, Kind]) -> Any:
    """Return the condition that moderators of the acting town, or of its region, may read a case.

    The region reads nothing that was or is for a town alone, and nothing before it is its turn; the
    town nothing that would tell that a hidden author works there. So a case about a hidden author stays
    the region's where the post is narrowed to its town later: else nobody could decide it.
    """
    has_region = ctx.municipality.region_id is not None
    if level == TOWN:
        own = Case.municipality == ctx.municipality.id
        return own & ~(Case.is_hidden & Case.is_regional) if has_region else own
    if not has_region:
        return Case.id == 0
    late = Case.region_from <= ctx.today
    return (
        Case.municipality.in_(region_towns(ctx))
        & Case.is_regional
        & ~narrowed_since(kinds)
        & ((Case.level == REGION_LEVEL) | late)
    )


def narrowed_since(kinds: Mapping[str, Kind]) -> Any:
    """Return the condition that a post was for the region, is its town's alone now, and so its case."""
    return Case.is_regional & ~Case.is_hidden & narrowed(kinds.values(), Case.kind, Case.row_id)


def reviews_oneself(case: Any, decisions: Iterable[Decided]) -> bool:
    """Tell whether the acting person is asked to look again at what they decided themself."""
    held = [one for one in decisions if one.outcome == HELD]
    return case.state == REVIEW and bool(held) and held[-1].by_me


def is_authors_own(ctx: Context, case: Any) -> bool:
    """Tell whether the acting person wrote the post of a case that ``case_of`` returned.

    Also where that is hidden from all others.
    """
    if case.author_person is not None:
        return bool(case.author_person == ctx.person_id)
    if case.is_hidden:
        with suppress(SealError):
            return bool(is_mine(ctx, case.kind, [case.row_id]))
    return False


def has_now(ctx: Context, level: Level, kinds: Mapping[str, Kind]) -> Any:
    """Return the condition that it is the turn of the town, or of the region."""
    if level == REGION_LEVEL:
        return may_look(ctx, level, kinds) & (
            (Case.level == REGION_LEVEL) | ((Case.state == OPEN) & (Case.level == TOWN))
        )
    mine = may_look(ctx, level, kinds)
    if ctx.municipality.region_id is None:
        return mine
    return mine & ((Case.level == TOWN) | narrowed_since(kinds))


def _is_now(ctx: Context, case: Any, level: Level) -> bool:
    if level == REGION_LEVEL:
        return bool(case.level == REGION_LEVEL or case.state == OPEN)
    return bool(case.level == TOWN or case.is_narrowed or ctx.municipality.region_id is None)


def _town_shown(case: Any) -> str:
    return "" if case.is_hidden and case.is_regional else str(case.town)


def _reasons(cases: list[Any]) -> dict[int, list[tuple[Label, int]]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    ids = [case.id for case in cases]
    query = Report.select(Report.case, Report.reason, fn.COUNT(Report.id)).where(
        Report.case.in_(ids)
    )
    for case_id, reason, count in rows(query.group_by(Report.case, Report.reason)) if ids else ():
        counts[case_id][reason] = count
    return {
        id_: [(REASONS[code], counts[id_][code]) for code in REASONS if code in counts[id_]]
        for id_ in ids
    }


def _said(ctx: Context, case: Any) -> tuple[tuple[Said, ...], bool]:
    """Return the latest reports of a case, and whether the acting person has ever reported it."""
    query = (
        Report.select(
            Report.reason, Report.text, Municipality.name, Report.reported_at, Report.person
        )
        .join(Municipality)
        .where(Report.case == case.id)
        .order_by(CaseOf(None, ((Report.person == ctx.person_id, 0),), 1), Report.id.desc())
        .limit(PAGE)
    )
    found = rows(query)
    said = [Said(REASONS[reason], text, town, at) for reason, text, town, at, _ in found]
    said.sort(key=lambda one: one.at)
    return tuple(said), any(person == ctx.person_id for *_, person in found)


def _decided(ctx: Context, case_id: int) -> tuple[Decided, ...]:
    query = (
        Decision.select(
            Decision.turn,
            Decision.outcome,
            Decision.reason,
            Decision.level,
            Decision.decided_at,
            Person.id,
        )
        .join(Appointment)
        .join(Person)
        .where(Decision.case == case_id)
        .order_by(Decision.turn.desc())
        .limit(PAGE)
    )
    return tuple(
        Decided(turn, outcome, reason, level, at, person == ctx.person_id)
        for turn, outcome, reason, level, at, person in reversed(rows(query))
    )
