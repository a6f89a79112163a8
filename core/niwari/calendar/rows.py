"""The dated rows of plugins as events, read from the rows themselves."""

from niwari.calendar.events import CalendarEvent
from niwari.context import Context
from niwari.dates.recurrence import Occurrence
from niwari.directory.linking import Ref
from niwari.errors import NotFound
from niwari.search.readable import Kind, Shown, kinds_for, shown


def dated_kinds(ctx: Context) -> dict[str, Kind]:
    """Return the kinds of rows that have dates and that the acting person may open, by code."""
    return {code: kind for code, kind in kinds_for(ctx).items() if kind.resource.dated is not None}


def events_of_row(ctx: Context, ref: Ref) -> list[CalendarEvent]:
    """Return all times at which one row takes place, as it is now and not as it was indexed.

    By two queries. Raises ``NotFound`` where the acting person may not open it, or it has no date.
    """
    rows = shown(ctx, dated_kinds(ctx), [(ref.kind, ref.id, ctx.now)])
    events = [event_of(row, at) for row in rows.values() for at in row.said.dates]
    if not events:
        raise NotFound
    return events


def event_of(row: Shown, at: Occurrence) -> CalendarEvent:
    """Return one time at which a row takes place.

    What happens once keeps its name when it is put off, so that another calendar moves it; a time
    of a series is named by its day.
    """
    is_single = len(row.said.dates) == 1
    return CalendarEvent(
        uid=f"{row.kind}-{row.id}" if is_single else f"{row.kind}-{row.id}-{at.day:%Y%m%d}",
        title=row.said.title,
        at=at,
        place=row.said.place,
        where=row.municipality,
        endpoint=row.endpoint,
        values=row.values,
        is_paused=row.paused,
    )
