"""Time that people ask for in connection with a row of a plugin that offers no place, as helping with it."""

from dataclasses import dataclass
from datetime import date, time

from peewee import fn

from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.linking import Ref, linked
from niwari.errors import NotFound
from niwari.host.running import running
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.models import (
    AGREED_STATES,
    DISCREET_ACTIVITY,
    PLACES,
    JournalEntry,
    Request,
)
from niwari.specs.contributions import Activity


@dataclass(frozen=True, slots=True)
class OwnTime:
    """What the acting person has spent on a row, and has agreed time for, in whole minutes."""

    used: int
    planned: int


def ask_time(
    ctx: Context,
    ref: Ref,
    *,
    activity: str,
    purpose: str,
    work_date: date,
    minutes: int | None = None,
    starts: time | None = None,
    ends: time | None = None,
    form_key: str,
) -> int:
    """Ask the own head for 20% time on a day, for the row ``ref``; returns the request's id.

    It is ``minutes``, or what lies between ``starts`` and ``ends``, times of day in Tokyo.

    For what belongs to a row without being a place in it; who takes a place joins from the catalogue.
    The rules are those of every request: the acting person's current head answers, and nothing is
    reserved before. What becomes of it is told by the events of the ledger, with ``ref`` as their source.
    ``activity`` is a class of the calling plugin; of a discreet one nothing is kept of ``ref``, no event
    tells of it, and the purpose is 「学び・相談」, whatever was given (rule L14). The same ``form_key``
    again returns the first request.

    Raises ``NotFound`` for a row that the acting person may not see, and what the ledger refuses, each
    a ``DomainError`` with its sentence: a day that is over, more than the whole month holds, and so on.
    """
    offered = _offered_here(ctx)
    if activity in offered and offered[activity].discreet:
        purpose = offered[DISCREET_ACTIVITY].label.ja
    wish = Wish(activity, purpose, PLACES[0], work_date, minutes, starts, ends, form_key)
    with transaction(ctx):
        if not linked(ctx, [ref])[ref].is_open:
            raise NotFound
        request = requests.ask(ctx, wish, offered, (ref.kind, ref.id))
        return int(request.id)


def own_time(ctx: Context, ref: Ref) -> OwnTime:
    """Return what the acting person has recorded and has agreed to for the row ``ref``; one query.

    The person's own, and for that person's eyes alone: whoever shows it to others breaks rule L14.
    """
    asked = (
        (Request.source_kind == ref.kind)
        & (Request.source_id == ref.id)
        & (Request.person == ctx.person_id)
    )
    recorded = (
        JournalEntry.select(fn.COALESCE(fn.SUM(JournalEntry.used_delta), 0))
        .join(Request, on=(JournalEntry.request == Request.id))
        .where(asked)
    )
    planned = Request.select(fn.COALESCE(fn.SUM(Request.agreed_minutes), 0)).where(
        asked & Request.state.in_(AGREED_STATES)
    )
    ((used, to_come),) = rows(Request.select(recorded, planned).limit(1)) or [(0, 0)]
    return OwnTime(int(used), int(to_come))


def _offered_here(ctx: Context) -> dict[str, Activity]:
    dispatcher = running()
    here = dispatcher.active_in(ctx.municipality)
    return {
        activity.code: activity
        for plugin in dispatcher.host.loaded()
        if plugin.core or plugin.name in here
        for activity in plugin.contributions.activities
    }
