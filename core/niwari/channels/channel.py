"""What a channel is: something by which notices leave, one after the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to leave by a channel: to whom, in words, with the address that it leads to.

    ``id`` is that of its delivery. ``reference`` is the same each time that it is sent, so that one
    which arrives twice can be recognised; ``to`` is what the channel knows its recipient by.
    """

    id: int
    reference: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter. ``what`` is a code for the page of those that failed, as ``smtp 550``.

    ``sent``; or ``refused`` for good; or neither: it is tried again later. ``answered`` says that
    this letter's recipient was refused, and not that the line failed.
    """

    id: int
    sent: bool = False
    refused: bool = False
    answered: bool = False
    what: str = ""


class ChannelDown(Exception):
    """The channel takes nothing just now: everything that waits is tried again later."""

    def __init__(self, what: str) -> None:
        """Say why as a code, as ``unreachable``."""
        super().__init__(what)
        self.what = what


class Away(Exception):
    """The plugin of what is to be said is gone or not ready just now: it waits until that is back."""


class Channel(Protocol):
    """Sends letters; made anew for each run of the worker."""

    name: str

    def send(self, letters: Iterable[Letter]) -> Iterator[Outcome]:
        """Send each letter and yield at once what became of it, before taking the next.

        Raises ``ChannelDown`` where the others need not be tried.
        """
