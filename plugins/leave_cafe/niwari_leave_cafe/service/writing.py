"""Writing an experience with one's name or without it, and marking one as helpful."""

from dataclasses import dataclass
from typing import Any

from niwari.api import (
    REGION,
    Context,
    HiddenAuthor,
    NotFound,
    StaleForm,
    active_now,
    audit,
    checked_choice,
    checked_key,
    hold_self,
    is_mine,
    later_hidden,
    locked,
    paused,
    tell_author,
    transaction,
    visible,
)
from niwari_leave_cafe.models import AUDIENCES, Experience, Thanks
from niwari_leave_cafe.notices import THANKED
from niwari_leave_cafe.service.in_force import PLUGIN
from niwari_leave_cafe.texts import OwnExperience, Paused, Written

KIND = "leave_cafe.experience"
TASK = "leave_cafe.write"
_APRIL = 4
_TELLING = (1, 3, 10, 30, 100)
"""Numbers of marks at which the author is told."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form led to: the row, or none yet where the name is hidden; ``new``: not sent before."""

    id: int | None
    new: bool


def audiences(ctx: Context) -> tuple[str, ...]:
    """Return who may be let read: without a region, the own town alone."""
    return tuple(a for a in AUDIENCES if a != REGION or ctx.municipality.region_id is not None)


def fiscal_year(ctx: Context) -> int:
    """Return the fiscal year of today, which begins in April."""
    return ctx.today.year - (ctx.today.month < _APRIL)


def write(ctx: Context, written: Written, *, audience: str, is_hidden: bool, key: str) -> Posted:
    """Post an experience; without a name it is published at the next quarter of an hour.

    ``key`` is a UUID made when the form was shown: sent again, the form changes nothing. Raises an
    ``Invalid`` beside the field that is wrong, ``NotFound`` where the plugin was switched off.
    """
    checked_choice(audience, audiences(ctx), "audience")
    columns = written.checked(fiscal_year(ctx)) | {"audience": audience}
    key = checked_key(key)
    with transaction(ctx):
        if not is_hidden:
            # Without a name the own post is left alone: the lock would leave the transaction of the
            # waiting act in it.
            hold_self(ctx)
        if not active_now(ctx, PLUGIN):
            raise NotFound
        if is_hidden:
            return Posted(None, new=later_hidden(ctx, TASK, key=key, **columns))
        sent = Experience.get_or_none(Experience.key == key)
        if sent is not None:
            if sent.author is None or sent.author.person_id != ctx.person_id:
                raise StaleForm
            return Posted(sent.id, new=False)
        row = Experience.create(
            **Experience.owned_by(ctx),
            **columns,
            author=ctx.acting.id,
            key=key,
            posted_on=ctx.today,
        )
        audit(ctx, TASK, KIND, row.id, scheme=row.scheme, audience=audience)
        return Posted(row.id, new=True)


def publish(ctx: Context, author: HiddenAuthor, **columns: Any) -> None:
    """Publish an experience without a name, as the worker does at the quarter of an hour."""
    row = Experience.create(**author.columns(ctx, Experience), **columns, posted_on=ctx.today)
    author.keep(ctx, TASK, row)


def thank(ctx: Context, experience_id: int, *, on: bool) -> None:
    """Set or take back the acting person's mark; setting it twice is setting it once.

    No audit row says who was helped by what. At 1, 3, 10, 30 and 100 marks its author is told how many
    there are, once each. Raises ``NotFound``, ``OwnExperience``, and ``Paused`` where the municipality
    that owns the experience has the plugin off.
    """
    with transaction(ctx):
        shown = (Experience.id == experience_id) & visible(ctx, Experience)
        row = locked(Experience.select().where(shown)).first()
        if row is None or not active_now(ctx, PLUGIN):
            raise NotFound
        if not row.is_hidden and paused(row):
            raise Paused(municipality=row.municipality.name)
        if is_own(ctx, row):
            raise OwnExperience
        mark = (Thanks.experience == row.id) & (Thanks.person == ctx.person_id)
        if on == Thanks.select().where(mark).exists():
            return
        if on:
            Thanks.create(experience=row.id, person=ctx.person_id)
        else:
            Thanks.delete().where(mark).execute()
        count = row.thanks + (1 if on else -1)
        changes = {"thanks": count}
        if count in _TELLING and count > row.told:
            changes["told"] = count
            tell_author(ctx, THANKED.code, row, count=count)
        Experience.update(changes).where(Experience.id == row.id).execute()


def is_own(ctx: Context, row: Experience) -> bool:
    """Tell whether the acting person wrote an experience, with their name or without."""
    if row.is_hidden:
        return bool(is_mine(ctx, KIND, [row.id]))
    return row.author_id is not None and row.author.person_id == ctx.person_id
