"""Pointing at rows of other plugins: kept as (kind, id), shown by title, plain where they are not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from niwari.context import Context
from niwari.directory.audience import visible
from niwari.directory.models import Municipality
from niwari.host.blueprint import Route
from niwari.host.dispatch import Dispatcher
from niwari.host.running import running
from niwari.specs.contributions import Label, Resource
from niwari.specs.contributions.hiding import hides_place

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
    ``title`` is a plain sentence; which of these it is, is not told. ``town`` is the name of the
    municipality whose row it is, empty where the row cannot be opened or nobody may see whose it is.
    """

    ref: Ref
    title: str
    endpoint: str = ""
    values: Mapping[str, Any] | None = None
    town: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the person can open it."""
        return bool(self.endpoint)


LinkMaker = Callable[[Context, Iterable[int]], Iterable[Link]]
_makers: dict[str, LinkMaker] = {}


def link_with(kind: str, maker: LinkMaker) -> None:
    """Let rows of ``kind``, of a core area above that shares no rows, be linked by ``maker``.

    It gets ids and returns a link for each that the acting person can open, by one query.
    """
    _makers[kind] = maker


def linked(ctx: Context, refs: Iterable[Ref]) -> dict[Ref, Link]:
    """Return a link for each of ``refs``, by one query for each kind among them."""
    dispatcher = running()
    wanted = list(dict.fromkeys(refs))
    found = {ref: Link(ref, NOT_SHOWN.text(ctx.locale)) for ref in wanted}
    by_kind: dict[str, list[int]] = {}
    for ref in wanted:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    for kind, ids in by_kind.items():
        if kind in _makers:
            found |= {link.ref: link for link in _makers[kind](ctx, ids)}
            continue
        owner, resource = resource_of(dispatcher, ctx, kind)
        if resource is not None and may_open(dispatcher, ctx, owner, resource):
            for row in _rows(ctx, resource, ids):
                link = _link(dispatcher, ctx, owner, resource, row)
                if link is not None:
                    found[link.ref] = link
    return found


def resource_of(dispatcher: Dispatcher, ctx: Context, kind: str) -> tuple[str, Resource | None]:
    """Return the plugin that ``kind`` names, and the resource where that plugin is on here."""
    owner = kind.partition(".")[0]
    declared = dispatcher.host.resource(kind)
    if declared is None or owner not in dispatcher.active_in(ctx.municipality):
        return owner, None
    return declared


def may_open(dispatcher: Dispatcher, ctx: Context, owner: str, resource: Resource) -> bool:
    """Tell whether the person may open the page of such rows: its titles are for no one else."""
    route = page_of(dispatcher, owner, resource)
    return route is not None and (route.permission is None or ctx.may(route.permission))


def page_of(dispatcher: Dispatcher, owner: str, resource: Resource) -> Route | None:
    """Return the route of the page that shows one row of ``resource``, a resource of ``owner``."""
    return route_at(dispatcher, owner, resource.endpoint)


def route_at(dispatcher: Dispatcher, owner: str, endpoint: str) -> Route | None:
    """Return the route of ``owner`` that ``endpoint`` names, with or without the owner's name."""
    name = endpoint.removeprefix(f"{owner}.")
    for blueprint in dispatcher.host.plugins[owner].contributions.blueprints:
        for route in blueprint.routes:
            if route.endpoint == name:
                return route
    return None


def _rows(ctx: Context, resource: Resource, ids: list[int]) -> list[Any]:
    model = resource.model
    query = model.select(model, Municipality).join(Municipality, on=model.municipality)
    return list(query.where(model.id.in_(ids) & visible(ctx, model)))


def _link(
    dispatcher: Dispatcher, ctx: Context, owner: str, resource: Resource, row: Any
) -> Link | None:
    outcome = dispatcher.guarded(
        ctx,
        owner,
        f"resource {resource.kind}",
        lambda: (str(resource.title(row)), hides_place(resource, row)),
    )
    if outcome.error is not None:
        return None
    title, is_hidden = outcome.value
    endpoint = resource.endpoint.removeprefix(f"{owner}.")
    return Link(
        Ref(resource.kind, row.id),
        title,
        f"{owner}.{endpoint}",
        {resource.key: row.id},
        "" if is_hidden else row.municipality.name,
    )
