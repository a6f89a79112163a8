"""Handing out one plugin's service to another, so that neither imports the other."""

from functools import wraps
from time import perf_counter_ns
from typing import Any

from niwari.context import Context
from niwari.host.dispatch import Dispatcher, contained
from niwari.host.faults import NEVER_CONTAINED

SURFACE = "service"


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
    trial = dispatcher.is_dark(ctx, name, SURFACE)
    if trial and not dispatcher.may_try(ctx, name, SURFACE):
        return None
    made, error, micros = contained(service.factory, ctx)
    dispatcher.settle(ctx, name, SURFACE, error, micros)
    return None if error is not None else _Attributed(ctx, name, made, dispatcher, trial)


class _Attributed:
    """A service whose failures are its own plugin's and not those of who called it."""

    def __init__(
        self, ctx: Context, plugin: str, target: Any, dispatcher: Dispatcher, trial: bool
    ) -> None:
        self._ctx = ctx
        self._plugin = plugin
        self._target = target
        self._dispatcher = dispatcher
        self._trial = trial

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
            except NEVER_CONTAINED:
                raise
            except Exception as raised:
                error = raised
                raise
            except BaseException as ended:
                error = RuntimeError(f"the service of {self._plugin} tried to end the process")
                raise error from ended
            finally:
                self._settle(error, (perf_counter_ns() - begun) // 1000)

        return call

    def _settle(self, error: BaseException | None, micros: int) -> None:
        # Of a service in quarantine the first call decides: that it could be made shows little.
        trial, self._trial = self._trial, False
        self._dispatcher.settle(self._ctx, self._plugin, SURFACE, error, micros, trial=trial)
