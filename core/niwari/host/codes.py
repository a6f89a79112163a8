"""Codes that begin with their plugin's name, as kinds, permissions and names of events do."""

from typing import Any

from peewee import fn


def is_of(code: Any, plugin: str) -> Any:
    """Return the condition that ``code``, a column, is one of the plugin's: ``consult.question``."""
    # Not LIKE, which takes the underscore of a name for any letter.
    return fn.SUBSTR(code, 1, len(plugin) + 1) == f"{plugin}."
