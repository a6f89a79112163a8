"""Questions and answers for the demo, posted through the services like everybody else's."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from niwari.api import REGION, Context
from niwari_consult.service import posting
from niwari_consult.texts import InParts, Plain

CONTENT = Path(__file__).with_name("demo.toml")


def load_demo(ctx_for: Callable[[str], Context]) -> None:
    """Post the demo's questions and answers, each at its time and by its account.

    ``ctx_for`` makes the context of a demo account by login. Loading again adds nothing.
    """
    for thread in tomllib.loads(CONTENT.read_text(encoding="utf-8"))["question"]:
        asker = ctx_for(thread["by"])
        question = posting.ask(
            asker.at(thread["asked"]),
            topic=thread["topic"],
            title=thread["title"],
            text=_text(thread),
            audience=thread.get("audience", REGION),
            form_key=_key(thread["title"]),
        )
        for reply in thread.get("answer", ()):
            answer = posting.answer(
                ctx_for(reply["by"]).at(reply["at"]),
                question.id,
                body=reply["body"],
                form_key=_key(thread["title"] + reply["body"]),
            )
            if "accepted" in reply:
                posting.accept(asker.at(reply["accepted"]), question.id, answer.id)


def _text(thread: dict[str, Any]) -> Plain | InParts:
    if "body" in thread:
        return Plain(thread["body"])
    return InParts(thread["background"], thread["heard"], thread["ask"])


def _key(words: str) -> str:
    """Return a key that is the same at every loading, so that nothing is posted twice."""
    return str(uuid5(NAMESPACE_URL, f"niwari-consult-demo:{words}"))
