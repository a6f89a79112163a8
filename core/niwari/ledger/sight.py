"""Who sees a request, and with what (rule L14): its person, and the head who answers it."""

from dataclasses import dataclass
from datetime import date, time

from niwari.clock import TOKYO
from niwari.context import Context
from niwari.errors import NotFound
from niwari.ledger.asking.objecting import entered_by_name, may_object
from niwari.ledger.asking.requests import WITHDRAWABLE, has_set_out, has_started, is_own
from niwari.ledger.attending.absence import may_cancel
from niwari.ledger.attending.words import host_word
from niwari.ledger.deciding import avoided
from niwari.ledger.deciding.approvers import Charge, charge_of
from niwari.ledger.models import AGREED_STATES, Request, State
from niwari.ledger.recording.recording import has_begun, recorded_minutes
from niwari.ledger.shown import keeps_sight, shown_to_head, with_names
from niwari.ledger.standing.drawing import Allowance, allowance_of
from niwari.ledger.ways import attach


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as one person sees it. Amounts are minutes.

    ``uncounted`` is the part of an interval that lies in breaks, in leave or outside hours (L10);
    which of them it is concerns the person alone. ``answers``: they answer for the person now.
    ``allowance`` is what was drawn of one without dates, ``avoid`` why the section asks to avoid the day.
    ``host_word`` says whether a host has confirmed a record, where the municipality asks hosts (L23).
    """

    request: Request
    person_name: str
    section_name: str
    municipality_name: str
    decided_by_name: str
    in_place_of_name: str
    recorded: int
    uncounted: int
    mine: bool
    answers: bool
    may_decide: bool
    may_withdraw: bool
    may_record: bool
    may_ask_again: bool
    entered_by_name: str
    may_object: bool
    may_reagree: bool
    allowance: Allowance | None = None
    avoid: str = ""
    may_cancel: bool = False
    host_word: str = ""


def see(ctx: Context, request_id: int, charge: Charge | None = None) -> Seen:
    """Return a request for its person or the head who answers it; else ``NotFound``.

    Who has answered keeps sight of it, and so does the head in whose place it was.
    ``charge`` is what the acting person answers for, where that is known.
    The person sees the own one wherever the person works now, within reach of the session.
    """
    named = avoided.named_days(ctx)
    request = (
        with_names(
            ctx,
            Request,
            entered_by_name().alias("entered_by_name"),
            avoided.reason_in(named, ctx, Request.work_date).alias("avoid"),
        )
        .with_cte(named)
        .where(
            (Request.id == request_id)
            & ((Request.municipality == ctx.municipality.id) | is_own(ctx))
        )
        .objects()
        .first()
    )
    if request is None:
        raise NotFound
    mine = request.person_id == ctx.person_id
    attach([request])
    alone = request.travel_for_id is None  # what becomes of a way is decided with its request (L16)
    answers = not mine and (charge or charge_of(ctx)).covers(request)
    if not mine and not answers and not keeps_sight(ctx, request):
        raise NotFound
    standing = request.state in AGREED_STATES
    return Seen(
        request=request if mine else shown_to_head(request),
        person_name=request.person_name,
        section_name=request.section_name,
        municipality_name=request.municipality_name,
        decided_by_name=request.decided_by_name or "",
        in_place_of_name=request.in_place_of_name or "",
        recorded=recorded_minutes(request) if request.state == State.RECORDED else 0,
        allowance=allowance_of(request) if request.allowance else None,
        uncounted=_uncounted(request),
        mine=mine,
        answers=answers,
        may_decide=answers and alone and request.state == State.REQUESTED,
        may_withdraw=mine
        and alone
        and (
            request.state in (State.REQUESTED, State.RETURNED)
            or (
                request.state in WITHDRAWABLE
                and request.attended_at is None
                and not has_set_out(ctx, request)
            )
        ),
        may_record=mine and standing and not request.allowance and has_begun(ctx, request),
        may_ask_again=mine and alone and request.state == State.RETURNED,
        entered_by_name=request.entered_by_name or "",
        may_object=mine and may_object(request),
        may_reagree=answers
        and alone
        and standing
        and request.reagree_since is not None
        and not has_started(ctx, request),
        # Another town may have a section of the same path.
        avoid=request.avoid or "" if request.municipality_id == ctx.municipality.id else "",
        may_cancel=mine and alone and may_cancel(ctx, request) and request.attended_at is None,
        host_word=host_word(ctx, request),
    )


def _uncounted(request: Request) -> int:
    if request.starts_at is None:
        return 0
    length = int((request.ends_at - request.starts_at).total_seconds()) // 60
    return length - int(request.minutes)


def own(ctx: Context, request_id: int) -> Request:
    """Return a request of the acting person with its ways; else ``NotFound``."""
    request: Request | None = Request.get_or_none((Request.id == request_id) & is_own(ctx))
    if request is None:
        raise NotFound
    attach([request])
    return request


def own_requests(ctx: Context, before: tuple[date, int] | None, limit: int) -> list[Request]:
    """Return up to ``limit`` requests of the acting person within reach, the latest day first.

    ``before`` is the day and id of the last one seen.
    """
    query = Request.select().where(is_own(ctx))
    if before is not None:
        day, last = before
        query = query.where(
            (Request.work_date <= day) & ((Request.work_date < day) | (Request.id < last))
        )
    found = list(query.order_by(Request.work_date.desc(), Request.id.desc()).limit(limit))
    attach(found)
    return found


def wall_times(request: Request) -> dict[str, time]:
    """Return ``starts`` and ``ends`` of a request as Tokyo wall time, for its form; else nothing."""
    if request.starts_at is None:
        return {}
    return {
        "starts": request.starts_at.astimezone(TOKYO).time(),
        "ends": request.ends_at.astimezone(TOKYO).time(),
    }
