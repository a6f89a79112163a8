"""Section clerks (庶務担当) enter for people of their sections: requests and records (rule L9).

Entering is never agreeing: what is entered goes to the head like any other request. Of the people a
clerk sees no more than what the clerk entered; a refusal says less to a clerk than to the person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.errors import N_, DomainError, NotFound
from niwari.ledger.arranged import freeze_of
from niwari.ledger.arranging.frozen import begins_from
from niwari.ledger.asking import requests
from niwari.ledger.asking.checking import checked_form
from niwari.ledger.asking.refusals import (
    NotPossibleThen,
    Refused,
    as_told_to_clerk,
    check_not_too_often,
    note_refused,
)
from niwari.ledger.asking.served import Served, ids_served, people_served
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.errors import (
    Frozen,
    LedgerError,
    NotAnswering,
)
from niwari.ledger.models import AGREED_STATES, Request
from niwari.ledger.recording import recording
from niwari.ledger.settings import choices_of
from niwari.ledger.shown import shown_to_head
from niwari.specs.contributions import Activity

MOST_LINES = 20
"""Lines that are entered at once."""
_LISTED = 50
_SEEN_FOR = timedelta(days=60)


class NotOfSection(LedgerError):
    """The person is not, or not any more, of a section for which the clerk enters."""

    rule = "L9"
    text = N_("あなたが代理入力できる所属の職員から選んでください。")
    field = "person"


class LinesRefused(DomainError):
    """Some lines cannot be entered, so none was; ``refusals`` say why, by the line's place."""

    status = 422
    text = N_("入力できない行があります。どの行もまだ保存していません。")

    def __init__(self, refusals: Mapping[int, DomainError]) -> None:
        """Keep what was said to each line."""
        super().__init__()
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: for whom, and what is asked for."""

    person_id: int
    wish: Wish


def enter(ctx: Context, lines: Sequence[Line], activities: Mapping[str, Activity]) -> list[Request]:
    """Write the requests of all ``lines``, or of none; the same lines again return the first ones.

    Each is checked as if the person asked. A line with an oral OK is agreed to at once, and the head
    confirms later (rule L1); it must be of somebody else than the clerk. Raises
    ``LinesRefused`` with what is wrong by line, those of nobody's that the clerk enters for alone,
    ``RefusedTooOften`` after many of them, and ``NotFound`` where the municipality has no entering by
    clerks.
    """
    check_not_too_often(ctx)
    try:
        with transaction(ctx):
            return _entered(ctx, lines, activities)
    except LinesRefused as error:
        note_refused(ctx, _about_people(lines, error.refusals))
        raise


def _check_not_own_ok(ctx: Context, wish: Wish) -> None:
    """Raise ``NotAnswering`` where the oral OK is said to be the acting clerk's own."""
    if wish.oral is None:
        return
    mine = (Appointment.id == wish.oral.by) & (Appointment.person == ctx.person_id)
    if Appointment.select().where(mine).exists():
        raise NotAnswering


def _in_order(lines: Sequence[Line]) -> list[int]:
    """Return the places of the lines in the order in which accounts are locked (rule L2)."""

    def account(place: int) -> tuple[int, date]:
        return lines[place].person_id, lines[place].wish.work_date

    return sorted(range(len(lines)), key=account)


@dataclass(frozen=True, slots=True)
class EnteredLine:
    """A request that the acting clerk entered, as the clerk sees it."""

    request: Request
    person_name: str
    section_name: str
    may_record: bool


def entered_by_me(ctx: Context, people: Sequence[Served] | None = None) -> list[EnteredLine]:
    """Return what the acting clerk entered, what can be recorded first, then the newest.

    Of people of the clerk's sections today, until 60 days after the day of the work; ``people``, of
    ``people_served``, saves two queries. At most 50, in one. Of a discreet class no more than
    「学び・相談」, and no word of the head's.
    """
    can_be = _recordable(ctx)
    served = [one.person_id for one in people] if people is not None else ids_served(ctx)
    found: Any = (
        Request.select(
            Request.id,
            Request.activity,
            Request.discreet,
            Request.purpose,
            Request.state,
            Request.work_date,
            Request.starts_at,
            Request.ends_at,
            Request.minutes,
            Request.agreed_minutes,
            Request.after_fact,
            Request.objected_at,
            Request.objection,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            can_be.alias("may_record"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .where(
            _entered_by(ctx)
            & Request.person.in_(served)
            & (Request.work_date >= ctx.today - _SEEN_FOR)
        )
        .order_by(can_be.desc(), Request.id.desc())
        .limit(_LISTED)
        .objects()
    )
    return [
        EnteredLine(shown_to_head(one), one.person_name, one.section_name, bool(one.may_record))
        for one in found
    ]


def _entered_by(ctx: Context) -> Any:
    mine = Appointment.select(Appointment.id).where(Appointment.person == ctx.person_id)
    here = (Request.municipality == ctx.municipality.id) & Request.joint_with.is_null()
    return here & Request.entered_by.in_(mine)


def _recordable(ctx: Context) -> Any:
    begun = fn.COALESCE(Request.starts_at <= ctx.now, Request.work_date <= ctx.today)
    return Request.state.in_(AGREED_STATES) & begun


def enter_records(ctx: Context, minutes: Mapping[int, int]) -> list[Request]:
    """Record all of ``minutes``, by request, or none; each an agreed request that the clerk entered.

    The people must still be of the clerk's sections. The same again changes nothing. Raises
    ``LinesRefused`` by request.
    """
    with transaction(ctx):
        if not choices_of(ctx).clerk_entry:
            raise NotFound
        whose = _entered_by(ctx) & Request.person.in_(ids_served(ctx))
        ordered = Request.select(Request.id).where(Request.id.in_([*minutes, 0]) & whose)
        ids = [
            row[0] for row in rows(ordered.order_by(Request.person, Request.work_date, Request.id))
        ]
        if set(ids) != set(minutes):
            raise NotFound
        recorded, refusals = [], {}
        for request_id in ids:
            try:
                recorded.append(
                    recording.record(ctx, request_id, minutes=minutes[request_id], whose=whose)
                )
            except DomainError as error:
                refusals[request_id] = error
        if refusals:
            raise LinesRefused(refusals)
    return recorded


def _entered(
    ctx: Context, lines: Sequence[Line], activities: Mapping[str, Activity]
) -> list[Request]:
    served = {one.person_id for one in people_served(ctx)}
    strangers = [place for place, line in enumerate(lines) if line.person_id not in served]
    if strangers:  # and of the others nothing is told
        raise LinesRefused({place: NotOfSection() for place in strangers})
    entered: dict[int, Request] = {}
    refusals: dict[int, DomainError] = {}
    for place in _in_order(lines):
        line = lines[place]
        try:
            checked_form(ctx, line.wish, activities)
            _check_not_frozen(ctx, line.wish)
            _check_not_own_ok(ctx, line.wish)
        except DomainError as error:
            refusals[place] = error
            continue
        try:
            entered[place] = requests.ask(ctx, line.wish, activities, for_person=line.person_id)
        except DomainError as error:
            refusals[place] = as_told_to_clerk(error)
    if refusals:
        raise LinesRefused(refusals)
    return [entered[place] for place in range(len(lines))]


def _check_not_frozen(ctx: Context, wish: Wish) -> None:
    """Raise ``Frozen`` before anything of the person is looked at: it holds for the whole town."""
    freeze = freeze_of(ctx.municipality)
    starts_at = wish.interval[0] if wish.interval else None
    if freeze is not None and begins_from(freeze.from_at, wish.work_date, starts_at):
        raise Frozen(reason=freeze.reason)


def _about_people(lines: Sequence[Line], refusals: Mapping[int, DomainError]) -> list[Refused]:
    """Return what refusals tell of people, for the audit; not what was wrong with the line itself."""
    told: list[Refused] = []
    for place, error in refusals.items():
        line = lines[place]
        if isinstance(error, NotOfSection):
            told.append((None, line.wish.work_date))
        elif isinstance(error, NotPossibleThen):
            told.append((line.person_id, line.wish.work_date))
    return told
