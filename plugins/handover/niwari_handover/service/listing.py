"""Lists: the notebooks that somebody sees, the posts for HR, and what home shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from niwari.api import Context, NotFound, Section, section_name, visible
from niwari_handover.models import Duty, Handing, Notebook
from niwari_handover.service.reading import fiscal_year_start, lacks
from niwari_handover.service.sight import (
    NAME_ANY,
    Seen,
    holders_of,
    holds,
    named_as,
    seen,
    seen_notebooks,
)

PAGE = 30
MOST_OWN = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """The own notebooks, those that one takes over, and a page of the others. ``next`` begins another."""

    own: Sequence[Seen]
    taking_over: Sequence[Seen]
    others: Sequence[Seen]
    next: int | None


def list_notebooks(ctx: Context, after: int = 0) -> Listing:
    """Return the notebooks that the acting person sees; three queries.

    On the first page the own and those to take over stand above the others; ``after`` begins a later
    page, of others alone.
    """
    mine = holds(ctx) | named_as(ctx, Handing.successor, Handing.begun_at.is_null())
    # Nobody is named for a notebook of another town: by the town's index its notebooks alone are read.
    here = (Notebook.municipality == ctx.municipality.id) & (Notebook.id > after)
    others = seen_notebooks(ctx).where(~mine & here)
    found = list(others.order_by(Notebook.id).limit(PAGE + 1))
    own = seen_notebooks(ctx).where(mine).order_by(Notebook.id).limit(MOST_OWN)
    first = [] if after else list(own)
    names = holders_of(ctx, [row[0] for row in (*first, *found)])
    above = [seen(row, names) for row in first]
    page = [seen(row, names) for row in found[:PAGE]]
    return Listing(
        [one for one in above if one.holds],
        [one for one in above if not one.holds],
        page,
        page[-1].id if len(found) > PAGE else None,
    )


@dataclass(frozen=True, slots=True)
class Post:
    """A post as HR sees it: whose it is and what is going on, and nothing of what its notebook says."""

    id: int
    post: str
    section: str
    holders: tuple[str, ...]
    starts_on: date | None


def list_posts(ctx: Context, after: int = 0) -> tuple[Sequence[Post], int | None]:
    """Return a page of the posts of the municipality for HR, and where the next begins; two queries.

    Raises ``NotFound`` for whoever may not name successors for all posts.
    """
    if not ctx.may(NAME_ANY):
        raise NotFound
    going_on = Handing.select(fn.MAX(Handing.starts_on)).where(
        (Handing.notebook == Notebook.id) & Handing.is_open() & Handing.begun_at.is_null()
    )
    query = (
        Notebook.select(Notebook.id, Notebook.post, section_name(ctx.today), going_on)
        .join(Section)
        .where((Notebook.municipality == ctx.municipality.id) & (Notebook.id > after))
        .order_by(Notebook.id)
        .limit(PAGE + 1)
    )
    found = list(query.tuples())
    names = holders_of(ctx, [row[0] for row in found])
    page = [
        Post(id_, post, section, tuple(names.get(id_, ())), _day(starts_on))
        for id_, post, section, starts_on in found[:PAGE]
    ]
    return page, page[-1].id if len(found) > PAGE else None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A duty of one's own that does not count as written yet, for the card at home."""

    id: int
    name: str
    post: str
    missing: tuple[str, ...]


def unfinished(ctx: Context, most: int) -> list[Unfinished]:
    """Return the next duties of the acting person's own notebooks that lack something; one query."""
    year = fiscal_year_start(ctx.today)
    query = (
        Duty.select(Duty, Notebook.post.alias("post"))
        .join(Notebook)
        .where(
            visible(ctx, Duty)
            & Duty.removed_at.is_null()
            & holds(ctx, Duty.notebook)
            & (
                (Duty.steps == "")
                | (Duty.contact == "")
                | ((Duty.deadline == "") & Duty.due_on.is_null())
                | Duty.reviewed_on.is_null()
                | (Duty.reviewed_on < year)
            )
        )
        .order_by(Duty.id)
        .limit(most)
    )
    return [
        Unfinished(one.id, one.name, one.post, lacks(one, ctx.today)) for one in query.objects()
    ]
