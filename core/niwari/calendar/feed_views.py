"""Subscribing to one's own calendar: the pages about the address, and what calendar programs fetch.

The secret part of the address is in its query and not in its path: the access log of ``niwari serve``
leaves queries out, and so must that of a proxy before it (docs/municipal-it.md).
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from niwari.calendar import feeds, ics
from niwari.calendar.events import CalendarEvent
from niwari.calendar.reading import Wanted, calendar_between
from niwari.calendar.views import READ, address_of, blueprint, full_address, host
from niwari.clock import TOKYO, tokyo_day
from niwari.context import Context
from niwari.dates.recurrence import Occurrence
from niwari.host import rate_limits
from niwari.host.rate_limits import Full, Limit
from niwari.identity.roles.mapping import town_permissions
from niwari.pages.forms import current_context
from niwari.pages.parts import parts
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import Label

__all__ = ["blueprint"]

SUBSCRIBE = "calendar.subscribe"

BACK, AHEAD = timedelta(days=31), timedelta(days=396)
"""From how long ago to how far ahead a feed reaches: a month, and thirteen."""
MOST = 5_000
"""How many dates of shared rows a feed goes through; what is beyond, its last event says."""

_NAME = Label("にわり", "Niwari")
_CUT = Label(
    "予定が多いため、この日から先には、ここにない予定があります。にわりのカレンダーで確かめてください",
    "There are too many events for this subscription: from this day on, see the calendar in Niwari",
)
_GUESSES = Limit("calendar.guess", 60, 600)
_FETCHES = Limit("calendar.fetch", 60, 600)


@blueprint.get("/subscription", permission=SUBSCRIBE)
def subscription() -> str:
    """Show whether there is an address, when it was last fetched, and how to end it."""
    feed = feeds.feed_of(current_context())
    return render_template("calendar/subscription.html", feed=feed, day_of=tokyo_day)


@blueprint.route("/subscription/new", methods=("GET", "POST"), permission=SUBSCRIBE, recent=True)
def new_subscription() -> str:
    """Make an address, or another one in its place; it is shown this once."""
    ctx = current_context()
    if request.method == "POST":
        path = url_for("calendar.feed", key=feeds.make_feed(ctx))
        return render_template("calendar/subscription_made.html", address=full_address(path))
    return render_template("calendar/subscription_new.html", feed=feeds.feed_of(ctx))


@blueprint.post("/subscription/end", permission=SUBSCRIBE)
def end_subscription() -> BaseResponse:
    """End the address."""
    if feeds.end_feed(current_context()):
        flash(_("アドレスを止めました。このアドレスでは、もう予定を読めません。"), "success")
    return redirect(url_for("calendar.subscription"), code=303)


@blueprint.get(
    "/feed.ics", public="a calendar program has no session: the secret in the address opens it"
)
def feed() -> BaseResponse:
    """Give a calendar program what the person of the secret may see, from a month ago to a year ahead."""
    now = parts().clock()
    holder = feeds.read_feed(now, request.args.get("key", ""))
    if holder is None:
        return _no_such(now)
    rate_limits.count(_FETCHES, str(holder.feed_id), now)
    if holder.is_stale:
        feeds.note_reading(holder.feed_id, now)
    ctx = _context(holder, now)
    if not (ctx.may(READ) and ctx.may(SUBSCRIBE)):
        return _no_such(now)
    answer = Response(_file(ctx), mimetype=ics.MEDIA_TYPE)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _context(holder: feeds.FeedHolder, now: datetime) -> Context:
    locale: Literal["ja", "en"] = "en" if holder.locale == "en" else "ja"
    declared = parts().host.permissions()
    return Context(
        holder.municipality,
        holder.appointment,
        now,
        locale=locale,
        request_id=g.request_id,
        permissions=town_permissions(declared, holder.municipality, holder.roles),
        actor=f"calendar:{holder.feed_id}",
    )


def _file(ctx: Context) -> bytes:
    first, last = ctx.today - BACK, ctx.today + AHEAD
    found = calendar_between(ctx, first, last, Wanted(), most=MOST)
    # As of this day: what did not change gives the same file, and a program need not fetch it again.
    midnight = datetime.combine(ctx.today, time(), TOKYO)
    return ics.written(
        [*found.events, *_cut(ctx, found.cut_on)],
        name=_NAME.text(ctx.locale),
        host=host(),
        revised_at=midnight,
        address_of=address_of,
    )


def _cut(ctx: Context, day: date | None) -> Iterator[CalendarEvent]:
    """Yield what says that something is left out from ``day`` on, where it is."""
    if day is not None:
        title, at = _CUT.text(ctx.locale), Occurrence(day, day)
        yield CalendarEvent("calendar-cut", title, at, endpoint="calendar.month")


def _no_such(now: datetime) -> Response:
    """Answer a guess: as for any address that is not there, whatever is wrong with the secret."""
    who = rate_limits.network_of(request.remote_addr)
    full: Full = current_app.extensions.setdefault("niwari_calendar_guesses", Full())
    full.check(_GUESSES, who, now)
    full.count(_GUESSES, who, now)
    return Response("Not found\n", status=404, mimetype="text/plain")
