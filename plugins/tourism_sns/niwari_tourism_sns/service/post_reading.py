"""Posts as their reader sees them: lists, one with its texts, and what is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peewee import JOIN, fn

from niwari.api import (
    Appointment,
    Attached,
    Context,
    Municipality,
    Person,
    Ref,
    Section,
    answered_by,
    attachments,
    is_held,
    not_withdrawn,
    section_name,
    visible,
)
from niwari_tourism_sns.models import (
    Account,
    Comment,
    Photo,
    Post,
    PostPhoto,
    Reader,
    Route,
    Spot,
    Text,
)
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.service.post_listing import flag, flagged_package, is_writer
from niwari_tourism_sns.service.sight import (
    RELEASE,
    entered,
    is_own,
    is_paused,
    one_entered,
    refuse_others,
)

MOST_COMMENTS = 100


@dataclass(frozen=True, slots=True)
class Worded:
    """What a post says in one account, counted as the network counts."""

    id: int
    account_id: int
    network: str
    handle: str
    section: str
    text: str
    released_at: datetime | None
    released_by: str
    may_decide: bool

    @property
    def count(self) -> int:
        """How long it is for its network."""
        return NETWORKS[self.network].count(self.text)

    @property
    def limit(self) -> int:
        """How long it may be."""
        return NETWORKS[self.network].limit


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of a post; ``file`` is ``None`` where its consent was withdrawn, or it is not to be seen."""

    photo_id: int
    licence: str
    credit: str
    is_withdrawn: bool
    file: Attached | None


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as it is shown; ``author`` is empty where it was erased."""

    id: int
    text: str
    author: str
    town: str
    said_at: datetime
    is_held: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A post with its texts, its photos and what is said of it."""

    id: int
    title: str
    state: str
    version: int
    planned_on: date | None
    changed_at: datetime
    returned: str
    read_until: date | None
    spot_id: int | None
    spot: str
    route_id: int | None
    route: str
    town: str
    paused: bool
    is_ours: bool
    author: str
    section: str
    wrote: bool
    may_comment: bool
    is_flagged: bool
    texts: Sequence[Worded]
    pictures: Sequence[Picture]
    comments: Sequence[Said]

    @property
    def has_withdrawn(self) -> bool:
        """Whether the consent to one of its photos was withdrawn."""
        return any(picture.is_withdrawn for picture in self.pictures)

    @property
    def may_decide(self) -> bool:
        """Whether the reader is an approver of one of its accounts, as it looks."""
        return any(one.may_decide for one in self.texts)

    @property
    def is_any_released(self) -> bool:
        """Whether there is something to export."""
        return any(one.released_at is not None for one in self.texts)


def get_post(ctx: Context, post_id: int) -> Told:
    """Return a post with all that belongs to it; five queries at most. Raises ``NotFound``."""
    invited = Reader.select(Reader.id).where(
        (Reader.post == Post.id) & (Reader.municipality == ctx.municipality.id)
    )
    query = (
        entered(
            ctx, Post, Post, Spot.name, Route.title,
            flag(is_writer(ctx)), flag(fn.EXISTS(invited)), flag(flagged_package()),
        )
        .join_from(Post, Spot, JOIN.LEFT_OUTER, on=(Post.spot == Spot.id) & visible(ctx, Spot))
        .join_from(Post, Route, JOIN.LEFT_OUTER, on=(Post.route == Route.id) & visible(ctx, Route))
        .where(Post.id == post_id)
    )  # fmt: skip
    found = one_entered(query, Post)
    columns, owner = found.columns, found.owner
    spot, route, wrote, is_invited, flagged = found.more
    is_ours = is_own(ctx, owner)
    open_ = columns["read_until"] is not None and columns["read_until"] >= ctx.today
    pictures = _pictures(ctx, post_id)
    kept = (
        "id", "title", "state", "version", "planned_on", "changed_at", "returned", "read_until",
    )  # fmt: skip
    return Told(
        **{name: columns[name] for name in kept},
        spot_id=columns["spot"] if spot else None,
        spot=spot or "",
        route_id=columns["route"] if route else None,
        route=route or "",
        town=owner.name,
        paused=is_paused(owner),
        is_ours=is_ours,
        author=found.author,
        section=found.section,
        wrote=bool(wrote),
        may_comment=open_ and (is_ours or bool(is_invited)) and not is_paused(owner),
        is_flagged=bool(flagged) or any(one.is_withdrawn for one in pictures),
        texts=_texts(ctx, post_id, is_ours=is_ours, wrote=bool(wrote)),
        pictures=pictures,
        comments=_comments(ctx, post_id),
    )


def get_own_post(ctx: Context, post_id: int) -> Told:
    """Return a post of the own municipality, to change it; raises ``NotFound`` and ``NotOurs``."""
    found = get_post(ctx, post_id)
    refuse_others(found)
    return found


def _texts(ctx: Context, post_id: int, *, is_ours: bool, wrote: bool) -> list[Worded]:
    """Return the texts with whether the reader may decide of them, as it looks; ``release`` asks anew."""
    answers = answered_by(ctx.person_id, ctx.today, Account.section)
    query = (
        Text.select(
            Text.id, Account.id, Account.network, Account.handle, section_name(ctx.today),
            Text.text, Text.released_at, Person.name, flag(answers),
        )
        .join_from(Text, Account)
        .join_from(Account, Section, on=(Account.section == Section.id))
        .join_from(Text, Appointment, JOIN.LEFT_OUTER, on=(Text.released_by == Appointment.id))
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .where(Text.post == post_id)
        .order_by(Account.id)
        .tuples()
    )  # fmt: skip
    may = is_ours and not wrote
    return [
        Worded(*row[:7], row[7] or "", may and (bool(row[8]) or ctx.may(RELEASE))) for row in query
    ]


def _pictures(ctx: Context, post_id: int) -> list[Picture]:
    query = (
        PostPhoto.select(
            Photo.id, Photo.licence, Photo.credit, Photo.withdrawn_at, Photo.attachment_id, Spot.id
        )
        .join_from(PostPhoto, Photo)
        .join_from(Photo, Spot, JOIN.LEFT_OUTER, on=(Photo.spot == Spot.id) & visible(ctx, Spot))
        .where(PostPhoto.post == post_id)
        .order_by(Photo.id)
    )
    rows = list(query.tuples())
    refs = [Ref("tourism_sns.spot", row[5]) for row in rows if row[5] is not None]
    files = {file.id: file for some in attachments(ctx, refs).values() for file in some}
    return [
        Picture(id_, licence, credit, at is not None, files.get(file))
        for id_, licence, credit, at, file, _spot in rows
    ]


def _comments(ctx: Context, post_id: int) -> list[Said]:
    query = (
        Comment.select(
            Comment.id, Comment.text, Person.name, Municipality.name, Comment.said_at,
            is_held(Comment),
        )
        .join_from(Comment, Municipality)
        .join_from(Comment, Appointment, JOIN.LEFT_OUTER)
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .where((Comment.post == post_id) & not_withdrawn(ctx, Comment))
        .order_by(Comment.id.desc())
        .limit(MOST_COMMENTS)
    )  # fmt: skip
    found = [
        Said(id_, text, name or "", town, at, bool(held))
        for id_, text, name, town, at, held in query.tuples()
    ]
    return found[::-1]
