"""Notebooks for the demo, written through the services like everybody else's."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from niwari.api import Context
from niwari_handover.models import Notebook
from niwari_handover.service import asking, checklist, duties, handing, opening, progress
from niwari_handover.service.duties import Written
from niwari_handover.service.handing import Named

CONTENT = Path(__file__).with_name("demo.toml")
_WRITTEN = ("steps", "rule", "deadline", "due_on", "contact", "trouble", "reviewed_on")

ContextFor = Callable[[str], Context]


def load_demo(ctx_for: ContextFor) -> None:
    """Write the demo's notebooks, each line at its time and by its account.

    ``ctx_for`` makes the context of a demo account by login. Loading again adds nothing.
    """
    for book in tomllib.loads(CONTENT.read_text(encoding="utf-8"))["notebook"]:
        key = _key(book["post"])
        if not Notebook.select().where(Notebook.form_key == key).exists():
            _load_notebook(ctx_for, book, key)


def _load_notebook(ctx_for: ContextFor, book: dict[str, Any], key: str) -> None:
    holder = ctx_for(book["by"])
    notebook = opening.open_notebook(holder.at(book["at"]), post=book["post"], form_key=key)
    written = {
        duty["name"]: _load_duty(holder, notebook, book["post"], duty) for duty in book["duty"]
    }
    if "handing" in book:
        _load_handing(ctx_for, holder, notebook, book["handing"])
    for asked in book.get("question", ()):
        question = asking.ask(
            ctx_for(asked["by"]).at(asked["at"]),
            notebook,
            text=asked["text"].strip(),
            duty_id=written.get(asked.get("duty", "")),
            form_key=_key(asked["text"]),
        )
        for reply in asked.get("answer", ()):
            ctx = ctx_for(reply["by"]).at(reply["at"])
            asking.answer(ctx, question, text=reply["text"].strip(), form_key=_key(reply["text"]))


def _load_duty(holder: Context, notebook: int, post: str, told: dict[str, Any]) -> int:
    """Write a duty, and save it anew as often as it was changed; returns its id."""
    duty = duties.add_duty(
        holder.at(told["at"]), notebook, _written(told), form_key=_key(post + told["name"])
    )
    for number, saved in enumerate(told.get("saved", ()), 1):
        told |= saved
        duties.save_duty(holder.at(saved["at"]), duty, _written(told), base=number)
    return duty


def _load_handing(
    ctx_for: ContextFor, holder: Context, notebook: int, told: dict[str, Any]
) -> None:
    """Name the successor, and let the holder tick the first ``done`` lines of the checklist."""
    ctx, holder = ctx_for(told["by"]).at(told["at"]), holder.at(told["at"])
    named = Named(told["successor"], told["announced_on"], told["starts_on"])
    handing.name_successor(ctx, notebook, named, form_key=_key(f"successor:{notebook}"))
    for item in progress.get_progress(holder, notebook).items[: told["done"]]:
        checklist.tick_item(holder, item.id, done=True)


def _written(told: dict[str, Any]) -> Written:
    texts = {name: told[name] for name in _WRITTEN if name in told}
    return Written(told["name"], tuple(str(month) for month in told.get("months", ())), **texts)


def _key(words: str) -> str:
    """Return a key that is the same at every loading, so that nothing is written twice."""
    return str(uuid5(NAMESPACE_URL, f"niwari-handover-demo:{words}"))
