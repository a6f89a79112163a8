"""Measure: prepare both sides, serve them side by side, load them in turn, report."""

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp

from bench import floor, report
from bench.installation import (
    FLOOR_PAGE,
    QUESTIONS,
    Installation,
    differing_settings,
    prepare,
)
from bench.layers import Cost, Probe
from bench.load import MeasurementFailed, Target, measure, require_wrk, wrk_version
from bench.servers import Server, ServerFailed, free_port, serving
from niwari.app import create_app
from niwari.config import load_settings
from niwari.db import database


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code. See ``--help``."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(mkdtemp(prefix="niwari-bench-"))
    try:
        _bench(options, folder)
    except (MeasurementFailed, ServerFailed) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nbench: stopped; nothing was written", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=_positive, default=5, help="rounds (5)")
    parser.add_argument("--seconds", type=_positive, default=4, help="seconds a page (4)")
    parser.add_argument("--connections", type=_positive, default=4, help="of wrk (4)")
    parser.add_argument("--workers", type=_positive, default=1, help="processes of each side (1)")
    parser.add_argument("--threads", type=_positive, default=4, help="threads of a process (4)")
    parser.add_argument("--requests", type=_positive, default=200, help="for cost by layer (200)")
    parser.add_argument("--layers-only", action="store_true", help="no load, no file")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000:
        raise argparse.ArgumentTypeError(f"{number}: give 1 to 10000")
    return number


def _bench(options: argparse.Namespace, folder: Path) -> None:
    wrk = "" if options.layers_only else require_wrk()
    begun, load_before = report.now(), os.getloadavg()[0]
    print("Preparing: the demo region, and the floor", flush=True)
    niwari_port, floor_port = free_port(), free_port()
    installation = prepare(folder / "niwari", niwari_port)
    floor_path = folder / "floor.db"
    floor.fill(floor_path, QUESTIONS)
    if differing := differing_settings(floor.database.obj):
        raise MeasurementFailed(f"the floor keeps its database otherwise: {differing}")
    if options.layers_only:
        costs = _costs(options, installation, floor_path, niwari_port)
        print("\n".join(report.layers(costs)))
        return
    targets = _loaded(options, wrk, installation, floor_path, niwari_port, floor_port)
    costs = _costs(options, installation, floor_path, niwari_port)
    run = report.Run(
        begun=begun,
        rounds=options.rounds,
        seconds=options.seconds,
        connections=options.connections,
        workers=options.workers,
        threads=options.threads,
        wrk=wrk_version(wrk),
        load_before=load_before,
    )
    path = report.write(run, targets[0], targets[1:], costs)
    print("\n" + path.read_text(encoding="utf-8"))
    print(f"Written to bench/results/{path.name}")


def _loaded(
    options: argparse.Namespace,
    wrk: str,
    installation: Installation,
    floor_path: Path,
    niwari_port: int,
    floor_port: int,
) -> list[Target]:
    """Serve both sides and return the targets with their samples, the floor first."""
    with ExitStack() as stack:
        size = {"workers": options.workers, "threads": options.threads}
        bare = stack.enter_context(
            serving(
                Server("floor", floor_port),
                "bench.floor:application()",
                {floor.DATABASE_VARIABLE: str(floor_path)},
                installation.home.parent / "floor.log",
                **size,
            )
        )
        niwari = stack.enter_context(
            serving(
                Server("niwari", niwari_port, installation.cookie),
                "niwari.wsgi:application()",
                {"NIWARI_HOME": str(installation.home)},
                installation.home.parent / "niwari.log",
                **size,
            )
        )
        targets = [Target(FLOOR_PAGE, bare)]
        targets += [Target(page, niwari) for page in installation.pages]
        measure(
            wrk,
            targets,
            rounds=options.rounds,
            seconds=options.seconds,
            connections=options.connections,
        )
    return targets


def _costs(
    options: argparse.Namespace, installation: Installation, floor_path: Path, port: int
) -> list[Cost]:
    """Return what a request costs by layer, the floor's first."""
    print("Cost by layer", flush=True)
    bare = Probe(floor.create_floor(), floor.open_floor(floor_path))
    app = create_app(load_settings(installation.home, environ={}))
    niwari = Probe(app, database.obj)
    return [
        bare.cost(FLOOR_PAGE.name, FLOOR_PAGE.address, port, "", options.requests),
        *(
            niwari.cost(page.name, page.address, port, installation.cookie, options.requests)
            for page in installation.pages
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
