"""Rules about rows that take place on days: they stand in the calendars of those who see them."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from niwari.dates.recurrence import occurrences
from niwari.directory.audience import visible
from niwari.host.dispatch import contained
from niwari.specs.contributions import Resource, when_of
from niwari.specs.contributions.rules import FIRST_YEAR, LAST_YEAR
from niwari.testing.conformance.bench import HERE, NEIGHBOUR, OWNER, Bench, Stand, text_of
from niwari.testing.conformance.rule import rule

_ALWAYS = date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 12, 31)
NO_SUCH = 404


@rule(
    "What takes place on a day stands in the calendar of those who see it, unless it is off there."
)
def calendar(bench: Bench) -> Iterator[str]:
    """The sample rows whose ``dated`` is a day or a ``When``: the week of each, and each as a file."""
    with bench.stand() as stand:
        stand.world.index()
        days: dict[str, date] = {}
        for resource in stand.plugin.contributions.resources:
            day, problem = _first_day(stand, resource)
            if problem:
                yield problem
            if day is not None:
                days[resource.kind] = day
        for kind, day in days.items():
            for login in (OWNER, NEIGHBOUR):
                yield from _problems(stand, kind, day, login, is_on=True)
        stand.world.switch(HERE, stand.plugin.name, on=False)
        for kind, day in days.items():
            yield from _problems(stand, kind, day, OWNER, is_on=False)


def _first_day(stand: Stand, resource: Resource) -> tuple[date | None, str]:
    """Return the first day of a sample row, or what is wrong with what the plugin says of it."""
    if resource.dated is None:
        return None, ""
    row = resource.model.get_by_id(stand.ids[resource.kind])
    dated, error, _micros = contained(resource.dated, row)
    if error is None and isinstance(dated, datetime):
        return None, ""
    when, refused, _micros = contained(when_of, dated)
    if error is not None or refused is not None:
        return None, (
            f"{resource.kind}: dated gives {error or dated!r} for a sample row; return a day, an "
            "aware instant, a When or None"
        )
    return (occurrences(when, *_ALWAYS)[0].day if when is not None else None), ""


def _problems(stand: Stand, kind: str, day: date, login: str, *, is_on: bool) -> Iterator[str]:
    ctx, row_id = stand.world.ctx_for(login), stand.ids[kind]
    client = stand.world.client_for(login)
    shown = is_on and _sees(stand, ctx, kind, row_id)
    week = text_of(stand.request(client, f"/calendar/week?day={day}"))
    file = stand.request(client, f"/calendar/rows/{kind}/{row_id}.ics").status_code
    address = next(
        (a.path for a in stand.addresses if a.is_of_row and a.resource and a.resource.kind == kind),
        "",
    )
    stands = f'href="{address}"' in week
    if stands is not shown or (file != NO_SUCH) is not shown:
        yield (
            f"{kind}: {login} {'sees' if shown else 'does not see'} the row, and the calendar of "
            f"the week of {day} {'has' if stands else 'does not have'} it; as a file it answers "
            f"{file}; let title, text and dated follow from the row alone"
        )


def _sees(stand: Stand, ctx: Any, kind: str, row_id: int) -> bool:
    resource = next(r for r in stand.plugin.contributions.resources if r.kind == kind)
    page = next((a for a in stand.addresses if a.is_of_row and a.resource is resource), None)
    if page is None or (page.access.permission and not ctx.may(page.access.permission)):
        return False
    model = resource.model
    return bool(model.select().where((model.id == row_id) & visible(ctx, model)).exists())
