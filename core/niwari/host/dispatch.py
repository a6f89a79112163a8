"""Calling plugins: guarded, timed and attributed, and not at all where a part is in quarantine.

pluggy finds the implementations and checks their signatures. Calling is ours: pluggy ends a call at
the first error, loses the results so far, and does not say whose result is whose.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter_ns
from typing import Any

from peewee import PeeweeException

from niwari.clock import Clock
from niwari.context import Context, MunicipalityRef
from niwari.db import database
from niwari.db.kept import kept
from niwari.db.transaction import savepoint
from niwari.host.costs import Costs
from niwari.host.failing import Failing
from niwari.host.faults import NEVER_CONTAINED, is_answer
from niwari.host.quarantine import LONGEST_SURFACE, Dark
from niwari.host.registry import Host
from niwari.host.town_state import state_of
from niwari.host.trials import begin, light
from niwari.specs.contributions import BadContribution, Card, Label, MenuItem, Offer

log = logging.getLogger(__name__)

# What the items of an answer must be, so that a wrong one is the plugin's failure and nobody else's.
_ITEMS: dict[str, type] = {
    "navigation": MenuItem,
    "cards": Card,
    "offers": Offer,
    "can_enable": Label,
    "can_disable": Label,
}


@dataclass(slots=True)  # not frozen, which costs four times as much to make
class Outcome:
    """What one plugin answered: ``error`` is set or ``value`` is valid. ``micros`` is the time taken.

    ``error`` is a ``Dark`` where the part is in quarantine and was not called.
    """

    plugin: str
    value: Any
    error: BaseException | None
    micros: int


@dataclass(frozen=True, slots=True)
class _Call:
    """A hook of one plugin; ``ask`` takes all arguments and returns the items, checked."""

    plugin: str
    core: bool
    ask: Callable[[dict[str, Any]], tuple[Any, ...]]


class Dispatcher:
    """Calls the hooks of the plugins that are on, in a fixed order: core first, then by name."""

    def __init__(self, host: Host, clock: Clock) -> None:
        """Dispatch to the plugins of ``host``, whose readiness does not change any more."""
        self.host = host
        self.clock = clock
        self.failing = Failing(host, clock)
        self.costs = Costs()
        # One entry per (hook, set of active plugins): bounded, however many municipalities there
        # are.
        self._calls = lru_cache(maxsize=1024)(self._find_calls)
        self._active = kept(4096)(self._find_active)

    def active_in(self, municipality: MunicipalityRef) -> frozenset[str]:
        """Return the plugins that are on in ``municipality`` and ready to serve."""
        return self._active(municipality.id, municipality.revision)

    def _find_active(self, municipality_id: int, revision: int) -> frozenset[str]:
        on = state_of(municipality_id, revision).on
        return frozenset(name for name in on if self.host.is_ready(name))

    def _find_calls(self, hook: str, active: frozenset[str]) -> tuple[_Call, ...]:
        plugins = self.host.plugins
        return tuple(
            _Call(
                impl.plugin_name,
                plugins[impl.plugin_name].core,
                _asking(hook, impl.function, impl.argnames),
            )
            for impl in self.host.implementations(hook)
            if plugins[impl.plugin_name].core or impl.plugin_name in active
        )

    def call(self, hook: str, ctx: Context, **arguments: Any) -> Iterator[Outcome]:
        """Call ``hook`` on each plugin that is on in ``ctx.municipality``.

        The value of an outcome is a tuple of its items. A plugin that raises, or answers with
        anything else, yields an ``Outcome`` with its error.
        """
        arguments["ctx"] = ctx
        spent: list[tuple[str, int]] = []
        # What is asked here once need not be asked for each plugin: with 50 of them it is half.
        dark = state_of(ctx.municipality.id, ctx.municipality.revision).dark
        apart = database.in_transaction()
        try:
            for call in self._calls(hook, self.active_in(ctx.municipality)):
                if apart or (dark and (call.plugin, hook) in dark):
                    yield self._one(ctx, call.plugin, hook, call.ask, (arguments,), call.core)
                    continue
                begun = perf_counter_ns()
                try:
                    items = call.ask(arguments)
                except NEVER_CONTAINED:
                    raise
                except BaseException as raised:  # plugin code may raise anything
                    micros = (perf_counter_ns() - begun) // 1000
                    self.settle(ctx, call.plugin, hook, raised, micros, core=call.core)
                    yield Outcome(call.plugin, None, raised, micros)
                    continue
                micros = (perf_counter_ns() - begun) // 1000
                if not call.core:
                    spent.append((call.plugin, micros))
                yield Outcome(call.plugin, items, None, micros)
        finally:
            self.costs.add_answered(hook, spent)

    def call_one(self, hook: str, ctx: Context, plugin: str, **arguments: Any) -> Outcome | None:
        """Call ``hook`` on one plugin alone, on or not; ``None`` where it does not implement it."""
        function = self.host.implementation(hook, plugin)
        if function is None:
            return None
        arguments["ctx"] = ctx
        if hook in _ITEMS:
            ask = _asking(hook, function, tuple(arguments))
            return self._one(ctx, plugin, hook, ask, (arguments,), False)
        return self.guarded(ctx, plugin, hook, function, **arguments)

    def guarded(
        self,
        ctx: Context,
        plugin: str,
        surface: str,
        function: Callable[..., Any],
        /,
        **arguments: Any,
    ) -> Outcome:
        """Call one function of ``plugin``; any exception becomes part of the outcome and is counted.

        Also ``SystemExit``. Inside a transaction the failing call is undone to a savepoint first.
        """
        core = self.host.plugins[plugin].core
        return self._one(ctx, plugin, surface, function, (), core, arguments)

    def _one(
        self,
        ctx: Context,
        plugin: str,
        surface: str,
        function: Callable[..., Any],
        positional: tuple[Any, ...],
        core: bool,
        named: dict[str, Any] | None = None,
    ) -> Outcome:
        surface = surface[:LONGEST_SURFACE]
        try:
            trial = not core and self.enter(ctx, plugin, surface)
        except Dark as dark:
            return Outcome(plugin, None, dark, 0)
        value, error, micros = contained(function, *positional, **(named or {}))
        self.settle(ctx, plugin, surface, error, micros, core=core, trial=trial)
        return Outcome(plugin, value, error, micros)

    def enter(self, ctx: Context, plugin: str, surface: str) -> bool:
        """Tell whether a call that begins now is the trial of a part that is in quarantine.

        Raises ``Dark`` where the part must not be called.
        """
        return begin(ctx, plugin, surface)

    @contextmanager
    def attributed(
        self, ctx: Context | None, plugin: str, surface: str, *, trial: bool
    ) -> Iterator[None]:
        """Run the block as a call of ``plugin``: timed and counted; what it raises is raised on.

        What would end the process becomes a ``RuntimeError`` first, and fails like any other.
        ``trial`` is the answer of ``enter``.
        """
        begun = perf_counter_ns()
        error: BaseException | None = None
        try:
            yield
        except NEVER_CONTAINED:
            raise
        except Exception as raised:
            error = raised
            raise
        except BaseException as ended:
            error = RuntimeError(f"{surface} of {plugin} tried to end the process")
            raise error from ended
        finally:
            micros = (perf_counter_ns() - begun) // 1000
            self.settle(ctx, plugin, surface, error, micros, trial=trial)

    def settle(
        self,
        ctx: Context | None,
        plugin: str,
        surface: str,
        error: BaseException | None,
        micros: int,
        *,
        core: bool = False,
        trial: bool = False,
    ) -> None:
        """Draw the consequences of a call: its cost, its failure, the end of a quarantine.

        A trial that neither answered nor failed, as when the database was away, decides nothing:
        another may begin once its time is over.
        """
        failed = error is not None and self.failing.note(ctx, plugin, surface, error, core=core)
        if core:
            return
        self.costs.add(plugin, surface, micros, failed=failed)
        if trial and ctx is not None and is_answer(error):
            light(ctx, plugin, surface)

    def write_costs(self, *, at_end: bool = False) -> None:
        """Write what calls have cost, now and then; to be called once no transaction is open.

        ``at_end`` says that this process ends now and cannot wait until they are due.
        """
        try:
            if at_end:
                self.costs.write(self.clock())
            else:
                self.costs.write_if_due(self.clock())
        except PeeweeException:
            # Nobody's page may fail because of figures.
            log.exception("what plugins cost could not be written")


def contained(
    function: Callable[..., Any], /, *positional: Any, **named: Any
) -> tuple[Any, BaseException | None, int]:
    """Call ``function``; return its value, what it raised (also ``SystemExit``), microseconds.

    Inside a transaction a failing call is undone to a savepoint.
    """
    begun = perf_counter_ns()
    value: Any = None
    error: BaseException | None = None
    try:
        if database.in_transaction():
            with savepoint():
                value = function(*positional, **named)
        else:
            value = function(*positional, **named)
    except NEVER_CONTAINED:
        raise
    except BaseException as raised:  # plugin code may raise anything
        error = raised
    return value, error, (perf_counter_ns() - begun) // 1000


def _asking(
    hook: str, function: Callable[..., Any], names: Sequence[str]
) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Return what asks a hook for its items, all of them: a generator fails here, not at its reader."""
    kind = _ITEMS[hook]
    only_ctx = tuple(names) == ("ctx",)

    def ask(arguments: dict[str, Any]) -> tuple[Any, ...]:
        if only_ctx:
            items = tuple(function(ctx=arguments["ctx"]) or ())
        else:
            items = tuple(function(**{name: arguments[name] for name in names}) or ())
        for item in items:
            if not isinstance(item, kind):
                raise BadContribution(
                    f"hook {hook!r} returned {item!r}; it takes {kind.__name__} objects only"
                )
        return items

    return ask
