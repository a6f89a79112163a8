"""What was found, as Markdown."""

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.layers import LAYERS, Cost
from bench.load import Target

GOAL = 0.5
RESULTS = Path(__file__).parent / "results"
_PACKAGES = ("flask", "werkzeug", "jinja2", "peewee", "flask-babel", "gunicorn", "whitenoise")


@dataclass(frozen=True, slots=True)
class Run:
    """How it was measured."""

    begun: datetime
    rounds: int
    seconds: int
    connections: int
    workers: int
    threads: int
    wrk: str
    load_before: float


def write(run: Run, floor: Target, pages: Sequence[Target], costs: Sequence[Cost]) -> Path:
    """Write the results into bench/results/, in a file named after the moment (UTC)."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{run.begun:%Y-%m-%d-%H%M}.md"
    parts = (
        [f"# Niwari beside the floor, {run.begun:%Y-%m-%d %H:%M} UTC", ""],
        *(throughput(floor, pages), [""], layers(costs), [""], facts(run)),
    )
    path.write_text("\n".join(line for part in parts for line in part) + "\n", encoding="utf-8")
    return path


def throughput(floor: Target, pages: Sequence[Target]) -> list[str]:
    """Return the table of rates and of their ratios to the floor, and whether the goal is met."""
    rows = [
        (
            target.page.name,
            f"{target.median('rate'):.0f}",
            f"{min(ratios):.2f} – **{median(ratios):.2f}** – {max(ratios):.2f}",
            f"{target.median('p50'):.1f}",
            f"{target.median('p99'):.1f}",
            f"{target.size / 1000:.1f}",
        )
        for target in (floor, *pages)
        for ratios in [target.ratios(floor)]
    ]
    slowest = min(median(target.ratios(floor)) for target in pages)
    met = "met" if slowest >= GOAL else "not met"
    return [
        "## Rate",
        "",
        *table(
            ("page", "req/s", "of the floor: min – median – max", "p50 ms", "p99 ms", "kB"), rows
        ),
        "",
        f"Goal {GOAL}: {met} (the slowest page is at {slowest:.2f}).",
    ]


def layers(costs: Sequence[Cost]) -> list[str]:
    """Return the table of milliseconds by layer; the first of ``costs`` is the floor's."""
    rows = [
        (layer, *(f"{cost.milliseconds[layer]:.2f}" for cost in costs), what)
        for layer, what in LAYERS.items()
    ]
    rows.append(("**total**", *(f"**{cost.total:.2f}**" for cost in costs), ""))
    rows.append(
        ("of the floor", *(f"{costs[0].total / cost.total:.2f}" for cost in costs), "totals")
    )
    rows.append(("queries", *(str(cost.queries) for cost in costs), "number of statements"))
    return [
        "## Cost by layer",
        "",
        "Milliseconds of processor time of one request inside the process, without a server, in "
        "one thread; lower quartiles.",
        "",
        *table(("layer", *(cost.page for cost in costs), "what it is"), rows),
    ]


def facts(run: Run) -> list[str]:
    """Return how and on what it was measured, without naming the machine."""
    cores = os.cpu_count() or 1
    busy = " (busy with other things: only the ratios say something)" * (run.load_before > cores)
    return [
        "## How",
        "",
        f"- {run.rounds} rounds of {run.seconds} s a page, order rotated; {run.wrk}, "
        f"{run.connections} connections, keep-alive",
        f"- gunicorn gthread, {run.workers} process(es) of {run.threads} threads for each side",
        f"- {cores} cores, {platform.machine()}, {platform.system()}; load average "
        f"before {run.load_before:.1f}{busy}",
        f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
    ]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table; the columns in the middle are numbers."""
    middle = ["---:"] * (len(head) - 2)
    last = "---:" if head[-1] == "kB" else "---"
    lines = [head, ("---", *middle, last), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def now() -> datetime:
    """Return the moment of the run, in UTC."""
    return datetime.now(UTC)
