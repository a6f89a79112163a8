"""What people share through plugins, for programs: any plugin's resources, by kind."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.directory.audience import visible
from niwari.directory.linking import may_open
from niwari.directory.models import Municipality
from niwari.errors import N_, DomainError, NotFound
from niwari.host.running import running
from niwari.rest.shapes import Audience
from niwari.specs.contributions import Resource
from niwari.specs.contributions.dates import when_of
from niwari.specs.contributions.hiding import hides_place


class PartFailed(DomainError):
    """The plugin's own functions could not tell what its rows say."""

    status = 503
    text = N_("この機能は一時的に使えません。ほかの機能は使えます。")


@dataclass(frozen=True, slots=True)
class SharedThing:
    """A row of a plugin as it is told to programs; ``endpoint`` with ``values`` is its page.

    ``dated`` is a Tokyo day, or an instant in RFC 3339. ``municipality_code`` is ``None`` where nobody
    may see whose row it is.
    """

    id: int
    title: str
    text: str
    dated: str | None
    audience: Audience
    municipality_code: str | None
    endpoint: str
    values: dict[str, Any]


def kinds(ctx: Context) -> list[Resource]:
    """Return the resources of the plugins that are on here and whose pages ``ctx`` may open."""
    return [resource for _owner, resource in _offered(ctx)]


def things(ctx: Context, kind: str, before: int | None, limit: int) -> list[SharedThing]:
    """Return up to ``limit`` rows of a kind that ``ctx`` sees, the newest first.

    ``before`` is the id of the last one seen. Raises ``NotFound`` where the kind is not there for
    ``ctx``, and ``PartFailed``.
    """
    owner, resource = _one(ctx, kind)
    model = resource.model
    seen = visible(ctx, model)
    if before is not None:
        seen &= model.id < before
    return _told(ctx, owner, resource, seen, limit)


def thing(ctx: Context, kind: str, id_: int) -> SharedThing:
    """Return one row of a kind; raises what ``things`` raises, and ``NotFound`` where there is none."""
    owner, resource = _one(ctx, kind)
    model = resource.model
    found = _told(ctx, owner, resource, (model.id == id_) & visible(ctx, model), 1)
    if not found:
        raise NotFound
    return found[0]


def _offered(ctx: Context) -> list[tuple[str, Resource]]:
    dispatcher = running()
    return [
        (owner, resource)
        for owner in sorted(dispatcher.active_in(ctx.municipality))
        for resource in dispatcher.host.plugins[owner].contributions.resources
        if may_open(dispatcher, ctx, owner, resource)
    ]


def _one(ctx: Context, kind: str) -> tuple[str, Resource]:
    for owner, resource in _offered(ctx):
        if resource.kind == kind:
            return owner, resource
    raise NotFound


def _told(
    ctx: Context, owner: str, resource: Resource, condition: Any, limit: int
) -> list[SharedThing]:
    model = resource.model
    found = list(model.select().where(condition).order_by(model.id.desc()).limit(limit))
    codes = _codes({row.municipality_id for row in found})
    endpoint = f"{owner}.{resource.endpoint.removeprefix(f'{owner}.')}"

    def tell() -> list[SharedThing]:
        return [
            SharedThing(
                row.id,
                str(resource.title(row)),
                str(resource.text(row)),
                _dated(resource, row),
                row.audience,
                None if hides_place(resource, row) else codes[row.municipality_id],
                endpoint,
                {resource.key: row.id},
            )
            for row in found
        ]

    outcome = running().guarded(ctx, owner, f"resource {resource.kind}", tell)
    if outcome.error is not None:
        raise PartFailed
    told: list[SharedThing] = outcome.value
    return told


def _codes(towns: set[int]) -> dict[int, str]:
    query = Municipality.select(Municipality.id, Municipality.code)
    return dict(rows(query.where(Municipality.id.in_(towns)))) if towns else {}


def _dated(resource: Resource, row: Any) -> str | None:
    when = when_of(resource.dated(row)) if resource.dated is not None else None
    value = when.start if when is not None else None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if value is not None else None
