"""Opening an installation with its plugins, for a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from niwari.app import load_host
from niwari.cli.opening import opened
from niwari.host.dispatch import Dispatcher
from niwari.host.registry import Host
from niwari.host.running import bind


@contextmanager
def loaded(host: Host | None = None) -> Iterator[Dispatcher]:
    """Open the installation with its plugins for the block; ``host`` is one that is loaded already.

    At its end what failed is counted and what calls have cost is written.
    """
    with opened() as installation:
        host = host or load_host()
        host.check_migrations()
        dispatcher = bind(Dispatcher(host, installation.clock))
        try:
            yield dispatcher
        finally:
            dispatcher.failing.write_waiting()
            dispatcher.write_costs(at_end=True)
