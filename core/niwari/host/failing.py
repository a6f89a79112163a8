"""Noting failures: logged at once, counted once no transaction is open any more."""

import logging
from threading import local

from niwari.clock import Clock
from niwari.context import Context
from niwari.db import database
from niwari.host.faults import describe, is_plugins_fault, mark_counted
from niwari.host.quarantine import Failed, record_failure
from niwari.host.registry import Host

log = logging.getLogger(__name__)


class Failing:
    """Where failures of plugins go: into the log and, as rows, into the database."""

    def __init__(self, host: Host, clock: Clock) -> None:
        """Note failures of the plugins of ``host``; ``clock`` dates those of anonymous visitors."""
        self._host = host
        self._clock = clock
        self._waiting = local()

    def note(
        self,
        ctx: Context | None,
        plugin: str,
        surface: str,
        error: BaseException,
        *,
        core: bool = False,
    ) -> bool:
        """Log ``error`` and count it where it is the plugin's fault; returns whether it was counted.

        Inside a transaction the row waits for ``write_waiting``, because it must stay when the
        transaction is rolled back.
        """
        if not is_plugins_fault(error):
            return False
        trace = ctx.request_id if ctx else ""
        log.error("%s failed in %s (request %s)", plugin, surface, trace or "-", exc_info=error)
        if core:
            return False
        mark_counted(error)
        failed = Failed(
            plugin,
            surface,
            ctx.municipality.id or None if ctx else None,  # 0 stands for the installation
            ctx.appointment.person_id if ctx and ctx.appointment else None,
            ctx.now if ctx else self._clock(),
            trace,
            describe(error, self._host.plugins[plugin].package),
        )
        if database.in_transaction():
            self._queue().append(failed)
        else:
            self._write(failed)
        return True

    def write_waiting(self) -> None:
        """Write what waited for the end of a transaction; to be called once there is none."""
        waiting = self._queue()
        while waiting:
            self._write(waiting.pop(0))

    def _queue(self) -> list[Failed]:
        found: list[Failed] | None = getattr(self._waiting, "failures", None)
        if found is None:
            found = self._waiting.failures = []
        return found

    def _write(self, failed: Failed) -> None:
        try:
            if database.is_closed():
                database.connect()
            if record_failure(failed):
                log.error("%s: %s is in quarantine", failed.plugin, failed.surface)
        except Exception:
            # The person's page matters more than our bookkeeping.
            log.exception("%s: its failure could not be counted", failed.plugin)
