"""Calling runtime hooks: guarded, timed and attributed.

pluggy finds the implementations and checks their signatures. Calling is ours: pluggy ends a call at
the first error, loses the results so far, and does not say whose result is whose.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from time import perf_counter_ns
from typing import Any

from niwari.db.transaction import savepoint
from niwari.host.registry import Host
from niwari.specs.contributions import BadContribution, Card, MenuItem

log = logging.getLogger(__name__)

# What the items of an answer must be, so that a wrong one is the plugin's failure and nobody else's.
_ITEMS = {"navigation": MenuItem, "cards": Card}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one plugin answered: ``error`` is set or ``value`` is valid. ``micros`` is the time taken."""

    plugin: str
    value: Any
    error: BaseException | None
    micros: int


class Dispatcher:
    """Calls the hooks of the plugins that are active, in a fixed order: core first, then by name."""

    def __init__(self, host: Host) -> None:
        """Dispatch to the plugins of ``host``."""
        self._host = host
        # One entry per (hook, set of active plugins): bounded, however many municipalities there
        # are.
        self._calls = lru_cache(maxsize=1024)(self._find_calls)

    def _find_calls(
        self, hook: str, active: frozenset[str]
    ) -> tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...]:
        return tuple(
            (impl.plugin_name, impl.function, tuple(impl.argnames))
            for impl in self._host.implementations(hook)
            if self._host.plugins[impl.plugin_name].core or impl.plugin_name in active
        )

    def call(self, hook: str, active: frozenset[str], **arguments: Any) -> Iterator[Outcome]:
        """Call ``hook`` on each active plugin; the value of an outcome is a tuple of its items.

        One that raises, or answers with anything else, yields an ``Outcome`` with its error.
        """
        for plugin, function, names in self._calls(hook, active):
            given = {name: arguments[name] for name in names}
            yield self.guarded(plugin, hook, partial(_items, hook, function, given))

    def guarded(
        self, plugin: str, surface: str, function: Callable[..., Any], **arguments: Any
    ) -> Outcome:
        """Call one function of ``plugin``; any exception becomes part of the outcome and is logged.

        Also ``SystemExit``. Inside a transaction the failing call is undone to a savepoint first.
        """
        begun = perf_counter_ns()
        value: Any = None
        error: BaseException | None = None
        try:
            with savepoint():
                value = function(**arguments)
        except (Exception, SystemExit) as raised:  # plugin code may raise anything
            error = raised
            log.exception("plugin %s failed in %s", plugin, surface)
        return Outcome(plugin, value, error, (perf_counter_ns() - begun) // 1000)


def _items(hook: str, function: Callable[..., Any], given: dict[str, Any]) -> tuple[Any, ...]:
    """Call a hook and take all its items, so that a generator fails here and not at its reader."""
    items = tuple(function(**given) or ())
    kind = _ITEMS[hook]
    for item in items:
        if not isinstance(item, kind):
            raise BadContribution(
                f"hook {hook!r} returned {item!r}; it takes {kind.__name__} objects only"
            )
    return items
