"""Telling the people of a region that an issue is there; what it is called where it is pointed at."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.digest.choosing import OFF, every_here, is_shown
from niwari.digest.contents import Item
from niwari.digest.models import COMING, NEW, Issue
from niwari.directory.linking import Link, Ref
from niwari.directory.models import Appointment, RegionMembership, on_day
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.host.running import running
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label, NoticeKind

READ = "digest.read"
ISSUE = "digest.issue"
"""The kind of an issue, as a notice refers to it."""

ISSUED = NoticeKind(
    code="digest.issued",
    label=Label("広域通信が出たとき", "A new issue of the regional digest"),
    sentence=Label(
        "%(title)s（%(first_month)s月%(first_day)s日から%(last_month)s月%(last_day)s日まで）が出ました。"
        "新しく共有されたもの%(new)s件、これからの予定%(coming)s件です。",
        "%(title)s (month/day %(first_month)s/%(first_day)s to %(last_month)s/%(last_day)s) is out: "
        "%(new)s newly shared, %(coming)s coming up.",
    ),
    values=("first_month", "first_day", "last_month", "last_day", "new", "coming"),
    default="daily",
    to_chat=True,
)

_TITLE = Label("広域通信 第%(number)s号", "Regional digest no. %(number)s")


def title_of(number: int, locale: str) -> str:
    """Return what an issue is called."""
    return _TITLE.text(locale) % {"number": number}


def tell(ctx: Context, issue: Any, items: Sequence[Item]) -> None:
    """Tell all staff of the region, in the caller's transaction: one notice for each municipality.

    It counts what the features that are on there have in the issue; where that is nothing, or the
    town does not show it, nobody is told. Whoever has posts in several is told in the main one.
    """
    for town_id in _towns(issue.region_id, ctx):
        town = municipality_ref(town_id, ctx.today)
        here = running().active_in(town)
        counts = Counter(item.section for item in items if item.plugin in here)
        if counts and is_shown(ctx, town):
            notify(
                system_context(ctx.now, "digest", town),
                ISSUED.code,
                _staff(town_id, ctx),
                Ref(ISSUE, issue.id),
                first_month=issue.first.month,
                first_day=issue.first.day,
                last_month=issue.last.month,
                last_day=issue.last.day,
                new=counts[NEW],
                coming=counts[COMING],
            )


def has_digest(ctx: Context) -> bool:
    """Tell whether the people of the acting municipality have the periodical."""
    return every_here(ctx) != OFF


def issue_links(ctx: Context, ids: Iterable[int]) -> list[Link]:
    """Return the links to issues of the reader's region, while it has its periodical."""
    if not has_digest(ctx) or (ctx.appointment is not None and not ctx.may(READ)):
        return []
    found = rows(
        Issue.select(Issue.id, Issue.number).where(
            Issue.id.in_(list(ids)) & (Issue.region == ctx.municipality.region_id)
        )
    )
    return [
        Link(Ref(ISSUE, id_), title_of(number, ctx.locale), "digest.show", {"number": number})
        for id_, number in found
    ]


def _towns(region_id: int, ctx: Context) -> list[int]:
    query = RegionMembership.select(RegionMembership.municipality).where(
        (RegionMembership.region == region_id) & on_day(RegionMembership, ctx.today)
    )
    return sorted({town for (town,) in rows(query)})


def _staff(town_id: int, ctx: Context) -> Any:
    return Appointment.select(Appointment.id).where(
        (Appointment.municipality == town_id) & on_day(Appointment, ctx.today) & Appointment.is_main
    )
