"""Handing out one plugin's service to another, so that neither imports the other."""

from functools import wraps
from typing import Any

from niwari.context import Context
from niwari.db.transaction import savepoint
from niwari.host.dispatch import Dispatcher, contained
from niwari.host.quarantine import Dark

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
    try:
        trial = dispatcher.enter(ctx, name, SURFACE)
    except Dark:
        return None
    made, error, micros = contained(service.factory, ctx)
    dispatcher.settle(ctx, name, SURFACE, error, micros)
    return None if error is not None else _Attributed(ctx, name, made, dispatcher, trial)


class _Attributed:
    """A service whose failures are its own plugin's and not those of who called it.

    Inside a transaction what a failing call wrote is undone alone.
    """

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
            # Of a service in quarantine the first call decides: that it could be made shows little.
            trial, self._trial = self._trial, False
            ctx, plugin = self._ctx, self._plugin
            # A caller that catches what is raised goes on with its transaction: nothing half done
            # may be left in it.
            with self._dispatcher.attributed(ctx, plugin, SURFACE, trial=trial), savepoint():
                return found(*positional, **named)

        return call
