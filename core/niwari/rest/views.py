"""The operations of the API."""

from datetime import UTC, date, datetime, time

from flask import Response, url_for

from niwari import __version__
from niwari.context import Context
from niwari.host.blueprint import Blueprint
from niwari.ledger import overview, requests, sight
from niwari.ledger.models import Request
from niwari.ledger.requests import Wish
from niwari.ledger.worktime import PeriodError, PeriodKind, parse_period, period_of
from niwari.pages.parts import offered_activities, parts
from niwari.rest import listing, things
from niwari.rest.openapi import document
from niwari.rest.operations import PREFIX, Operations
from niwari.rest.paging import RowId, page_of, read_cursor
from niwari.rest.reading import WrongParameters
from niwari.rest.shapes import (
    Activity,
    Kind,
    LedgerRequest,
    Me,
    Month,
    MonthQuery,
    Municipality,
    NewLedgerRequest,
    Page,
    Paging,
    PeopleQuery,
    Person,
    Post,
    Section,
    SectionsQuery,
    Thing,
    WrongParameter,
)

blueprint = Blueprint("rest", __name__)

operations = Operations(blueprint)

_READ = "rest.read"


@blueprint.get(f"{PREFIX}/openapi.json", public="says what there is, and nothing of anybody")
def openapi() -> Response:
    """Answer the OpenAPI document."""
    said = document(tuple(operations.all.values()), parts().settings.base_url, __version__)
    return Response(said, content_type="application/json")


@operations.get("/me", permission=_READ)
def me(ctx: Context) -> Me:
    """For whom the token acts, and what it can do today."""
    post = None
    if ctx.appointment is not None:
        here = ctx.appointment
        post = Post(here.id, here.person_id, here.person_name, here.section_id, here.section_name)
    town = ctx.municipality
    return Me(town.code, town.name, post, tuple(sorted(ctx.permissions)))


@operations.get("/municipalities", permission=_READ, query=Paging)
def municipalities(ctx: Context, query: Paging) -> Page[Municipality]:
    """The municipalities of the region, by code."""
    after = read_cursor(query.after, tuple[str])
    found = listing.municipalities(ctx, after and after[0], query.limit + 1)
    return page_of(found, query.limit, lambda row: Municipality(*row), lambda row: (row[0],))


@operations.get("/sections", permission=_READ, query=SectionsQuery)
def sections(ctx: Context, query: SectionsQuery) -> Page[Section]:
    """The sections of one municipality, by path."""
    after = read_cursor(query.after, tuple[str])
    found = listing.sections(ctx, query.municipality_code, after and after[0], query.limit + 1)
    return page_of(found, query.limit, lambda row: Section(*row), lambda row: (row[4],))


@operations.get("/people", permission=_READ, query=PeopleQuery)
def people(ctx: Context, query: PeopleQuery) -> Page[Person]:
    """The people of the region in the posts that they hold today."""
    after = read_cursor(query.after, tuple[RowId, RowId])
    found = listing.people(ctx, query.municipality_code, after, query.limit + 1)
    return page_of(found, query.limit, lambda row: Person(*row[1:]), lambda row: row[:2])


@operations.get("/ledger/month", permission="ledger.read", query=MonthQuery, personal=True)
def ledger_month(ctx: Context, query: MonthQuery) -> Month:
    """One's own 20% of a month."""
    month = overview.month_of(ctx, _wanted_day(ctx, query), with_year=False)
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


def _wanted_day(ctx: Context, query: MonthQuery) -> date:
    if query.month is None:
        return ctx.today
    try:
        day = parse_period(query.month).starts_on
        parse_period(period_of(PeriodKind.FISCAL_YEAR, day).key)  # its holidays must be known
    except PeriodError as error:
        wrong = WrongParameter("query", "month", str(error))
        raise WrongParameters((wrong,)) from error
    return day


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
    return page_of(found, query.limit, _told, lambda row: (row.work_date, row.id))


@operations.post(
    "/ledger/requests",
    permission="ledger.ask",
    body=NewLedgerRequest,
    personal=True,
    idempotent=True,
    location=("rest.ledger_request", "request_id"),
)
def ask(ctx: Context, key: str, body: NewLedgerRequest) -> LedgerRequest:
    """Ask for 20% time; nothing is reserved before the head agrees."""
    wish = Wish(
        activity=body.activity,
        purpose=body.purpose,
        place=body.place,
        work_date=body.work_date,
        minutes=body.asked_minutes,
        starts=time.fromisoformat(body.starts) if body.starts else None,
        ends=time.fromisoformat(body.ends) if body.ends else None,
        form_key=key,
    )
    return _told(requests.ask(ctx, wish, offered_activities(ctx)))


@operations.get("/ledger/requests/<int:request_id>", permission="ledger.read", personal=True)
def ledger_request(ctx: Context, request_id: int) -> LedgerRequest:
    """One of one's own requests."""
    return _told(sight.own(ctx, request_id))


@operations.post(
    "/ledger/requests/<int:request_id>/withdraw", permission="ledger.ask", personal=True
)
def withdraw(ctx: Context, request_id: int) -> LedgerRequest:
    """Take a request back before its start; again changes nothing."""
    return _told(requests.withdraw(ctx, request_id))


def _told(row: Request) -> LedgerRequest:
    return LedgerRequest(
        row.id,
        row.activity,
        row.purpose,
        row.place,
        row.state,
        row.work_date,
        _utc(row.starts_at),
        _utc(row.ends_at),
        row.minutes,
        row.agreed_minutes,
        row.requested_at.astimezone(UTC),
    )


def _utc(instant: datetime | None) -> datetime | None:
    return instant.astimezone(UTC) if instant is not None else None


@operations.get("/resources", permission=_READ)
def kinds(ctx: Context) -> tuple[Kind, ...]:
    """The kinds of things that people share through features that are on here."""
    return tuple(Kind(one.kind, one.label.text(ctx.locale)) for one in things.kinds(ctx))


@operations.get("/resources/<kind>", permission=_READ, query=Paging)
def resources(ctx: Context, kind: str, query: Paging) -> Page[Thing]:
    """The things of one kind that the token's owner sees, the newest first."""
    before = read_cursor(query.after, tuple[RowId])
    found = things.things(ctx, kind, before and before[0], query.limit + 1)
    return page_of(found, query.limit, lambda row: _shown(kind, row), lambda row: (row.id,))


@operations.get("/resources/<kind>/<int:id>", permission=_READ)
def resource(ctx: Context, kind: str, id: int) -> Thing:
    """One thing."""
    return _shown(kind, things.thing(ctx, kind, id))


def _shown(kind: str, row: things.SharedThing) -> Thing:
    return Thing(
        kind,
        row.id,
        row.title,
        row.text,
        row.dated,
        row.audience,
        row.municipality_code,
        url_for(row.endpoint, _external=True, **row.values),
    )
