"""Hooks about who may do what."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.specs.contributions import Permission


@hookspec
def permissions() -> "Sequence[Permission]":  # type: ignore[empty-body]
    """Declare the permissions that the plugin's routes ask for.

    Codes begin with the plugin's name and a dot. One that ends in ``.read`` opens pages that only
    read, never a form that is sent. Inside a service ask ``ctx.may("tea.pour")``.

    Returns: a list of ``Permission``; a code stands in it once.

    Example::

        from niwari.api import Label, Permission, hookimpl


        @hookimpl
        def permissions():
            return [
                Permission("tea.read", Label("お茶を見る", "See the tea"), ("staff", "head")),
                Permission("tea.pour", Label("お茶をいれる", "Pour tea"), ("staff", "head")),
            ]
    """
