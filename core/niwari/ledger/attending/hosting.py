"""The row of a plugin that people joined, and who hosts it."""

from dataclasses import dataclass
from typing import Any

from niwari.context import Context
from niwari.directory.audience import not_paused, visible
from niwari.directory.linking import Ref, may_open, resource_of
from niwari.directory.models import Appointment
from niwari.directory.people import municipality_ref
from niwari.errors import NotFound
from niwari.host.enablement import active_now
from niwari.host.running import running
from niwari.specs.contributions import Resource


@dataclass(frozen=True, slots=True)
class Hosted:
    """A row that the acting person hosts, and the words by which its plugin calls it."""

    ref: Ref
    title: str


def joinable_row(ctx: Context, ref: Ref) -> tuple[str, Resource, Any]:
    """Return a row that people join, with its plugin and resource; in one query.

    Raises ``NotFound`` for a row that the municipality of ``ctx`` may not see, or whose plugin is off
    there or with its owner.
    """
    plugin, resource = resource_of(running(), ctx, ref.kind)
    if resource is None or resource.hold is None:
        raise NotFound
    model = resource.model
    row = (
        model.select().where((model.id == ref.id) & visible(ctx, model) & not_paused(model)).first()
    )
    if row is None:
        raise NotFound
    return plugin, resource, row


def check_joinable(ctx: Context, ref: Ref) -> None:
    """Raise ``NotFound`` as ``joinable_row``, asked again inside the transaction that writes."""
    plugin, _resource, row = joinable_row(ctx, ref)
    owner = municipality_ref(row.municipality_id, ctx.today)
    if not (active_now(ctx, plugin) and active_now(ctx, plugin, owner)):
        raise NotFound


def hosted(ctx: Context, ref: Ref) -> Hosted:
    """Return the row that the acting person hosts; raises ``NotFound`` for any other.

    Who hosts it is what its ``Resource`` says: ``hosts``, else its author where it is offered.
    """
    plugin, resource, row = joinable_row(ctx, ref)
    if not may_open(running(), ctx, plugin, resource) or not _is_host(ctx, plugin, resource, row):
        raise NotFound
    said = running().guarded(ctx, plugin, f"resource {ref.kind}", lambda: str(resource.title(row)))
    return Hosted(ref, said.value if said.error is None else resource.label.text(ctx.locale))


def is_host(ctx: Context, ref: Ref) -> bool:
    """Tell whether the acting person hosts a row; in two queries at the most."""
    try:
        hosted(ctx, ref)
    except NotFound:
        return False
    return True


def _is_host(ctx: Context, plugin: str, resource: Resource, row: Any) -> bool:
    hosts = resource.hosts
    if hosts is not None:
        said = running().guarded(ctx, plugin, f"hosts {resource.kind}", lambda: hosts(ctx, row))
        return said.error is None and bool(said.value)
    post = host_post(ctx, plugin, resource, row)
    if post is None or row.municipality_id != ctx.municipality.id:
        return False
    own = (Appointment.id == post) & (Appointment.person == ctx.person_id)
    return bool(Appointment.select().where(own).exists())


def host_post(ctx: Context, plugin: str, resource: Resource, row: Any) -> int | None:
    """Return the post in which a row was written, where its plugin says so: whom to tell of it."""
    author = resource.author
    if author is None:
        return None
    said = running().guarded(ctx, plugin, f"resource {resource.kind}", lambda: author(row))
    return said.value if said.error is None and isinstance(said.value, int) else None
