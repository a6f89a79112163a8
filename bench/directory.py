"""Measure the import of people and the search for them: ``python -m bench.directory``.

The import stands beside bare ``executemany`` inserts of the same rows into an equal, empty database,
in turn, in the same run; of each side the best round counts, as whatever else the machine does only
ever adds. The memory of the import is that of a process which does nothing else. The search in an
installation with all municipalities stands beside the same search in one with a hundredth of the
people, whose region is the same. On SQLite, or on PostgreSQL: ``--postgresql URL`` names a server by
one of its databases; without a URL one is started for the run, as the tests do.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import importing, searching
from niwari.directory.codes import is_municipality, reference
from niwari.testing.engines import Engines, engines

GOAL_IMPORT, GOAL_SEARCH = 0.5, 2.0


def main() -> int:
    """Print the ratios; 1 where one misses its goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.directory", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000, help="people of the import (20000)")
    parser.add_argument("--rounds", type=int, default=3, help="imports and bare inserts (3)")
    parser.add_argument("--postgresql", nargs="?", const="", metavar="URL", help="not on SQLite")
    parser.add_argument("--no-memory", action="store_true", help="do not measure memory")
    parser.add_argument("--no-search", action="store_true", help="do not measure the search")
    options = parser.parse_args()
    codes = [code for code, known in reference().items() if is_municipality(known.kind)]
    with (
        TemporaryDirectory(prefix="niwari-bench-") as name,
        opened_engines(options.postgresql) as found,
    ):
        print(f"{options.people} people in {len(codes)} municipalities", flush=True)
        many, few = (Path(name) / f"{count}.csv" for count in ("many", "few"))
        many.write_bytes(importing.people_csv(codes, options.people))
        few.write_bytes(importing.people_csv(codes, options.people // 10))
        for file in () if options.no_memory else (few, many):
            used = importing.memory(found, file)
            print(f"memory of the import, {file.stem:<4} {used:7.1f} MB", flush=True)
        speed, ratio = _imports(found, many, options.rounds), 0.0
        if not options.no_search:
            ratio = searching.compare(found, many, searching.Region(codes, options.people))
    return 0 if speed >= GOAL_IMPORT and ratio <= GOAL_SEARCH else 1


@contextmanager
def opened_engines(postgresql: str | None) -> Iterator[Engines]:
    """Provide SQLite for the block, or PostgreSQL where it is given, as ``--postgresql`` says."""
    if postgresql:
        os.environ["NIWARI_TEST_PG_URL"] = postgresql
    with engines("sqlite" if postgresql is None else "postgresql") as found:
        found.is_own = False  # a database that was used before is not like a new one
        yield found


def _imports(databases: Engines, file: Path, rounds: int) -> float:
    """Compare the import with bare inserts; returns the ratio of the speeds."""
    imported, bare = [], []
    for number in range(1, rounds + 1):
        seconds, rows = importing.import_rows(databases, file)
        imported.append(seconds)
        bare.append(importing.insert_bare(databases, rows))
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
