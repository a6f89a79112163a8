"""Rows with a hidden author, as their plugins describe them: where they are and which envelope is theirs."""

from dataclasses import dataclass

from niwari.context import Context
from niwari.db import rows
from niwari.directory.regions import region_towns
from niwari.errors import N_, Invalid
from niwari.host.running import running
from niwari.specs.contributions import Label, Resource


class NoSuchRow(Invalid):
    """There is no such row in the region: gone, another region's, or its plugin is not there."""

    field = "row_id"
    text = N_("この種類と番号のものは、広域圏の中に見つかりません。種類と番号を確かめてください。")


class NotHidden(Invalid):
    """Its author is not hidden, or was erased."""

    field = "row_id"
    text = N_(
        "隠された書き手の情報がないため、開示できません。"
        "名前を出して書かれたものか、書き手の情報がすでに消されています。"
    )


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """A row with its owner's town, its envelope, and the value for which that was sealed."""

    municipality_id: int
    sealed: str
    sealed_for: int | str


def hidden_kinds() -> dict[str, Label]:
    """Return the kinds of rows whose authors may be hidden, of the plugins that are ready, by code."""
    host = running().host
    return {
        resource.kind: resource.label
        for plugin in host.loaded()
        if host.is_ready(plugin.name)
        for resource in plugin.contributions.resources
        if resource.envelope is not None
    }


def hidden_row(ctx: Context, kind: str, row_id: int) -> HiddenRow:
    """Return a row of the own region whose author is hidden, whether or not its plugin is on.

    Raises ``NoSuchRow`` and ``NotHidden``.
    """
    owner, resource = _resource(kind)
    row = resource.model.get_or_none(resource.model.id == row_id)
    towns = {town for (town,) in rows(region_towns(ctx))}
    if row is None or row.municipality_id not in towns:
        raise NoSuchRow
    read = resource.envelope
    outcome = running().guarded(ctx, owner, f"envelope {kind}", lambda: read(row) if read else None)
    if outcome.value is None:
        raise NotHidden
    sealed, sealed_for = outcome.value
    if not sealed:
        raise NotHidden
    return HiddenRow(row.municipality_id, sealed, sealed_for)


def _resource(kind: str) -> tuple[str, Resource]:
    host = running().host
    found = host.resource(kind)
    if found is None or found[1].envelope is None or not host.is_ready(found[0]):
        raise NoSuchRow
    return found
