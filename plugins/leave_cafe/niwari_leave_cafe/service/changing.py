"""Changing and withdrawing one's own experience; without a name it is done by the worker, as posting is."""

from dataclasses import dataclass
from typing import Any

from niwari.api import (
    Appointment,
    Context,
    HiddenAuthor,
    NotFound,
    active_now,
    audit,
    checked_key,
    hold_self,
    later_hidden,
    locked,
    transaction,
    visible,
)
from niwari_leave_cafe.models import Experience, Thanks
from niwari_leave_cafe.service.in_force import PLUGIN
from niwari_leave_cafe.service.writing import KIND, fiscal_year, is_own
from niwari_leave_cafe.texts import PARTS, NotAuthor, Written

CHANGE, WITHDRAW = "leave_cafe.change", "leave_cafe.withdraw"
_KINDS = ("scheme", "role", "employment", "year", "headline", *PARTS)


@dataclass(frozen=True, slots=True)
class Own:
    """One's own experience as its form shows it; ``is_hidden``: it has no name, and what is done waits."""

    id: int
    headline: str
    written: Written
    is_hidden: bool


def own(ctx: Context, experience_id: int) -> Own:
    """Return the acting person's experience; raises ``NotFound`` and ``NotAuthor``."""
    row = _own(ctx, _readable(ctx, experience_id))
    written = Written(**{name: getattr(row, name) for name in _KINDS})
    return Own(row.id, row.headline, written, row.is_hidden)


def change(ctx: Context, experience_id: int, written: Written, *, key: str) -> bool:
    """Change the acting person's experience; who reads it and whether it has a name stay as they are.

    Returns whether it is changed now: one without a name is at the next quarter of an hour. Sent again,
    the form changes nothing. Raises an ``Invalid`` beside the field that is wrong, ``NotFound`` and
    ``NotAuthor``.
    """
    columns, key = written.checked(fiscal_year(ctx)), checked_key(key)
    with transaction(ctx):
        row = _held(ctx, experience_id)
        if row.is_hidden:
            later_hidden(ctx, CHANGE, key=key, experience_id=row.id, **columns)
            return False
        if _put(row, columns):
            audit(ctx, CHANGE, KIND, row.id, scheme=columns["scheme"])
        return True


def withdraw(ctx: Context, experience_id: int, *, key: str) -> bool:
    """Remove the acting person's experience with its marks; returns whether it is gone now, as ``change``.

    Again, where nothing is left, it raises ``NotFound``; of one without a name ``key`` makes two clicks
    one act.
    """
    with transaction(ctx):
        row = _held(ctx, experience_id)
        if row.is_hidden:
            later_hidden(ctx, WITHDRAW, key=key, experience_id=row.id)
            return False
        _remove(row)
        audit(ctx, WITHDRAW, KIND, row.id)
        return True


def publish_change(
    ctx: Context, author: HiddenAuthor, *, experience_id: int, **columns: Any
) -> None:
    """Change an experience without a name, as the worker does; somebody else's stays."""
    row = _of_author(ctx, author, experience_id)
    if _put(row, columns):
        author.audit(ctx, CHANGE, row, scheme=columns["scheme"])


def publish_withdrawal(ctx: Context, author: HiddenAuthor, *, experience_id: int) -> None:
    """Remove an experience without a name, as the worker does; somebody else's stays."""
    row = _of_author(ctx, author, experience_id)
    author.audit(ctx, WITHDRAW, row)
    _remove(row)


def _of_author(ctx: Context, author: HiddenAuthor, experience_id: int) -> Experience:
    row: Experience | None = locked(
        Experience.select().where(Experience.id == experience_id)
    ).first()
    if row is None or not author.wrote(row):
        raise NotFound
    return row


def _held(ctx: Context, experience_id: int) -> Experience:
    """Lock the acting person's experience; of one without a name the worker does, never its author.

    Locked in one transaction, the experience and the author's post would bear one number.
    """
    row = _own(ctx, _readable(ctx, experience_id))
    if not row.is_hidden:
        hold_self(ctx)
        row = _own(ctx, locked(_readable(ctx, experience_id), of=Experience))
    if not active_now(ctx, PLUGIN):
        raise NotFound
    return row


def _readable(ctx: Context, experience_id: int) -> Any:
    return (
        Experience.select(Experience, Appointment)
        .left_outer_join(Appointment, on=(Experience.author == Appointment.id))
        .where((Experience.id == experience_id) & visible(ctx, Experience))
    )


def _own(ctx: Context, query: Any) -> Experience:
    row: Experience | None = query.first()
    if row is None:
        raise NotFound
    if not is_own(ctx, row):
        raise NotAuthor
    return row


def _put(row: Experience, columns: dict[str, Any]) -> bool:
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if changed:
        Experience.update(changed).where(Experience.id == row.id).execute()
    return bool(changed)


def _remove(row: Experience) -> None:
    Thanks.delete().where(Thanks.experience == row.id).execute()
    Experience.delete().where(Experience.id == row.id).execute()
