"""Hooks about what people are told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.specs.contributions import NoticeKind


@hookspec
def notices() -> "Sequence[NoticeKind]":  # type: ignore[empty-body]
    """Declare what the plugin tells people: in their inbox, and by mail where that is set up.

    ``notify(ctx, "tea.poured", to, about=Ref("tea.cup", cup.id))`` tells it, in the transaction of
    what happened. People choose for each kind how they are told; where the plugin is off at the
    recipient's municipality, nobody is. A kind with ``to_chat=True`` may go to a municipality's chat
    too, where staff of any role and section may open the row that it is about. What a
    ``private`` kind tells is in no file that HR or a command makes.

    Returns: a list of ``NoticeKind``; a code stands in it once.

    Example::

        from niwari.api import Label, NoticeKind, hookimpl


        @hookimpl
        def notices():
            return [
                NoticeKind(
                    "tea.poured",
                    Label("お茶が入ったとき", "When tea is poured"),
                    Label("「%(title)s」が入りました。", "“%(title)s” has been poured."),
                )
            ]
    """
