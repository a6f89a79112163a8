"""Letting other towns read a draft along: optional, open for two working days, stopping nothing."""

from collections.abc import Collection
from datetime import date
from typing import Final

from niwari.api import (
    REGION,
    Appointment,
    Context,
    MunicipalityRef,
    Ref,
    StaleForm,
    active_now,
    audit,
    checked_key,
    checked_text,
    notify,
    posts_with_duty,
    towns_of_region,
    transaction,
    working_days_after,
)
from niwari_tourism_sns.errors import NotInvited, NoTowns, ReadingClosed
from niwari_tourism_sns.models import Comment, Post, Reader
from niwari_tourism_sns.notices import COMMENTED, READ_ALONG, in_words
from niwari_tourism_sns.service.sight import PLUGIN, POST, held, held_own
from niwari_tourism_sns.texts import COMMENT_LIMIT

WORKING_DAYS: Final = 2
DUTY: Final = "tourism"


def towns_to_ask(ctx: Context) -> dict[int, str]:
    """Return the other municipalities of the region by id; one query."""
    towns = towns_of_region(ctx)
    return {id_: name for id_, name in towns.items() if id_ != ctx.municipality.id}


def ask_to_read(ctx: Context, post_id: int, town_ids: Collection[int]) -> date:
    """Ask other towns to read a draft along; returns the last day for comments.

    The region sees the draft from now on. Who does tourism in these towns is told. Towns that were
    asked before stay asked and are not told again. Raises ``NotFound``, ``NotOurs``, ``NoTowns``.
    """
    wanted = set(town_ids)
    if not wanted or not wanted <= set(towns_to_ask(ctx)):
        raise NoTowns
    with transaction(ctx):
        post = held_own(ctx, Post, post_id)
        until = working_days_after(ctx.today, WORKING_DAYS)
        asked = {row.municipality_id for row in Reader.select().where(Reader.post == post.id)}
        new = sorted(wanted - asked)
        if not new and post.read_until == until:
            return until
        Post.update(audience=REGION, read_until=until).where(Post.id == post.id).execute()
        for town_id in new:
            Reader.create(post=post.id, municipality=town_id)
        audit(ctx, "tourism_sns.ask_to_read", POST, post.id, towns=len(new))
        if new:
            theirs = Appointment.select(Appointment.id).where(
                Appointment.id.in_(posts_with_duty(ctx, DUTY)) & Appointment.municipality.in_(new)
            )
            notify(ctx, READ_ALONG.code, theirs, Ref(POST, post.id), day=in_words(until))
    return until


def comment(ctx: Context, post_id: int, *, text: str, form_key: str) -> int:
    """Say something of a draft; returns the comment's id. The same ``form_key`` returns the first.

    Raises ``NotFound``, ``NotInvited``, ``ReadingClosed``, ``StaleForm``, and what the text refuses.
    """
    text = checked_text(text, "text", COMMENT_LIMIT, required=True)
    key = checked_key(form_key)
    with transaction(ctx):
        post = held(ctx, Post, post_id)
        sent = Comment.get_or_none(Comment.form_key == key)
        if sent is not None:
            if sent.author_id != ctx.acting.id:
                raise StaleForm
            return int(sent.id)
        town = post.municipality
        if not active_now(
            ctx, PLUGIN, MunicipalityRef(town.id, town.code, town.name, town.revision)
        ):
            raise ReadingClosed
        if post.municipality_id != ctx.municipality.id and not _is_asked(ctx, post.id):
            raise NotInvited
        if post.read_until is None or post.read_until < ctx.today:
            raise ReadingClosed
        row = Comment.create(
            post=post.id,
            municipality=ctx.municipality.id,
            author=ctx.acting.id,
            text=text,
            said_at=ctx.now,
            form_key=key,
        )
        audit(ctx, "tourism_sns.comment", POST, post.id, comment=row.id)
        if post.author_id is not None:
            notify(ctx, COMMENTED.code, [post.author_id], Ref(POST, post.id))
    return int(row.id)


def _is_asked(ctx: Context, post_id: int) -> bool:
    asked: bool = (
        Reader.select()
        .where((Reader.post == post_id) & (Reader.municipality == ctx.municipality.id))
        .exists()
    )
    return asked
