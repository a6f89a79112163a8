"""One's own 20% through the API."""

from datetime import date, time

from niwari.context import Context
from niwari.ledger import overview, sight
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import OralOk, Wish
from niwari.ledger.attending import absence
from niwari.ledger.deciding.approvers import tree_now
from niwari.ledger.deciding.people import people_answering
from niwari.ledger.recording import recording
from niwari.pages.parts import offered_activities
from niwari.rest.blueprint import operations
from niwari.rest.ledger_shapes import (
    Activity,
    Answering,
    DoneMinutes,
    LedgerRequest,
    Month,
    MonthQuery,
    NewLedgerRequest,
)
from niwari.rest.ledger_telling import told
from niwari.rest.paging import page_of, read_cursor
from niwari.rest.periods import wanted_period
from niwari.rest.reading import WrongParameters
from niwari.rest.shapes import Page, Paging, RowId, WrongParameter


@operations.get("/ledger/month", permission="ledger.read", query=MonthQuery, personal=True)
def ledger_month(ctx: Context, query: MonthQuery) -> Month:
    """One's own 20% of a month."""
    day = ctx.today if query.month is None else wanted_period(ctx, "month", query.month).starts_on
    month = overview.month_of(ctx, day, with_year=False)
    balance = month.balance
    return Month(
        month.period.key,
        balance.base,
        balance.cap,
        balance.used,
        balance.reserved,
        balance.asked,
        balance.free,
    )


@operations.get("/ledger/activities", permission="ledger.read", personal=True)
def ledger_activities(ctx: Context) -> tuple[Activity, ...]:
    """What 20% time can be asked for here."""
    return tuple(
        Activity(one.code, one.label.text(ctx.locale), one.counts)
        for one in offered_activities(ctx).values()
    )


@operations.get("/ledger/requests", permission="ledger.read", query=Paging, personal=True)
def ledger_requests(ctx: Context, query: Paging) -> Page[LedgerRequest]:
    """One's own requests for 20% time, the latest day first."""
    before = read_cursor(query.after, tuple[date, RowId])
    found = sight.own_requests(ctx, before, query.limit + 1)
    return page_of(found, query.limit, told, lambda row: (row.work_date, row.id))


@operations.post(
    "/ledger/requests",
    permission="ledger.ask",
    body=NewLedgerRequest,
    personal=True,
    idempotent=True,
    location=("rest.ledger_request", "request_id"),
)
def ask(ctx: Context, key: str, body: NewLedgerRequest) -> LedgerRequest:
    """Ask for 20% time; nothing is reserved before the head agrees, but with an oral OK."""
    wish = Wish(
        activity=body.activity,
        purpose=body.purpose,
        place=body.place,
        work_date=body.work_date,
        minutes=body.asked_minutes,
        starts=time.fromisoformat(body.starts) if body.starts else None,
        ends=time.fromisoformat(body.ends) if body.ends else None,
        form_key=key,
        oral=_oral_ok(body),
        after_fact=body.after_fact,
        travel_there=body.travel_there,
        travel_back=body.travel_back,
    )
    return told(requests.ask(ctx, wish, offered_activities(ctx)))


def _oral_ok(body: NewLedgerRequest) -> OralOk | None:
    """Return the oral OK that was noted, to the minute; both of it, or none."""
    if body.oral_by_post is None and body.oral_at is None:
        return None
    missing = "oral_by_post" if body.oral_by_post is None else "oral_at"
    if body.oral_by_post is None or body.oral_at is None:
        raise WrongParameters((WrongParameter("body", missing, "missing"),))
    return OralOk(body.oral_by_post, body.oral_at.replace(second=0, microsecond=0))


@operations.get("/ledger/answering", permission="ledger.read", personal=True)
def answering(ctx: Context) -> tuple[Answering, ...]:
    """Who answers one's requests now, the head first."""
    return tuple(Answering(*one) for one in people_answering(ctx, tree_now(ctx)))


@operations.get("/ledger/requests/<int:request_id>", permission="ledger.read", personal=True)
def ledger_request(ctx: Context, request_id: int) -> LedgerRequest:
    """One of one's own requests."""
    return told(sight.own(ctx, request_id))


@operations.post(
    "/ledger/requests/<int:request_id>/withdraw", permission="ledger.ask", personal=True
)
def withdraw(ctx: Context, request_id: int) -> LedgerRequest:
    """Take a request back before its start; again changes nothing."""
    return told(requests.withdraw(ctx, request_id))


@operations.post("/ledger/requests/<int:request_id>/cancel", permission="ledger.ask", personal=True)
def cancel(ctx: Context, request_id: int) -> LedgerRequest:
    """Say that one is absent from what was agreed to; the minutes return. Again changes nothing."""
    return told(absence.cancel(ctx, request_id))


@operations.post(
    "/ledger/requests/<int:request_id>/record",
    permission="ledger.ask",
    body=DoneMinutes,
    personal=True,
)
def record(ctx: Context, request_id: int, body: DoneMinutes) -> LedgerRequest:
    """Record what was done of an agreed request; the same minutes again change nothing."""
    return told(recording.record(ctx, request_id, minutes=body.minutes))
