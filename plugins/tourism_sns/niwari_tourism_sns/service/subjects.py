"""What local attractions keep of a person or a municipality: handed out, and erased."""

from collections.abc import Iterator
from typing import Any

from niwari.api import Appointment, Label, Receipt, Record, Subject
from niwari_tourism_sns.models import (
    Account,
    Comment,
    Helper,
    Month,
    Package,
    PackagePhoto,
    Photo,
    Post,
    PostPhoto,
    Reader,
    Route,
    Spot,
    Stop,
    Text,
    Version,
)

REMAINS = Label(
    "見どころ、ルート、投稿とその履歴は、市町村のものとして残ります。だれが書いたかは消しました。",
    "Spots, routes, posts and their versions remain as the municipality's; who wrote them is erased.",
)

_POSTS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("spot", Spot, (Spot.author,)),
    ("photo", Photo, (Photo.added_by, Photo.withdrawn_by)),
    ("route", Route, (Route.author,)),
    ("account", Account, (Account.author,)),
    ("post", Post, (Post.author,)),
    ("text", Text, (Text.released_by,)),
    ("version", Version, (Version.author,)),
    ("comment", Comment, (Comment.author,)),
    ("package", Package, (Package.made_by,)),
)
_BELOW: tuple[tuple[Any, Any, Any], ...] = (
    (Month, Month.spot, Spot),
    (Photo, Photo.spot, Spot),
    (Stop, Stop.route, Route),
    (Helper, Helper.route, Route),
    (Text, Text.post, Post),
    (PostPhoto, PostPhoto.post, Post),
    (Version, Version.post, Post),
    (Reader, Reader.post, Post),
    (Comment, Comment.post, Post),
    (Package, Package.post, Post),
)


def records(subject: Subject) -> Iterator[Record]:
    """Yield what ``subject`` wrote, released, exported and helps with, the oldest first of each kind."""
    posts = _posts(subject)
    for kind, model, columns in _POSTS:
        for row in _of(model, columns, posts).order_by(model.id).iterator():
            yield Record(f"tourism_sns.{kind}", row.id, _told(row))
    mine = Helper.select().where(Helper.appointment.in_(posts))
    for row in mine.order_by(Helper.id).iterator():
        yield Record("tourism_sns.helper", row.id, _told(row))


def erase(subject: Subject) -> Receipt:
    """Forget the subject; a municipality's own rows are removed. In the caller's transaction."""
    posts = _posts(subject)
    gone = Helper.delete().where(Helper.appointment.in_(posts)).execute()
    if subject.person_id is None:
        return Receipt(erased=gone + _remove(subject))
    kept = set()
    for kind, model, columns in _POSTS:
        for row in _of(model, columns, posts):
            kept.add((kind, row.id))
        for column in columns:
            model.update(**{column.name: None}).where(column.in_(posts)).execute()
    return Receipt(erased=gone, kept=len(kept), reason=REMAINS) if kept else Receipt(erased=gone)


def _remove(subject: Subject) -> int:
    """Remove the rows of a municipality, and what its people wrote below those of others."""
    gone = 0
    for model, above, top in _BELOW:
        own = top.select(top.id).where(top.municipality == subject.municipality_id)
        gone += model.select().where(above.in_(own)).count()
    exported = (
        Package.select(Package.id).join(Post).where(Post.municipality == subject.municipality_id)
    )
    gone += PackagePhoto.select().where(PackagePhoto.package.in_(exported)).count()
    for model in (Post, Account, Route, Spot):
        gone += model.delete().where(model.municipality == subject.municipality_id).execute()
    for model in (Comment, Reader):
        gone += model.delete().where(model.municipality == subject.municipality_id).execute()
    posts = _posts(subject)
    for _kind, model, columns in _POSTS:
        for column in columns:
            model.update(**{column.name: None}).where(column.in_(posts)).execute()
    return gone


def _posts(subject: Subject) -> Any:
    query = Appointment.select(Appointment.id)
    if subject.person_id is not None:
        query = query.where(Appointment.person == subject.person_id)
    if subject.municipality_id is not None:
        query = query.where(Appointment.municipality == subject.municipality_id)
    return query


def _of(model: Any, columns: tuple[Any, ...], posts: Any) -> Any:
    mine = columns[0].in_(posts)
    for column in columns[1:]:
        mine |= column.in_(posts)
    return model.select().where(mine)


def _told(row: Any) -> dict[str, Any]:
    """Return what a row says as plain values, with the posts by their ids."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row.__data__.items()
        if name not in ("id", "form_key")
    }
