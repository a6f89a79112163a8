"""Measure the import of people and the search for them: ``python -m bench.directory``.

The import stands beside bare ``executemany`` inserts of the same rows into an equal, empty database,
in turn, in the same run; of each side the best round counts, as whatever else the machine does only
ever adds. The memory of the import is that of a process which does nothing else. The search in an
installation with all municipalities stands beside the same search in one with a hundredth of the
people, whose region is the same. On SQLite, or on PostgreSQL: ``--postgresql URL`` names an empty
database, which is filled and left so; ``--postgresql own`` starts a server for the run, as the tests do.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import importing, searching
from niwari.directory.codes import is_municipality, reference
from niwari.testing.engines import engines

GOAL_IMPORT, GOAL_SEARCH = 0.5, 2.0


def main() -> int:
    """Print the ratios; 1 where one misses its goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.directory", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000, help="people of the import (20000)")
    parser.add_argument("--rounds", type=int, default=3, help="imports and bare inserts (3)")
    parser.add_argument("--postgresql", default="", help="the URL of an empty database, or own")
    parser.add_argument("--no-search", action="store_true", help="measure the import alone")
    options = parser.parse_args()
    codes = [code for code, known in reference().items() if is_municipality(known.kind)]
    with TemporaryDirectory(prefix="niwari-bench-") as name, _postgresql(options.postgresql) as url:
        folder = Path(name)
        print(f"{options.people} people in {len(codes)} municipalities", flush=True)
        many, few = (folder / f"{count}.csv" for count in ("many", "few"))
        many.write_bytes(importing.people_csv(codes, options.people))
        few.write_bytes(importing.people_csv(codes, options.people // 10))
        for file in (few, many):
            used = importing.memory(importing.Database(url, folder), file)
            print(f"memory of the import, {file.stem:<15} {used:8.1f} MB", flush=True)
        speed = _imports(importing.Database(url, folder), many, options.rounds)
        ratio = 0.0
        if not options.no_search:
            region = searching.Region(codes, options.people)
            ratio = searching.compare(importing.Database(url, folder), many, region)
    return 0 if speed >= GOAL_IMPORT and ratio <= GOAL_SEARCH else 1


@contextmanager
def _postgresql(given: str) -> Iterator[str]:
    with ExitStack() as stack:
        yield (stack.enter_context(engines("postgresql")).empty() if given == "own" else given)


def _imports(database: importing.Database, file: Path, rounds: int) -> float:
    """Compare the import with bare inserts; returns the ratio of the speeds."""
    imported, bare = [], []
    for number in range(1, rounds + 1):
        seconds, rows = importing.import_rows(database, file)
        imported.append(seconds)
        bare.append(importing.insert_bare(database, rows))
        print(
            f"round {number}: import {imported[-1]:7.2f} s, bare inserts {bare[-1]:7.2f} s, "
            f"speed {bare[-1] / imported[-1]:5.2f}",
            flush=True,
        )
    speed = min(bare) / min(imported)
    print(
        f"best: import {min(imported):7.2f} s, bare inserts {min(bare):7.2f} s, speed {speed:5.2f}"
    )
    return speed


if __name__ == "__main__":
    sys.exit(main())
