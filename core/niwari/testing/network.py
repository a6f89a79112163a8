"""No network: what would leave this machine is refused, and noted for who has to know."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_HERE = ("localhost", "::1", "::", "")
# For each way out the place of the address among its arguments.
_WAYS_OUT = {"connect": 0, "connect_ex": 0, "sendto": -1, "sendmsg": 3}


class LeavesTheMachine(AssertionError):
    """Something was to be reached that is not on this machine; names it."""


@contextmanager
def staying_here() -> Iterator[list[str]]:
    """Refuse in the block what would leave this machine: connections, datagrams, look-ups of names.

    Gives the list to which each host that was tried is added: the host of plugins contains what a
    plugin raises, so the refusal alone would stay unnoticed.
    """
    tried: list[str] = []

    def check(host: Any) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if name in _HERE or name.startswith("127.") or name == socket.gethostname():
            return
        tried.append(name)
        raise LeavesTheMachine(f"a test tried to reach {name}")

    with pytest.MonkeyPatch.context() as patched:
        for name, place in _WAYS_OUT.items():
            if way := getattr(socket.socket, name, None):  # sendmsg is not on Windows
                patched.setattr(socket.socket, name, _checked(way, place, check))
        patched.setattr(socket, "getaddrinfo", _looking_up(socket.getaddrinfo, check))
        yield tried


def _checked(way: Callable[..., Any], place: int, check: Callable[[Any], None]) -> Any:
    def guarded(self: socket.socket, *given: Any) -> Any:
        address = given[place] if -len(given) <= place < len(given) else None
        if self.family in (socket.AF_INET, socket.AF_INET6) and address:
            check(address[0])
        return way(self, *given)

    return guarded


def _looking_up(look_up: Callable[..., Any], check: Callable[[Any], None]) -> Any:
    def guarded(host: Any, *given: Any, **named: Any) -> Any:
        check(host)
        return look_up(host, *given, **named)

    return guarded
