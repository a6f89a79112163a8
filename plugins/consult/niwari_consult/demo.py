"""Questions and answers for the demo, posted through the services like everybody else's."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from niwari.api import REGION, Context
from niwari_consult.models import Question
from niwari_consult.service import posting
from niwari_consult.texts import InParts, Plain

CONTENT = Path(__file__).with_name("demo.toml")
QUARTER = timedelta(minutes=15)


def load_demo(ctx_for: Callable[[str], Context]) -> Iterator[datetime]:
    """Post the demo's questions and answers, each at its time and by its account.

    ``ctx_for`` makes the context of a demo account by login. What is asked without a name waits for
    the instants that are yielded. Loading again adds nothing.
    """
    told = tomllib.loads(CONTENT.read_text(encoding="utf-8"))["question"]
    for thread in told:
        _ask(ctx_for, thread)
    yield from sorted(thread["asked"] + QUARTER for thread in told if "hidden" in thread)
    threads = [(thread, Question.get(Question.key == _key(thread["title"])).id) for thread in told]
    acts = [act for thread, question in threads for act in _acts(ctx_for, thread, question)]
    # In the order of their times, across all questions, as their notices stand in the inbox.
    for _at, act in sorted(acts, key=lambda one: one[0]):
        act()


def _ask(ctx_for: Callable[[str], Context], thread: dict[str, Any]) -> None:
    key = _key(thread["title"])
    if Question.select().where(Question.key == key).exists():
        return
    posting.ask(
        ctx_for(thread["by"]).at(thread["asked"]),
        topic=thread["topic"],
        title=thread["title"],
        text=_text(thread),
        audience=thread.get("audience", REGION),
        form_key=key,
        hide_name="hidden" in thread,
    )


def _acts(
    ctx_for: Callable[[str], Context], thread: dict[str, Any], question: int
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """Yield what is done about a question, each with its time: its answers, and what was accepted."""
    for reply in thread.get("answer", ()):
        answer = partial(
            posting.answer,
            ctx_for(reply["by"]).at(reply["at"]),
            question,
            body=reply["body"],
            form_key=_key(thread["title"] + reply["body"]),
        )
        yield reply["at"], answer
        if "accepted" in reply:
            asker = ctx_for(thread["by"]).at(reply["accepted"])
            yield reply["accepted"], partial(_accept, asker, question, answer)


def _accept(asker: Context, question: int, answer: Callable[[], posting.Posted]) -> None:
    # Posted with the same key again, an answer is found again: so its id is known.
    posting.accept(asker, question, answer().id)


def _text(thread: dict[str, Any]) -> Plain | InParts:
    if "body" in thread:
        return Plain(thread["body"])
    return InParts(thread["background"], thread["heard"], thread["ask"])


def _key(words: str) -> str:
    """Return a key that is the same at every loading, so that nothing is posted twice."""
    return str(uuid5(NAMESPACE_URL, f"niwari-consult-demo:{words}"))
