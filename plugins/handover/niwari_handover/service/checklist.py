"""The checklist of a handing over: the usual lines with their days, which people make their own."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from niwari.api import (
    Context,
    Label,
    NotFound,
    StaleForm,
    audit,
    checked_key,
    checked_line,
    transaction,
)
from niwari_handover.errors import NotPart, TooManyItems
from niwari_handover.models import Handing, Item, Notebook
from niwari_handover.service.sight import get_seen, held_handing, holds
from niwari_handover.texts import ITEM_LIMIT

MOST = 60
STANDARD = (
    (
        -10,
        Label(
            "ノートの業務を見直し、手順・締切・連絡先をそろえる",
            "Review the duties of the notebook: steps, deadlines, contacts",
        ),
    ),
    (-7, Label("途中の案件と、次の締切を書き出す", "List open matters and the next deadlines")),
    (
        -5,
        Label(
            "関係する課と外部の連絡先に、担当が替わることを伝える",
            "Tell the sections and contacts outside that the post changes hands",
        ),
    ),
    (-3, Label("画面と書類を一緒に見ながら説明する", "Explain screens and papers side by side")),
    (
        -1,
        Label(
            "鍵・備品・書類の置き場所を確かめて渡す",
            "Check and hand over keys, equipment and where papers are",
        ),
    ),
    (
        0,
        Label(
            "システムの権限の切替えを頼む", "Ask for the permissions in the systems to be changed"
        ),
    ),
    (
        7,
        Label(
            "1週間たって分からないことを、質問にまとめる",
            "After a week put what is not clear into questions",
        ),
    ),
)
"""What nearly every handover needs, with its day before or after the day of the handover."""


@dataclass(frozen=True, slots=True)
class Lined:
    """What somebody writes into a line: its words and its day."""

    text: str
    due_on: date | None

    def checked(self, handing: Any) -> dict[str, Any]:
        """Return the columns; without a day it is that of the handover. Raises an ``Invalid``."""
        text = checked_line(self.text, "text", ITEM_LIMIT, required=True)
        return {"text": text, "due_on": self.due_on or handing.starts_on}


def standard_items(ctx: Context, handing: Any) -> None:
    """Write the usual lines of a handing over that is made now, in the caller's transaction.

    A day that has passed already becomes today. They are written in the language of the acting person.
    """
    Item.insert_many(
        [
            {
                "handing": handing.id,
                "text": text.text(ctx.locale),
                "due_on": max(handing.starts_on + timedelta(days=days), ctx.today),
                "form_key": str(uuid5(NAMESPACE_URL, f"handover:{handing.id}:{number}")),
            }
            for number, (days, text) in enumerate(STANDARD)
        ]
    ).execute()


def add_item(ctx: Context, notebook_id: int, lined: Lined, *, form_key: str) -> int:
    """Add a line to a checklist; returns its id. The same ``form_key`` again returns the first.

    Predecessor and successor may, and who holds the post. Raises ``NotFound``, ``NotPart``,
    ``TooManyItems``, ``StaleForm``, and what the texts refuse.
    """
    key = checked_key(form_key)
    with transaction(ctx):
        handing = _held(ctx, notebook_id)
        values = lined.checked(handing)
        sent = Item.get_or_none(Item.form_key == key)
        if sent is not None:
            if sent.handing_id != handing.id:
                raise StaleForm
            return int(sent.id)
        if Item.select().where(Item.handing == handing.id).count() >= MOST:
            raise TooManyItems(most=MOST)
        item = Item.create(handing=handing.id, form_key=key, **values)
        audit(ctx, "handover.list", "handover.notebook", notebook_id, item=item.id)
    return int(item.id)


def get_item(ctx: Context, item_id: int) -> Any:
    """Return a line for who may change it; raises ``NotFound`` and ``NotPart``."""
    place = _place(item_id)
    if not _takes_part(ctx, get_seen(ctx, place.handing.notebook_id).holds, place.handing):
        raise NotPart
    return place


def change_item(ctx: Context, item_id: int, lined: Lined) -> int:
    """Write a line anew; returns the notebook's id. Raises as ``add_item`` does."""
    with transaction(ctx):
        handing, item = _held_item(ctx, item_id)
        Item.update(**lined.checked(handing)).where(Item.id == item.id).execute()
        audit(ctx, "handover.list", "handover.notebook", handing.notebook_id, item=item.id)
        return int(handing.notebook_id)


def tick_item(ctx: Context, item_id: int, *, done: bool) -> int:
    """Say that a line is done, or is not after all; returns the notebook's id.

    Raises ``NotFound`` and ``NotPart``.
    """
    with transaction(ctx):
        handing, item = _held_item(ctx, item_id)
        notebook_id = int(handing.notebook_id)
        if (item.done_at is not None) == done:
            return notebook_id
        Item.update(
            done_at=ctx.now if done else None, done_by=ctx.acting.id if done else None
        ).where(Item.id == item.id).execute()
        audit(ctx, "handover.tick", "handover.notebook", notebook_id, item=item.id, done=done)
    return notebook_id


def remove_item(ctx: Context, notebook_id: int, item_id: int) -> None:
    """Take a line out of the checklist of a notebook's post; again changes nothing.

    Raises ``NotFound``, also for a line of another checklist, and ``NotPart``.
    """
    with transaction(ctx):
        handing = _held(ctx, notebook_id)
        item = Item.get_or_none(Item.id == item_id)
        if item is None:
            return
        if item.handing_id != handing.id:
            raise NotFound
        Item.delete().where(Item.id == item.id).execute()
        audit(ctx, "handover.list", "handover.notebook", notebook_id, item=item.id)


def _held_item(ctx: Context, item_id: int) -> tuple[Any, Any]:
    handing = _held(ctx, _place(item_id).handing.notebook_id)
    item = Item.get_or_none((Item.id == item_id) & (Item.handing == handing.id))
    if item is None:
        raise NotFound
    return handing, item


def _place(item_id: int) -> Any:
    place = Item.select(Item, Handing).join(Handing).where(Item.id == item_id).first()
    if place is None:
        raise NotFound
    return place


def _held(ctx: Context, notebook_id: int) -> Any:
    """Return what goes on, locked, for who takes part in it; raises ``NotFound`` and ``NotPart``."""
    notebook, handing = held_handing(ctx, notebook_id)
    own = Notebook.select().where((Notebook.id == notebook.id) & holds(ctx))
    if not _takes_part(ctx, own.exists(), handing):
        raise NotPart
    return handing


def _takes_part(ctx: Context, is_holder: bool, handing: Any) -> bool:
    """Tell whether the acting person is predecessor or successor, or holds the post."""
    parties = (handing.predecessor, handing.successor)
    return is_holder or ctx.person_id in [one.person_id for one in parties if one is not None]
