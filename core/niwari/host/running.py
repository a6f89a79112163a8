"""The one dispatcher of this process, for what has no application at hand.

One process serves one database and one set of plugins: services find other plugins' services, and
the events' subscribers, through it.
"""

from functools import partial

from niwari.context import find_services_with
from niwari.host.dispatch import Dispatcher
from niwari.host.services import find_service

_bound: list[Dispatcher] = []


def bind(dispatcher: Dispatcher) -> Dispatcher:
    """Let ``dispatcher`` be this process's, in place of an earlier one; returns it."""
    _bound[:] = [dispatcher]
    find_services_with(partial(find_service, dispatcher))
    return dispatcher


def running() -> Dispatcher:
    """Return this process's dispatcher; raises ``LookupError`` before there is one."""
    if not _bound:
        raise LookupError("no plugins are loaded in this process; call create_app or load_host")
    return _bound[0]
