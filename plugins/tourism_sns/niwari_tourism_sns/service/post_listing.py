"""Lists of posts: the own town's, those that wait for a release, those of others to read along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Case, fn

from niwari.api import Appointment, Context, Municipality, answered_by, visible
from niwari_tourism_sns.models import (
    ASKED,
    Account,
    Package,
    Photo,
    Post,
    PostPhoto,
    Reader,
    Text,
    Version,
)
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.service.sight import OWNER, RELEASE, is_own, is_paused, owner_of

PAGE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A post in short; ``is_flagged``: the consent to a photo of it, or of an export, was withdrawn."""

    id: int
    title: str
    state: str
    planned_on: date | None
    read_until: date | None
    version: int
    town_id: int
    town: str
    paused: bool
    is_ours: bool
    networks: str
    is_flagged: bool


def find_posts(
    ctx: Context, *, state: str = "", before: int = 0
) -> tuple[list[Listed], int | None]:
    """Return a page of the own town's posts, and those of others that are read along; two queries."""
    query = _listing(ctx)
    if state == ASKED:
        query = query.where((Post.state == ASKED) & (Post.municipality == ctx.municipality.id))
    elif state == "reading":
        mine = Reader.select(Reader.post).where(Reader.municipality == ctx.municipality.id)
        query = query.where(Post.id.in_(mine))
    else:
        query = query.where(Post.municipality == ctx.municipality.id)
    if before:
        query = query.where(Post.id < before)
    found = list(query.order_by(Post.id.desc()).limit(PAGE + 1))
    page = _listed(ctx, found[:PAGE])
    return page, page[-1].id if len(found) > PAGE else None


def waiting_posts(ctx: Context, count: int) -> list[Listed]:
    """Return the posts that wait for the acting person to release them; one query."""
    accounts = Text.select(Text.post).join(Account)
    if not ctx.may(RELEASE):
        accounts = accounts.where(answered_by(ctx.person_id, ctx.today, Account.section))
    query = _listing(ctx).where(
        (Post.state == ASKED)
        & (Post.municipality == ctx.municipality.id)
        & Post.id.in_(accounts)
        & ~is_writer(ctx)
    )
    return [_short(ctx, row, "") for row in query.order_by(Post.id).limit(count)]


def _listing(ctx: Context) -> Any:
    withdrawn = (
        PostPhoto.select(PostPhoto.id)
        .join(Photo)
        .where((PostPhoto.post == Post.id) & Photo.withdrawn_at.is_null(False))
    )
    return (
        Post.select(
            Post.id, Post.title, Post.state, Post.planned_on, Post.read_until, Post.version,
            *OWNER, flag(fn.EXISTS(withdrawn) | flagged_package()),
        )
        .join(Municipality)
        .where(visible(ctx, Post))
        .tuples()
    )  # fmt: skip


def _listed(ctx: Context, found: Sequence[Any]) -> list[Listed]:
    networks: dict[int, list[str]] = {row[0]: [] for row in found}
    if found:
        query = Text.select(Text.post, Account.network).join(Account).order_by(Account.id)
        for post_id, network in query.where(Text.post.in_(list(networks))).tuples():
            networks[post_id].append(NETWORKS[network].label.ja)
    return [_short(ctx, row, " / ".join(dict.fromkeys(networks[row[0]]))) for row in found]


def _short(ctx: Context, row: Any, networks: str) -> Listed:
    owner = owner_of(row[6:10])
    return Listed(
        *row[:6], owner.id, owner.name, is_paused(owner), is_own(ctx, owner), networks,
        bool(row[10]),
    )  # fmt: skip


def is_writer(ctx: Context) -> Any:
    """Return the condition that the acting person wrote a post, or saved it once."""
    posts = Appointment.select(Appointment.id).where(Appointment.person == ctx.person_id)
    return fn.EXISTS(
        Version.select(Version.id).where((Version.post == Post.id) & Version.author.in_(posts))
    )


def flagged_package() -> Any:
    """Return the condition that a photo in an export of a post was withdrawn."""
    return fn.EXISTS(
        Package.select(Package.id).where(
            (Package.post == Post.id) & Package.flagged_at.is_null(False)
        )
    )


def flag(condition: Any) -> Any:
    """Return a condition as a column of 1 and 0."""
    return Case(None, [(condition, 1)], 0)
