"""Handing out one plugin's service to another, so that neither imports the other."""

from functools import wraps
from time import perf_counter_ns
from typing import Any

from niwari.context import Context
from niwari.host.dispatch import Dispatcher


def find_service(dispatcher: Dispatcher, ctx: Context, name: str, version: int) -> Any | None:
    """Return what the plugin ``name`` does for others in ``version``, or ``None``.

    ``None`` where it is not installed, off in ``ctx.municipality``, in quarantine, of another
    version, or where making it fails. What its methods raise counts against the plugin that
    offers them.
    """
    if name not in dispatcher.active_in(ctx.municipality):
        return None
    offered = dispatcher.host.plugins[name].contributions.services
    service = next((item for item in offered if item.version == version), None)
    if service is None:
        return None
    outcome = dispatcher.guarded(ctx, name, "service", service.factory, ctx=ctx)
    return None if outcome.error is not None else _Attributed(ctx, name, outcome.value, dispatcher)


class _Attributed:
    """A service whose failures are its own plugin's and not those of who called it."""

    def __init__(self, ctx: Context, plugin: str, target: Any, dispatcher: Dispatcher) -> None:
        self._ctx = ctx
        self._plugin = plugin
        self._target = target
        self._dispatcher = dispatcher

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name.startswith("_") or not callable(found):
            return found

        @wraps(found)
        def call(*positional: Any, **named: Any) -> Any:
            begun = perf_counter_ns()
            error: BaseException | None = None
            try:
                return found(*positional, **named)
            except (Exception, SystemExit) as raised:
                error = raised
                raise
            finally:
                micros = (perf_counter_ns() - begun) // 1000
                self._dispatcher.settle(self._ctx, self._plugin, "service", error, micros)

        return call
