"""Templates as Flask has them, with less that is looked up anew for each page."""

from collections.abc import MutableMapping
from typing import Any

from flask.sansio.app import App
from flask.templating import Environment


class Templates(Environment):
    """Keeps every template that was loaded, and gives each a plain copy of what all may name."""

    def __init__(self, app: App, **options: Any) -> None:
        # Jinja keeps 400 and notes at each look-up which one was asked for last.
        super().__init__(app, **{"cache_size": -1, **options})

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template may name: what all may, and ``d``.

        Jinja lays a map over the common one, and goes through both, in Python, for each page and each
        file of macros that it imports. As in Jinja, what all may name is there before the first template
        is loaded.
        """
        return {**self.globals, **(d or {})}
