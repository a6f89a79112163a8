"""Experiences for the demo, posted through the services like everybody else's."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from niwari.api import REGION, Context
from niwari_leave_cafe.service import writing
from niwari_leave_cafe.texts import PARTS, Written

CONTENT = Path(__file__).with_name("demo.toml")


def load_demo(ctx_for: Callable[[str], Context]) -> Iterator[datetime]:
    """Post the demo's experiences, each at its time and by its account; what waits is published.

    ``ctx_for`` makes the context of a demo account by login. Loading again adds nothing.
    """
    for told in tomllib.loads(CONTENT.read_text(encoding="utf-8"))["experience"]:
        ctx = ctx_for(told["by"]).at(told["at"])
        posted = writing.write(
            ctx,
            Written(
                told["scheme"],
                told["role"],
                told["employment"],
                told["year"],
                told["headline"],
                **{name: told.get(name, "").strip() for name in PARTS},
            ),
            audience=told.get("audience", REGION),
            is_hidden=told.get("hidden", False),
            key=str(uuid5(NAMESPACE_URL, f"niwari-leave-cafe-demo:{told['headline']}")),
        )
        yield told["published"] if told.get("hidden") else told["at"]
        for login in told.get("thanks", ()):
            if posted.id is not None:
                writing.thank(ctx_for(login).at(told["at"]), posted.id, on=True)
