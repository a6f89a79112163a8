"""Measure what it costs to ask 50 plugins: ``python -m bench.dispatch``.

Beside it, in the same minute: the 50 functions called in a plain loop, and pluggy calling them. Then
the same 50 switched off, beside a Niwari in which they are not installed.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import thread_time_ns
from typing import Any

from niwari.app import load_host
from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import open_database
from niwari.host.discovery import Found
from niwari.host.dispatch import Dispatcher
from niwari.testing.plugin import START
from niwari.testing.workshop import Workshop, forgotten_imports
from niwari.testing.world import KORIYAMA, World, prepare_town

PLUGINS, ROUNDS, CALLS = 50, 15, 400
GOAL_MICROS = 100

_PLUGIN = """
    ITEMS = (MenuItem(Label("伝言", "Notes"), "web.home", "help"),)

    @hookimpl
    def navigation(ctx):
        return ITEMS
"""


def main() -> int:
    """Print the medians; 1 where asking 50 plugins costs more than the goal."""
    with TemporaryDirectory() as folder, ExitStack() as opened:
        site = Path(folder) / "site"
        site.mkdir()
        opened.enter_context(forgotten_imports((site,)))
        workshop = Workshop(site)
        found = [workshop.make(f"p{number:02}", _PLUGIN) for number in range(PLUGINS)]
        url = f"sqlite:///{folder}/bench.db"
        prepare_town(url)
        on = _opened(opened, Path(folder) / "on", url, found)
        ctx = on.ctx_for("staff@koriyama")
        _report(on, ctx)
        # The core's own areas are asked too; what they cost is not the 50 plugins'.
        alone = _micros(partial(_asked, Dispatcher(load_host(()), on.clock), ctx))
        micros = _micros(partial(_asked, on.dispatcher, ctx)) - alone
    print(f"\nGoal: at most {GOAL_MICROS} µs for {PLUGINS} plugins: {micros:.0f} µs")
    return 0 if micros <= GOAL_MICROS else 1


def _opened(opened: ExitStack, home: Path, url: str, found: list[Found]) -> World:
    open_database(url)
    return opened.enter_context(World.open(url, FrozenClock(START), home, found))


def _report(world: World, ctx: Context) -> None:
    functions = [
        impl.function
        for impl in world.host.implementations("navigation")
        if not world.host.plugins[impl.plugin_name].core
    ]
    pluggy = world.host.manager.subset_hook_caller(
        "navigation", [p.module for p in world.host.plugins.values() if p.core]
    )
    lines = [
        ("the 50 functions in a plain loop", lambda: [function(ctx) for function in functions]),
        ("pluggy calls them", lambda: pluggy(ctx=ctx)),
        ("Niwari asks them: guarded, timed, attributed", lambda: _asked(world.dispatcher, ctx)),
    ]
    base = 0.0
    for words, call in lines:
        micros = _micros(call)
        base = base or micros
        print(f"{words:<50} {micros:8.1f} µs  {micros / base:5.2f}")
    for number in range(PLUGINS):
        world.switch(KORIYAMA, f"p{number:02}", on=False)
    off = world.ctx_for("staff@koriyama")
    without = Dispatcher(load_host(()), world.clock)
    for words, dispatcher in (("switched off here", world.dispatcher), ("not installed", without)):
        print(f"{words:<50} {_micros(partial(_asked, dispatcher, off)):8.1f} µs")
    for number in range(PLUGINS):
        world.switch(KORIYAMA, f"p{number:02}", on=True)


def _asked(dispatcher: Dispatcher, ctx: Context) -> list[Any]:
    return list(dispatcher.call("navigation", ctx))


def _micros(call: Callable[[], object]) -> float:
    """Return the median processor time of one call in microseconds: other work does not change it."""
    call()
    times = []
    for _ in range(ROUNDS):
        begun = thread_time_ns()
        for _ in range(CALLS):
            call()
        times.append((thread_time_ns() - begun) / CALLS / 1000)
    return median(times)


if __name__ == "__main__":
    sys.exit(main())
