"""What the acting person may find, and the rows themselves: asked anew before anything of them is shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.directory.audience import visible
from niwari.directory.linking import may_open
from niwari.directory.models import Municipality, Section
from niwari.directory.sections import section_name
from niwari.host.models import Enablement
from niwari.host.running import running
from niwari.host.town_state import ON
from niwari.search.describing import Described, describe
from niwari.search.indexing import surface_of
from niwari.specs.contributions import Label, Resource


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows whose pages the acting person may open; ``label`` is what one is called."""

    plugin: str
    resource: Resource

    @property
    def code(self) -> str:
        """The kind, as ``consult.question``."""
        return self.resource.kind

    @property
    def label(self) -> Label:
        """What such a row is called."""
        return self.resource.label


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as its reader sees it, read from its own table.

    ``endpoint`` with ``values`` is its address. ``municipality`` and ``section`` are empty where
    nobody may see them. ``paused``: the owner has the feature off; not told either where they are
    empty, as it names the town where only one has it off.
    """

    kind: str
    id: int
    label: Label
    endpoint: str
    values: Mapping[str, Any]
    municipality: str
    section: str
    paused: bool
    shown_at: datetime
    said: Described


def kinds_for(ctx: Context, plugin: str = "") -> dict[str, Kind]:
    """Return the kinds that the person may open, by code: of ``plugin``, or of all that are on here."""
    dispatcher = running()
    return {
        resource.kind: Kind(name, resource)
        for name in sorted(dispatcher.active_in(ctx.municipality))
        if not plugin or name == plugin
        for resource in dispatcher.host.plugins[name].contributions.resources
        if may_open(dispatcher, ctx, name, resource)
    }


def shown(
    ctx: Context, kinds: Mapping[str, Kind], found: Iterable[tuple[str, int, datetime]]
) -> dict[tuple[str, int], Shown]:
    """Return what of ``found``, (kind, id, instant) of entries, the person sees now.

    What the index has and the person does not see any more is left out, and so is what its plugin
    fails to describe. One query for each kind, and one for the towns.
    """
    by_kind: dict[str, dict[int, datetime]] = {}
    for code, row_id, at in found:
        if code in kinds:
            by_kind.setdefault(code, {})[row_id] = at
    read = {code: _read(ctx, kinds[code].resource, list(at)) for code, at in by_kind.items()}
    on = _on({(kinds[code].plugin, row.municipality_id) for code in read for row in read[code]})
    seen: dict[tuple[str, int], Shown] = {}
    for code, instants in by_kind.items():
        kind = kinds[code]
        for row in read[code]:
            is_paused = (kind.plugin, row.municipality_id) not in on
            one = _shown(ctx, kind, row, instants[row.id], is_paused)
            if one is not None:
                seen[code, row.id] = one
    return seen


def _read(ctx: Context, resource: Resource, ids: Sequence[int]) -> list[Any]:
    model = resource.model
    query = (
        model.select(
            model,
            Municipality.name.alias("place_municipality"),
            section_name(ctx.today).alias("place_section"),
        )
        .join_from(model, Municipality, on=(Municipality.id == model.municipality))
        .join_from(model, Section, on=(Section.id == model.section))
        .where(model.id.in_(ids) & visible(ctx, model))
    )
    return list(query.objects())


def _on(owners: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return those of ``owners``, (plugin, municipality), that have the plugin on, by one query."""
    if not owners:
        return set()
    query = Enablement.select(Enablement.plugin, Enablement.municipality_id).where(
        Enablement.municipality_id.in_(sorted({town for _, town in owners}))
        & Enablement.plugin.in_(sorted({plugin for plugin, _ in owners}))
        & (Enablement.state == ON)
    )
    return set(rows(query))


def _shown(ctx: Context, kind: Kind, row: Any, at: datetime, paused: bool) -> Shown | None:
    resource = kind.resource
    outcome = running().guarded(
        ctx, kind.plugin, surface_of(resource), describe, resource=resource, row=row
    )
    if outcome.error is not None:
        return None
    said: Described = outcome.value
    hidden = said.hides_place
    return Shown(
        kind=kind.code,
        id=row.id,
        label=kind.label,
        endpoint=f"{kind.plugin}.{resource.endpoint.removeprefix(kind.plugin + '.')}",
        values={resource.key: row.id},
        municipality="" if hidden else row.place_municipality,
        section="" if hidden else row.place_section,
        paused=paused and not hidden,
        shown_at=at,
        said=said,
    )
