"""What a notice is about: a row of a ``Resource``, or of a ``Part`` below one."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from niwari.context import Context
from niwari.db import rows
from niwari.directory.linking import Ref
from niwari.host.running import running
from niwari.specs.contributions import Part, Resource


class RowKind(NamedTuple):
    """Who declares a kind of rows, and as what; ``above`` is a part's key to the row above."""

    owner: str
    declared: Resource | Part
    above: str | None


def row_kind(kind: str) -> RowKind | None:
    """Return what is declared of a kind of rows; ``None`` where its plugin is gone."""
    host, owner = running().host, kind.partition(".")[0]
    found = host.plugins[owner].contributions.resources if owner in host.plugins else ()
    for resource in found:
        if resource.kind == kind:
            return RowKind(owner, resource, None)
        for part in resource.parts:
            if part.kind == kind:
                return RowKind(owner, part, part.parent)
    return None


def envelope_of(ctx: Context, kind: str, row: Any) -> tuple[str, int | str] | None:
    """Return the envelope of a row of ``kind`` and the value for which it was sealed.

    ``None`` where it has none, or no plugin declares it. What the plugin raises counts against it, and
    is raised.
    """
    found = row_kind(kind)
    read = found.declared.envelope if found is not None else None
    if found is None or read is None:
        return None
    outcome = running().guarded(ctx, found.owner, f"envelope {kind}", lambda: read(row))
    if outcome.error is not None:
        raise outcome.error
    return outcome.value if outcome.value and outcome.value[0] else None


def shown_at(refs: Iterable[Ref]) -> dict[Ref, Ref]:
    """Return for each row that notices are about the one whose page shows it: of a part the row above.

    One query for each kind of parts. A part that is gone stands for itself, and leads nowhere.
    """
    wanted = dict.fromkeys(refs)
    found = {ref: ref for ref in wanted}
    by_kind: dict[str, list[int]] = {}
    for ref in wanted:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    for kind, ids in by_kind.items():
        part = row_kind(kind)
        if part is None or part.above is None:
            continue
        model, above = part.declared.model, part.declared.model._meta.fields[part.above]
        parent = next(
            resource.kind
            for resource in running().host.plugins[part.owner].contributions.resources
            if any(one.kind == kind for one in resource.parts)
        )
        for id_, above_id in rows(model.select(model.id, above).where(model.id.in_(ids))):
            found[Ref(kind, id_)] = Ref(parent, above_id)
    return found
