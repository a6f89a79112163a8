"""Posts that moderators hold back: shown to nobody until they are released (docs/decisions/0035).

Who decides is not known here: ``niwari.moderation`` is above, and every list, look-up and link asks.
"""

from typing import Any

from peewee import SQL, CharField, IntegerField, fn

from niwari.context import Context
from niwari.db import InstantField, Model, database
from niwari.host.checks.data import KIND, LONGEST_KIND
from niwari.host.codes import is_of


class HeldPost(Model):
    """A row of a resource, or of a part of one, that is not shown since the instant ``since``."""

    kind: Any = CharField(max_length=LONGEST_KIND)
    row_id: Any = IntegerField()
    since: Any = InstantField()

    class Meta:
        table_name = "directory_held_post"
        indexes = ((("kind", "row_id"), True),)


def is_held(model: Any) -> Any:
    """Return the condition that a row of ``model`` is held back; select it beside the columns of a row.

    ``visible`` leaves held rows of a resource out by itself. For the parts below a row this tells
    in whose place to show 「この投稿は、確認のため表示していません。」. It costs no query of its own:
    what is held is read once, by kind, along an index.
    """
    kind = getattr(model._meta, KIND, "")
    if not kind:
        return SQL("(1 = 0)")
    return model.id.in_(HeldPost.select(HeldPost.row_id).where(HeldPost.kind == kind))


def hold(ctx: Context, kind: str, row_id: int) -> None:
    """Show a row to nobody any more; one that is held already stays so. In the caller's transaction."""
    _require_transaction()
    HeldPost.insert(kind=kind, row_id=row_id, since=ctx.now).on_conflict_ignore().execute()


def release(kind: str, row_id: int) -> None:
    """Show a row again to whom it was shown before. In the caller's transaction."""
    _require_transaction()
    HeldPost.delete().where((HeldPost.kind == kind) & (HeldPost.row_id == row_id)).execute()


def release_all_of(plugin: str) -> None:
    """Forget what is held of a plugin whose rows are purged."""
    _require_transaction()
    HeldPost.delete().where(is_of(HeldPost.kind, plugin)).execute()


def release_gone(kind: str, model: Any) -> int:
    """Forget what is held of ``kind`` whose row of ``model`` is gone; returns how many they were."""
    _require_transaction()
    there = model.select(SQL("1")).where(model.id == HeldPost.row_id)
    gone = (HeldPost.kind == kind) & ~fn.EXISTS(there)
    released: int = HeldPost.delete().where(gone).execute()
    return released


def _require_transaction() -> None:
    if not database.in_transaction():
        raise RuntimeError("what is held changes inside the transaction(ctx) of the decision")
