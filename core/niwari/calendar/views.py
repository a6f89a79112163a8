"""The calendar of what takes place in the region: a month as a table, a week as a list, a row as a file."""

from urllib.parse import urlsplit

from flask import Response, render_template, request, url_for

from niwari.calendar import ics, presenting
from niwari.calendar.events import CalendarEvent
from niwari.calendar.filters import filters_of
from niwari.calendar.months import Stretch, days_with, wanted_month, wanted_week
from niwari.calendar.reading import MOST, calendar_between
from niwari.calendar.rows import events_of_row
from niwari.context import Context
from niwari.directory.linking import Ref
from niwari.directory.regions import towns_of_region
from niwari.host.blueprint import Blueprint
from niwari.pages.forms import current_context
from niwari.pages.parts import parts

READ = "calendar.read"

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/", permission=READ)
def month() -> str:
    """Show a month as a table: ``?month=2026-11``, else the present one."""
    ctx = current_context()
    stretch = wanted_month(request.args.get("month", ""), ctx.today)
    return _page(ctx, "calendar/month.html", stretch)


@blueprint.get("/week", permission=READ)
def week() -> str:
    """Show a week as a list: that of ``?day=2026-11-18``, else the present one."""
    ctx = current_context()
    stretch = wanted_week(request.args.get("day", ""), ctx.today)
    return _page(ctx, "calendar/week.html", stretch)


@blueprint.get("/rows/<kind>/<int:id>.ics", permission=READ)
def row(kind: str, id: int) -> Response:
    """Give all times at which a row takes place as a file, to whoever may open the row."""
    ctx = current_context()
    events = events_of_row(ctx, Ref(kind, id))
    file = ics.written(
        events,
        name=events[0].title,
        host=host(),
        revised_at=ctx.now,
        address_of=address_of,
    )
    answer = Response(file, mimetype=ics.MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{kind}-{id}.ics")
    return answer


def host() -> str:
    """Return the name of this installation on the net, which makes UIDs unique."""
    return urlsplit(parts().settings.base_url).hostname or "niwari"


def address_of(event: CalendarEvent) -> str:
    """Return the full address of an event's page."""
    if not event.endpoint:
        return ""
    return full_address(url_for(event.endpoint, **event.values))


def full_address(path: str) -> str:
    """Return a path of this installation with its name before it."""
    return parts().settings.base_url.rstrip("/") + path


def _page(ctx: Context, template: str, stretch: Stretch) -> str:
    towns = towns_of_region(ctx)
    wanted, filters = filters_of(ctx, request.args, towns)
    first, last = stretch.grid
    found = calendar_between(ctx, first, last, wanted)
    shown = days_with(found.events, stretch)
    return render_template(
        template,
        stretch=stretch,
        days=shown,
        cells=presenting.cells(shown, ctx.today, filters.chosen),
        weekdays=presenting.weekdays(stretch),
        holiday=presenting.holiday,
        filters=filters,
        most=MOST if found.cut_on else 0,
    )
