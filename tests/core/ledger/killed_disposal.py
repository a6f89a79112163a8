"""Removes an agreed disposal by portions of one row; run by test_disposing_killed.py, which kills it.

Arguments: the database's URL, the home with the keys, the instant at which it is, the municipality's
code and the disposal's id. Each portion is said in a line of the standard output once it is committed;
then it waits for a line of the standard input.
"""

import sys
from datetime import datetime
from pathlib import Path

from niwari.app import create_app
from niwari.clock import FrozenClock, tokyo_day
from niwari.config import Settings
from niwari.db import connection
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.ledger.disposing import removing


def main(url: str, home: str, now: str, code: str, number: str) -> None:
    """Remove row by row, as the lines of the standard input say."""
    at = datetime.fromisoformat(now)
    settings = Settings(
        home=Path(home), environment="test", database_url=url, base_url="http://localhost"
    )
    create_app(settings, clock=FrozenClock(at), plugins=[])
    removing.PORTION = 1

    def said(part: str, count: int) -> None:
        sys.stdout.write(f"{part} {count}\n")
        sys.stdout.flush()
        sys.stdin.readline()

    with connection():
        ctx = system_context(at, "test", municipality_by_code(code, tokyo_day(at)))
        removing.remove_all(ctx, int(number), said)


main(*sys.argv[1:])
