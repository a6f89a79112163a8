"""Releasing posts: the one place where a text may become public.

The approver is whoever answers for the section that owns the account, or who holds the permission of
the municipality's 広報; never anybody who wrote the post or saved it once.
"""

from collections.abc import Iterable
from typing import Any

from peewee import fn

from niwari.api import (
    Appointment,
    Context,
    NotFound,
    Ref,
    answering_now,
    audit,
    checked_line,
    locked,
    notify,
    transaction,
)
from niwari_tourism_sns.errors import (
    ChangedSince,
    NotApprover,
    NotAsked,
    OwnPost,
    PhotoWithdrawn,
)
from niwari_tourism_sns.models import (
    ASKED,
    DRAFT,
    RELEASED,
    Account,
    Photo,
    Post,
    PostPhoto,
    Text,
    Version,
)
from niwari_tourism_sns.notices import ASKED as ASKED_NOTICE
from niwari_tourism_sns.notices import RELEASED as RELEASED_NOTICE
from niwari_tourism_sns.notices import RETURNED as RETURNED_NOTICE
from niwari_tourism_sns.service.limits import check_limits, check_pictures
from niwari_tourism_sns.service.sight import POST, RELEASE, held_own
from niwari_tourism_sns.texts import RETURNED_LIMIT


def ask_release(ctx: Context, post_id: int, *, version: int) -> None:
    """Ask the approvers of the accounts to release a post; again changes nothing.

    Raises ``NotFound``, ``NotOurs``, ``ChangedSince``, ``PhotoWithdrawn``, ``NeedsPicture``, and what
    a network takes no more.
    """
    with transaction(ctx):
        post = held_own(ctx, Post, post_id)
        if post.state != DRAFT:
            return
        _check_version(post, version)
        pictures = _pictures(post.id)
        rows = _texts(post.id)
        for row in rows:
            check_limits(row.account.network, row.text)
            check_pictures(row.account.network, pictures)
        Post.update(state=ASKED, asked_at=ctx.now, returned="").where(Post.id == post.id).execute()
        audit(ctx, "tourism_sns.ask_release", POST, post.id, version=post.version)
        writers = _writers(post.id)
        told = {
            one.appointment_id
            for section in {row.account.section_id for row in rows}
            for one in _answering(ctx, section, writers)
            if one.person_id not in writers and one.appointment_id is not None
        }
        notify(ctx, ASKED_NOTICE.code, sorted(told), Ref(POST, post.id))


def take_back(ctx: Context, post_id: int) -> None:
    """Make a post a draft again; nothing of it is released any more. Again changes nothing.

    Anybody of the municipality may: it takes back, and lets nothing out. Raises ``NotFound`` and
    ``NotOurs``.
    """
    with transaction(ctx):
        post = held_own(ctx, Post, post_id)
        if post.state == DRAFT:
            return
        _make_draft(post, "")
        audit(ctx, "tourism_sns.take_back", POST, post.id, was=post.state)


def release(ctx: Context, text_id: int, *, version: int) -> int:
    """Release one text of a post, in the version that the approver has read; returns the post's id.

    Again changes nothing. Raises ``NotFound``, ``NotOurs``, ``OwnPost``, ``NotApprover``, ``NotAsked``,
    ``ChangedSince``, ``PhotoWithdrawn``, and what a network takes no more.
    """
    with transaction(ctx):
        text = Text.get_or_none(Text.id == text_id)
        if text is None:
            raise NotFound
        post = held_own(ctx, Post, text.post_id)
        query = Text.select(Text, Account).join(Account).where(Text.id == text_id)
        text = locked(query, of=Text).get()
        _check_approver(ctx, post, {text.account.section_id})
        if text.released_at is not None:
            return int(post.id)
        _check_version(post, version)
        if post.state != ASKED:
            raise NotAsked
        check_limits(text.account.network, text.text)
        check_pictures(text.account.network, _pictures(post.id))
        Text.update(released_at=ctx.now, released_by=ctx.acting.id).where(
            Text.id == text.id
        ).execute()
        waiting = (Text.post == post.id) & Text.released_at.is_null()
        if not Text.select().where(waiting).exists():
            Post.update(state=RELEASED).where(Post.id == post.id).execute()
            if post.author_id is not None:
                notify(ctx, RELEASED_NOTICE.code, [post.author_id], Ref(POST, post.id))
        audit(
            ctx, "tourism_sns.release", POST, post.id, account=text.account_id,
            version=post.version,
        )  # fmt: skip
    return int(post.id)


def send_back(ctx: Context, post_id: int, reason: str, *, version: int) -> None:
    """Return a post to its author with a reason; an approver of one of its accounts may.

    Raises as ``release`` does, and what the reason refuses.
    """
    reason = checked_line(reason, "reason", RETURNED_LIMIT, required=True)
    with transaction(ctx):
        post = held_own(ctx, Post, post_id)
        _check_approver(ctx, post, {row.account.section_id for row in _texts(post.id)})
        if post.state == DRAFT and post.returned == reason:
            return
        _check_version(post, version)
        if post.state != ASKED:
            raise NotAsked
        _make_draft(post, reason)
        audit(ctx, "tourism_sns.send_back", POST, post.id, version=post.version)
        if post.author_id is not None:
            notify(ctx, RETURNED_NOTICE.code, [post.author_id], Ref(POST, post.id))


def _make_draft(post: Any, returned: str) -> None:
    Text.update(released_at=None, released_by=None).where(Text.post == post.id).execute()
    Post.update(state=DRAFT, asked_at=None, returned=returned).where(Post.id == post.id).execute()


def _check_approver(ctx: Context, post: Any, sections: Iterable[int]) -> None:
    """Raise ``OwnPost`` for who wrote a post, ``NotApprover`` for who answers in none of ``sections``."""
    writers = _writers(post.id)
    if ctx.person_id in writers:
        raise OwnPost
    if ctx.may(RELEASE):
        return
    answering = {one.person_id for section in sections for one in _answering(ctx, section, writers)}
    if ctx.person_id not in answering:
        raise NotApprover


def _answering(ctx: Context, section_id: int, writers: Iterable[int]) -> list[Any]:
    """Return who answers for a section; where one of these wrote the post, the next superior too."""
    found = list(answering_now(ctx, section_id))
    for person_id in {one.person_id for one in found} & set(writers):
        found += answering_now(ctx, section_id, person_id)
    return found


def _writers(post_id: int) -> frozenset[int]:
    """Return the people who wrote a post, or saved it once."""
    query = Version.select(fn.DISTINCT(Appointment.person)).join(
        Appointment, on=(Version.author == Appointment.id)
    )
    return frozenset(id_ for (id_,) in query.where(Version.post == post_id).tuples())


def _texts(post_id: int) -> list[Any]:
    return list(Text.select(Text, Account).join(Account).where(Text.post == post_id))


def _pictures(post_id: int) -> int:
    """Return how many photos a post shows; raises ``PhotoWithdrawn`` where one is taken back."""
    query = PostPhoto.select(Photo.withdrawn_at).join(Photo).where(PostPhoto.post == post_id)
    found = [at for (at,) in query.tuples()]
    if any(at is not None for at in found):
        raise PhotoWithdrawn
    return len(found)


def _check_version(post: Any, version: int) -> None:
    if post.version != version:
        raise ChangedSince
