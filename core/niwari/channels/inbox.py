"""The inbox: what the acting person was told, within the session's reach; reading and marking it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.directory.linking import Link, Ref, linked, route_at
from niwari.errors import NotFound
from niwari.host.models import Enablement
from niwari.host.running import running
from niwari.host.town_state import ON
from niwari.identity.sessions.reach import within_reach
from niwari.notices.about import shown_at
from niwari.notices.kinds import kind_codes, kind_of, owner_of, sentence_of
from niwari.notices.models import Hidden, Notice, Received
from niwari.specs.contributions import NoticeKind
from niwari.vault.service import mine_of

PAGE = 20
_MOST_MINE = 500
"""How many of one's own hidden rows of a kind are looked through, the newest ones."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as the inbox shows it; ``link`` is where it leads, ``None`` where nowhere."""

    id: int
    sentence: str
    at: datetime
    is_read: bool
    link: Link | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the inbox; ``following`` is the id after which the next one begins, or ``None``."""

    shown: tuple[Shown, ...]
    following: int | None

    @property
    def newest(self) -> int:
        """The id of the newest notice on the page, 0 where there is none."""
        return max((one.id for one in self.shown), default=0)


def page(ctx: Context, *, before: int | None = None, unread_only: bool = False) -> Page:
    """Return the newest notices older than the one with the id ``before``.

    One query, and one for each kind of rows that they are about, of parts two.
    """
    # A kind that its plugin declares no longer has no sentence; `unread` does not count it either.
    wanted = _mine(ctx) & Notice.kind.in_(kind_codes(running().host))
    if before is not None:
        wanted &= Received.id < before
    if unread_only:
        wanted &= Received.read_at.is_null()
    columns = (Received.id, Received.read_at, *_NOTICE)
    query = Received.select(*columns).join(Notice).where(wanted)
    found = rows(query.order_by(Received.id.desc()).limit(PAGE + 1))
    shown = _shown(ctx, ((id_, read is not None, *notice) for id_, read, *notice in found[:PAGE]))
    return Page(shown, found[PAGE - 1][0] if len(found) > PAGE else None)


def hidden_page(ctx: Context) -> tuple[Shown, ...]:
    """Return the newest notices about what the acting person wrote without a name, within reach.

    Found by the ids in the person's locker; no row says whose they are, so none is marked as read.
    The locker is opened once, then one query for each kind of such rows. Raises ``SealError`` where
    the locker does not open.
    """
    found: list[Any] = []
    for kind, ids in mine_of(ctx).items():
        query = (
            Hidden.select(Hidden.id, *_NOTICE[:-1], Hidden.shown_at)
            .join(Notice)
            .where(
                (Notice.about_kind == kind)
                & Notice.about_id.in_(sorted(ids)[-_MOST_MINE:])
                & (Hidden.shown_at <= ctx.now)
                & _active(Notice.plugin, ctx.municipality.id)
            )
        )
        found += rows(query.order_by(Hidden.id.desc()).limit(PAGE))
    newest = sorted(found, key=lambda row: row[0], reverse=True)[:PAGE]
    return _shown(ctx, ((id_, True, *notice) for id_, *notice in newest))


def open_one(ctx: Context, received_id: int) -> Link | None:
    """Mark a notice as read and return where it leads; ``None`` where it leads nowhere.

    Raises ``NotFound`` for what is not the acting person's, or out of reach.
    """
    found = rows(
        Received.select(Notice.kind, Notice.about_kind, Notice.about_id)
        .join(Notice)
        .where(_mine(ctx) & (Received.id == received_id))
    )
    if not found:
        raise NotFound
    _mark(ctx, Received.id == received_id)
    ((code, about_kind, row_id),) = found
    kind = kind_of(code)
    ref = Ref(about_kind, row_id)
    if about_kind and (link := _links(ctx, [ref])[ref]).is_open:
        return link
    return _page_link(ctx, kind) if kind is not None else None


def mark_one(ctx: Context, received_id: int) -> None:
    """Mark one notice of the acting person as read; again, it changes nothing.

    Raises ``NotFound`` as ``open_one`` does.
    """
    wanted = Received.id == received_id
    if not _mark(ctx, wanted) and not Received.select().where(_mine(ctx) & wanted).exists():
        raise NotFound


def mark_all(ctx: Context, newest: int) -> int:
    """Mark all of the acting person as read up to the one with the id ``newest``; returns how many.

    What came after the page was shown stays unread.
    """
    return _mark(ctx, Received.id <= newest)


def _mark(ctx: Context, wanted: Any) -> int:
    marked: int = (
        Received.update(read_at=ctx.now)
        .where(_mine(ctx) & Received.read_at.is_null() & wanted)
        .execute()
    )
    return marked


def _mine(ctx: Context) -> Any:
    return (
        (Received.person == ctx.person_id)
        & _active(Received.plugin, Received.municipality)
        & within_reach(ctx, Received.municipality)
    )


def _active(plugin: Any, municipality: Any) -> Any:
    """Return the condition that the notice's plugin is ready, and on at the recipient's."""
    host = running().host
    core = [one.name for one in host.loaded() if one.core]
    ready = [one.name for one in host.optional() if host.is_ready(one.name)]
    on = Enablement.select(Enablement.plugin).where(
        (Enablement.municipality_id == municipality) & (Enablement.state == ON)
    )
    return plugin.in_(core) | (plugin.in_(ready) & plugin.in_(on))


_NOTICE = (Notice.kind, Notice.data, Notice.about_kind, Notice.about_id, Notice.at)


def _shown(ctx: Context, found: Iterable[Any]) -> tuple[Shown, ...]:
    listed = list(found)
    links = _links(ctx, [Ref(row[4], row[5]) for row in listed if row[4]])
    return tuple(shown for row in listed if (shown := _one(ctx, links, *row)) is not None)


def _links(ctx: Context, refs: Iterable[Ref]) -> dict[Ref, Link]:
    """Return where notices lead: of a part to the row above it."""
    places = shown_at(refs)
    links = linked(ctx, places.values())
    return {ref: links[place] for ref, place in places.items()}


def _one(
    ctx: Context,
    links: dict[Ref, Link],
    id_: int,
    is_read: bool,
    code: str,
    data: str,
    about_kind: str,
    about_id: int,
    at: datetime,
) -> Shown | None:
    kind = kind_of(code)
    if kind is None:
        return None
    link = links[Ref(about_kind, about_id)] if about_kind else None
    sentence = sentence_of(kind, data, link.title if link else "", ctx.locale)
    if link is None or not link.is_open:
        link = _page_link(ctx, kind)
    return Shown(id_, sentence, at, is_read, link)


def _page_link(ctx: Context, kind: NoticeKind) -> Link | None:
    """Return a link to the page of a kind, where it has one that the acting person may open."""
    route = route_at(running(), owner_of(kind), kind.endpoint)
    if route is None or not (route.permission is None or ctx.may(route.permission)):
        return None
    return Link(Ref(kind.code, 0), "", f"{owner_of(kind)}.{route.endpoint}", {})
