"""Pointing at rows of other plugins: kept as (kind, id), shown by title, plain where they are not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from niwari.context import Context
from niwari.directory.audience import visible
from niwari.host.blueprint import Route
from niwari.host.dispatch import Dispatcher
from niwari.host.running import running
from niwari.specs.contributions import Label, Resource

NOT_SHOWN = Label("（今は表示できません）", "(cannot be shown now)")


@dataclass(frozen=True, slots=True)
class Ref:
    """A row of any plugin, as it is kept: the kind of a ``Resource`` and the row's id."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Link:
    """A row as it is shown to the acting person.

    ``endpoint`` with ``values`` is its address for ``url_for``, and is empty where the row cannot be
    opened: its plugin is off or gone, or the row or its page is not there for the person. Then
    ``title`` is a plain sentence; which of these it is, is not told.
    """

    ref: Ref
    title: str
    endpoint: str = ""
    values: Mapping[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the person can open it."""
        return bool(self.endpoint)


def linked(ctx: Context, refs: Iterable[Ref]) -> dict[Ref, Link]:
    """Return a link for each of ``refs``, by one query for each kind among them."""
    dispatcher = running()
    wanted = list(dict.fromkeys(refs))
    found = {ref: Link(ref, NOT_SHOWN.text(ctx.locale)) for ref in wanted}
    by_kind: dict[str, list[int]] = {}
    for ref in wanted:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    for kind, ids in by_kind.items():
        owner, resource = _resource(dispatcher, ctx, kind)
        if resource is not None and may_open(dispatcher, ctx, owner, resource):
            for row in _rows(ctx, resource, ids):
                link = _link(dispatcher, ctx, owner, resource, row)
                if link is not None:
                    found[link.ref] = link
    return found


def _resource(dispatcher: Dispatcher, ctx: Context, kind: str) -> tuple[str, Resource | None]:
    owner = kind.partition(".")[0]
    if owner in dispatcher.active_in(ctx.municipality):
        for resource in dispatcher.host.plugins[owner].contributions.resources:
            if resource.kind == kind:
                return owner, resource
    return owner, None


def may_open(dispatcher: Dispatcher, ctx: Context, owner: str, resource: Resource) -> bool:
    """Tell whether the person may open the page of such rows: its titles are for no one else."""
    route = page_of(dispatcher, owner, resource)
    return route is not None and (route.permission is None or ctx.may(route.permission))


def page_of(dispatcher: Dispatcher, owner: str, resource: Resource) -> Route | None:
    """Return the route of the page that shows one row of ``resource``, a resource of ``owner``."""
    name = resource.endpoint.removeprefix(f"{owner}.")
    for blueprint in dispatcher.host.plugins[owner].contributions.blueprints:
        for route in blueprint.routes:
            if route.endpoint == name:
                return route
    return None


def _rows(ctx: Context, resource: Resource, ids: list[int]) -> list[Any]:
    model = resource.model
    return list(model.select().where(model.id.in_(ids) & visible(ctx, model)))


def _link(
    dispatcher: Dispatcher, ctx: Context, owner: str, resource: Resource, row: Any
) -> Link | None:
    outcome = dispatcher.guarded(
        ctx, owner, f"resource {resource.kind}", lambda: str(resource.title(row))
    )
    if outcome.error is not None:
        return None
    endpoint = resource.endpoint.removeprefix(f"{owner}.")
    return Link(
        Ref(resource.kind, row.id), outcome.value, f"{owner}.{endpoint}", {resource.key: row.id}
    )
