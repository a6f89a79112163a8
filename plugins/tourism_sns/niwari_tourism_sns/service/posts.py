"""Writing posts: a draft from a spot or a route, saved as a version each time.

Nothing here releases anything. Every save takes back what was released: a release is of one version.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.api import (
    MUNICIPALITY,
    Context,
    audit,
    checked_key,
    checked_line,
    checked_text,
    transaction,
    visible,
)
from niwari_tourism_sns.drafting import Source, drafted
from niwari_tourism_sns.errors import BadPlan, NoAccounts, NoSuchPhoto, SavedMeanwhile
from niwari_tourism_sns.models import (
    DRAFT,
    Account,
    Photo,
    Post,
    PostPhoto,
    Spot,
    Stop,
    Text,
    Version,
)
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.service.limits import check_limits
from niwari_tourism_sns.service.listing import get_spot
from niwari_tourism_sns.service.photos import Shown as Photographed
from niwari_tourism_sns.service.photos import photos_of
from niwari_tourism_sns.service.routes import get_route
from niwari_tourism_sns.service.sight import POST, begin_act, held_own, sent_before
from niwari_tourism_sns.texts import POST_LIMIT, TITLE_LIMIT

MOST_PHOTOS = 4


@dataclass(frozen=True, slots=True)
class Begun:
    """What a post is begun with: of a spot or a route, for which accounts, and when."""

    title: str
    accounts: Sequence[int]
    planned_on: date | None = None
    spot_id: int | None = None
    route_id: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A post as somebody saves it: its texts by account, its photos by id."""

    title: str
    planned_on: date | None
    texts: Mapping[int, str]
    photos: Sequence[int]


def begin_post(ctx: Context, begun: Begun, *, form_key: str) -> int:
    """Begin a post of the own municipality with a draft for each account; returns its id.

    The same ``form_key`` again returns the first. Raises ``NotFound`` for a spot or route that is not
    there, ``NoAccounts``, ``BadPlan``, ``StaleForm``, and what the title refuses.
    """
    title = checked_line(begun.title, "title", TITLE_LIMIT, required=True)
    _check_plan(ctx, begun.planned_on)
    key = checked_key(form_key)
    source, photos = _source(ctx, begun)
    with transaction(ctx):
        begin_act(ctx)
        sent = sent_before(ctx, Post, key)
        if sent is not None:
            return int(sent.id)
        accounts = _accounts(ctx, begun.accounts)
        post = Post.create(
            **Post.owned_by(ctx),
            audience=MUNICIPALITY,
            title=title,
            spot=begun.spot_id,
            route=begun.route_id,
            planned_on=begun.planned_on,
            author=ctx.acting.id,
            changed_at=ctx.now,
            form_key=key,
        )
        texts = {one.id: drafted(NETWORKS[one.network], source) for one in accounts}
        for account_id, text in texts.items():
            Text.create(post=post.id, account=account_id, text=text)
        _keep_photos(post.id, [photo.id for photo in photos[:MOST_PHOTOS]])
        _keep_version(ctx, post.id, 1, texts)
        audit(ctx, "tourism_sns.begin_post", POST, post.id, accounts=len(texts))
    return int(post.id)


def save_post(ctx: Context, post_id: int, saved: Saved, *, base: int) -> None:
    """Save a post that was opened as version ``base``; what was released is to be released anew.

    Raises ``NotFound``, ``NotOurs``, ``SavedMeanwhile``, ``OverLimit`` and ``TooManyTags`` beside the
    text, ``BadPlan``, ``NoSuchPhoto`` for a photo that is not there, and what the texts refuse.
    """
    title = checked_line(saved.title, "title", TITLE_LIMIT, required=True)
    with transaction(ctx):
        post = held_own(ctx, Post, post_id)
        texts = _checked_texts(post.id, saved.texts)
        photos = sorted(set(saved.photos))
        if post.version != base:
            if _says(post, title, saved.planned_on, texts, photos):
                return
            raise SavedMeanwhile
        if saved.planned_on != post.planned_on:
            _check_plan(ctx, saved.planned_on)
        _check_photos(ctx, post, photos)
        number = post.version + 1
        for account_id, text in texts.items():
            Text.update(text=text, released_at=None, released_by=None).where(
                (Text.post == post.id) & (Text.account == account_id)
            ).execute()
        PostPhoto.delete().where(PostPhoto.post == post.id).execute()
        _keep_photos(post.id, photos)
        Post.update(
            title=title,
            planned_on=saved.planned_on,
            state=DRAFT,
            asked_at=None,
            version=number,
            changed_at=ctx.now,
        ).where(Post.id == post.id).execute()
        _keep_version(ctx, post.id, number, texts)
        audit(ctx, "tourism_sns.save_post", POST, post.id, version=number, was=post.state)


def photos_to_choose(ctx: Context, post: Any) -> list[Photographed]:
    """Return the photos that a post may show: those of its spot, or of its route's spots."""
    found = photos_of(ctx, _spot_ids(ctx, post))
    return [photo for some in found.values() for photo in some]


def _spot_ids(ctx: Context, post: Any) -> list[int]:
    if post.spot_id is not None:
        here = Spot.id == post.spot_id
    else:
        here = Spot.id.in_(Stop.select(Stop.spot).where(Stop.route == post.route_id))
    return [id_ for (id_,) in Spot.select(Spot.id).where(here & visible(ctx, Spot)).tuples()]


def _source(ctx: Context, begun: Begun) -> tuple[Source, list[Photographed]]:
    """Return what a draft is made of, and the first photo of each spot. Raises ``NotFound``."""
    if begun.route_id is not None:
        route = get_route(ctx, begun.route_id)
        stops = [stop for stop in route.stops if stop.spot_id]
        photos = photos_of(ctx, [stop.spot_id for stop in stops])
        source = Source(
            route.title, "", story=route.text, stops=[stop.name for stop in stops],
            towns=route.towns,
        )  # fmt: skip
        return source, [some[0] for some in photos.values() if some]
    spot = get_spot(ctx, begun.spot_id or 0)
    source = Source(spot.name, spot.town, spot.best_days, spot.access, spot.story)
    return source, list(spot.photos[:1])


def _accounts(ctx: Context, ids: Sequence[int]) -> list[Any]:
    query = Account.select().where(
        Account.id.in_(list(ids))
        & (Account.municipality == ctx.municipality.id)
        & Account.ended_on.is_null()
        & visible(ctx, Account)
    )
    found = list(query.order_by(Account.id))
    if not found or len(found) < len(set(ids)):
        raise NoAccounts
    return found


def _check_plan(ctx: Context, planned_on: date | None) -> None:
    if planned_on is not None and planned_on < ctx.today:
        raise BadPlan


def _checked_texts(post_id: int, texts: Mapping[int, str]) -> dict[int, str]:
    """Return the texts of the post's accounts, each within what its network takes."""
    query = Text.select(Text.account, Account.network, Text.text).join(Account)
    checked = {}
    for account_id, network, before in query.where(Text.post == post_id).tuples():
        field = f"text_{account_id}"
        text = checked_text(texts.get(account_id, before), field, POST_LIMIT, required=True)
        check_limits(network, text, field)
        checked[account_id] = text
    return checked


def _check_photos(ctx: Context, post: Any, photos: Sequence[int]) -> None:
    if not photos:
        return
    known = Photo.select(Photo.id).where(
        Photo.id.in_(list(photos))
        & Photo.withdrawn_at.is_null()
        & Photo.spot.in_(_spot_ids(ctx, post))
    )
    if known.count() < len(photos):
        raise NoSuchPhoto


def _says(
    post: Any, title: str, planned_on: date | None, texts: Mapping[int, str], photos: list[int]
) -> bool:
    """Tell whether a post says just this already: the same form was sent twice."""
    kept = dict(Text.select(Text.account, Text.text).where(Text.post == post.id).tuples())
    shown = [p.photo_id for p in PostPhoto.select().where(PostPhoto.post == post.id)]
    return (post.title, post.planned_on, kept, sorted(shown)) == (title, planned_on, texts, photos)


def _keep_photos(post_id: int, photos: Sequence[int]) -> None:
    if photos:
        PostPhoto.insert_many([{"post": post_id, "photo": one} for one in photos]).execute()


def _keep_version(ctx: Context, post_id: int, number: int, texts: Mapping[int, str]) -> None:
    content = json.dumps({str(id_): text for id_, text in texts.items()}, ensure_ascii=False)
    Version.create(
        post=post_id, number=number, content=content, author=ctx.acting.id, saved_at=ctx.now
    )
