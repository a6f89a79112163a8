"""The operations of the API."""

from flask import Response, url_for

from niwari import __version__
from niwari.context import Context
from niwari.pages.parts import parts
from niwari.rest import (
    ledger_head_views,
    ledger_record_views,
    ledger_statement_views,
    ledger_supplement_views,
    ledger_views,
    listing,
    standing_head_views,
    standing_views,
    things,
)
from niwari.rest.blueprint import blueprint, operations
from niwari.rest.openapi import document
from niwari.rest.operations import PREFIX
from niwari.rest.paging import page_of, read_cursor
from niwari.rest.shapes import (
    Kind,
    Me,
    Municipality,
    Page,
    Paging,
    PeopleQuery,
    Person,
    Post,
    RowId,
    Section,
    SectionsQuery,
    Thing,
)

_READ = "rest.read"

__all__ = [
    "blueprint",
    "ledger_head_views",
    "ledger_record_views",
    "ledger_statement_views",
    "ledger_supplement_views",
    "ledger_views",
    "operations",
    "standing_head_views",
    "standing_views",
]


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
