"""Hooks about what a municipality or a person can choose."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.specs.contributions import Setting


@hookspec
def settings() -> "Sequence[Setting]":  # type: ignore[empty-body]
    """Declare the typed settings of the plugin, per municipality and per person.

    The host makes the pages, checks what is typed and keeps the values. Read them with
    ``settings_of(ctx, "tea")["minutes"]``.

    Returns: a list of ``Setting``; a key stands in it once.

    Example::

        from niwari.api import Label, Setting, hookimpl


        @hookimpl
        def settings():
            return [
                Setting(
                    "minutes",
                    Label("蒸らす時間", "Time to steep"),
                    3,
                    minimum=1,
                    maximum=10,
                    unit=Label("分", "minutes"),
                )
            ]
    """
