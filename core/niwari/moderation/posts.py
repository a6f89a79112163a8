"""Any plugin's posts, as moderation sees them: found by kind and id, whoever may read them.

A post is a row of a resource, or of a part below one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL, fn

from niwari.context import Context
from niwari.directory.audience import REGION, not_withdrawn, visible
from niwari.directory.held import is_held
from niwari.directory.linking import NOT_SHOWN, may_open
from niwari.errors import NotFound
from niwari.host.registry import Host
from niwari.host.running import running
from niwari.notices.about import envelope_of
from niwari.specs.contributions import Label, Part, Resource
from niwari.specs.contributions.hiding import hides_place


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of posts of the plugin ``owner``: of ``resource``, or of its ``part``."""

    owner: str
    resource: Resource
    part: Part | None = None

    @property
    def code(self) -> str:
        """The kind itself."""
        return self.part.kind if self.part is not None else self.resource.kind

    @property
    def label(self) -> Label:
        """What people call such a post."""
        return self.part.label if self.part is not None else self.resource.label

    @property
    def model(self) -> Any:
        """Where such posts lie."""
        return self.part.model if self.part is not None else self.resource.model

    @property
    def hides_authors(self) -> bool:
        """Whether such posts can have hidden authors, or come from a place that nobody may see."""
        above = (self.resource.envelope, self.resource.hidden_place)
        own = self.part.envelope if self.part is not None else None
        return any(one is not None for one in (own, *above))


@dataclass(frozen=True, slots=True)
class Post:
    """One post. ``title`` is that of the row, of a part that of the row above.

    ``author_id`` is the appointment in which it was written, ``None`` where that is hidden or not
    known; ``is_hidden`` also where nobody may see of which town the row is, as of a part without a town
    of its own below such a row; ``is_sealed`` where an envelope holds the author still. ``endpoint`` with
    ``values`` and ``anchor`` is where whoever sees it reads it; ``is_seen`` tells whether the acting
    person does. What a failing plugin does not tell is empty.
    """

    kind: Kind
    row_id: int
    municipality_id: int
    is_regional: bool
    is_seen: bool
    title: str
    text: str
    author_id: int | None
    is_hidden: bool
    is_sealed: bool
    endpoint: str
    values: Mapping[str, Any]
    anchor: str | None


def kinds_here(ctx: Context) -> dict[str, Kind]:
    """Return the kinds of posts of the plugins that are on in the acting municipality, by code."""
    return kinds_of(running().host, owners_here(ctx))


def kinds_anywhere() -> dict[str, Kind]:
    """Return the kinds of posts of the plugins that are ready, wherever they are on, by code."""
    host = running().host
    return kinds_of(host, [one.name for one in host.optional() if host.is_ready(one.name)])


def owners_here(ctx: Context) -> tuple[str, ...]:
    """Return the plugins that are on in the acting municipality, by name."""
    return tuple(sorted(running().active_in(ctx.municipality)))


def kinds_of(host: Host, owners: Iterable[str]) -> dict[str, Kind]:
    """Return the kinds of posts of these plugins, by code."""
    return {
        kind.code: kind
        for owner in owners
        for resource in host.plugins[owner].contributions.resources
        for kind in (
            Kind(owner, resource),
            *(Kind(owner, resource, part) for part in resource.parts),
        )
    }


def kind_here(ctx: Context, code: str) -> Kind:
    """Return one of ``kinds_here``; raises ``NotFound``."""
    found = kinds_here(ctx).get(code)
    if found is None:
        raise NotFound
    return found


def narrowed(kinds: Iterable[Kind], kind: Any, row_id: Any) -> Any:
    """Return the condition that a post of ``kinds`` is not for the whole region now.

    ``kind`` and ``row_id`` are the columns that name it. One that was erased is not narrowed.
    """
    return reduce(or_, (_narrowed(one, kind, row_id) for one in kinds), SQL("(1 = 0)"))


def _narrowed(this: Kind, kind: Any, row_id: Any) -> Any:
    above, model = this.resource.model, this.model
    post = model.select(model.id).where((model.id == row_id) & (above.audience != REGION))
    if this.part is not None:
        post = post.join(above, on=getattr(model, this.part.parent))
    return (kind == this.code) & fn.EXISTS(post)


def seen(ctx: Context, code: str, row_id: int) -> Post:
    """Return a post that the acting person can read; raises ``NotFound`` for any other."""
    kind = kind_here(ctx, code)
    post = stored(ctx, kind, row_id)
    if post is None or not post.is_seen:
        raise NotFound
    if not may_open(running(), ctx, kind.owner, kind.resource):
        raise NotFound
    return post


def stored(ctx: Context, kind: Kind, row_id: int) -> Post | None:
    """Return a post whoever may read it, by one query; ``None`` where it was erased."""
    model, above = kind.model, kind.resource.model
    is_seen = visible(ctx, above)
    query = model.select(model)
    if kind.part is not None:
        is_seen &= ~is_held(model)
        if "municipality" in model._meta.fields:
            is_seen &= not_withdrawn(ctx, model)
        query = model.select(model, above).join(above, on=getattr(model, kind.part.parent))
    row = query.select_extend(is_seen.alias("is_seen")).where(model.id == row_id).first()
    return None if row is None else _told(ctx, kind, row)


def sealed(ctx: Context, code: str, row_id: int) -> tuple[str, int | str]:
    """Return the envelope of a post with a hidden author, and the value for which it was sealed.

    Raises ``NotFound`` for a post that was erased, or that has none, and where its plugin fails.
    """
    kind = kind_here(ctx, code)
    row = kind.model.get_or_none(kind.model.id == row_id)
    if row is None:
        raise NotFound
    try:
        found = envelope_of(ctx, code, row)
    except Exception:  # counted against its plugin
        found = None
    if found is None or not found[0]:
        raise NotFound
    return found


def _told(ctx: Context, kind: Kind, row: Any) -> Post:
    above = getattr(row, kind.part.parent) if kind.part is not None else row
    owned = row if "municipality" in kind.model._meta.fields else above
    declared = kind.part or kind.resource

    def ask() -> tuple[str, str, int | None, bool, bool, str | None]:
        found = declared.envelope(row) if declared.envelope is not None else None
        return (
            str(kind.resource.title(above)),
            str(declared.text(row)),
            declared.author(row) if declared.author is not None else None,
            found is not None or (owned is above and hides_place(kind.resource, above)),
            found is not None and bool(found[0]),
            kind.part.anchor(row) if kind.part is not None else None,
        )

    outcome = running().guarded(ctx, kind.owner, f"resource {kind.code}", ask)
    # Of a plugin that does not tell, nobody learns a town either.
    unknown = (NOT_SHOWN.text(ctx.locale), "", None, kind.hides_authors, False, None)
    title, text, author_id, is_hidden, is_sealed, anchor = (
        unknown if outcome.error else outcome.value
    )
    return Post(
        kind=kind,
        row_id=row.id,
        municipality_id=owned.municipality_id,
        is_regional=above.audience == REGION,
        is_seen=bool(row.is_seen),
        title=title,
        text=text,
        author_id=None if is_hidden else author_id,
        is_hidden=is_hidden,
        is_sealed=is_sealed,
        endpoint=f"{kind.owner}.{kind.resource.endpoint.removeprefix(f'{kind.owner}.')}",
        values={kind.resource.key: above.id},
        anchor=anchor,
    )
