"""Measure the closing of a month: ``python -m bench.ledger_closing``.

A municipality of 2,000 people stands beside one of 200, half of whom agreed to something and never
recorded it; closing must cost the same per person. Of each the best of some rounds counts, each in a
new database. On SQLite, or on PostgreSQL: ``--postgresql URL`` names a server by one of its databases;
without a URL one is started for the run, as the tests do.
"""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.directory import opened_engines
from bench.importing import clock, empty, import_file, people_csv
from niwari.app import create_app
from niwari.clock import TOKYO, FrozenClock
from niwari.context import Context
from niwari.db import connection, transaction
from niwari.db.sets import chunks
from niwari.directory.models import Appointment
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.ledger.arranged import period_for
from niwari.ledger.closing.closing import close
from niwari.ledger.models import Account, JournalEntry, Request
from niwari.testing.engines import Engines, release
from niwari.testing.world import settings_of_a_test

CODE, DAY = "072036", date(2026, 11, 18)
NOW = datetime(2026, 12, 14, 1, tzinfo=TOKYO)
GOAL = 1.3


def main() -> int:
    """Print the seconds and the ratio per person; 1 where it misses its goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledger_closing", description=__doc__)
    parser.add_argument("--people", type=int, default=2000, help="people of the large one (2000)")
    parser.add_argument("--rounds", type=int, default=3, help="closings of each (3)")
    parser.add_argument("--postgresql", nargs="?", const="", metavar="URL", help="not on SQLite")
    options = parser.parse_args()
    few, many = options.people // 10, options.people
    best = dict.fromkeys((few, many), float("inf"))
    with (
        TemporaryDirectory(prefix="niwari-bench-") as name,
        opened_engines(options.postgresql) as found,
    ):
        for _round in range(options.rounds):
            for count in (few, many):
                best[count] = min(best[count], _closing(found, Path(name), count))
    for count, seconds in best.items():
        print(f"{count:>6} people: {seconds:7.2f} s, {seconds / count * 1000:5.2f} ms each")
    ratio = best[many] / many / (best[few] / few)
    print(f"per person, {many} beside {few}: {ratio:5.2f} (goal {GOAL})")
    return 0 if ratio <= GOAL else 1


def _closing(databases: Engines, folder: Path, count: int) -> float:
    """Return the seconds of one closing in a new database."""
    file = folder / f"{count}.csv"
    file.write_bytes(people_csv([CODE], count))
    with empty(databases) as url:
        settings = settings_of_a_test(url, folder / "home")
        create_app(settings, clock=FrozenClock(NOW), plugins=[])
        with connection():
            import_file(file)
            ctx = system_context(NOW, "bench", municipality_by_code(CODE, NOW.date()))
            _agree_to_half(ctx)
            begun = clock()
            done = close(ctx, period_for(ctx.municipality, DAY))
            seconds = clock() - begun
        if (done.people, done.lapsed) != (count, count // 2):
            raise SystemExit(f"closed {done.people} people, lapsed {done.lapsed}: not {count}")
        release()
    return seconds


def _agree_to_half(ctx: Context) -> None:
    """Let every second person have an agreed request that nobody recorded."""
    posts = list(Appointment.select().order_by(Appointment.person))[::2]
    period = period_for(ctx.municipality, DAY)
    with transaction(ctx):
        for part in chunks(posts):
            Account.insert_many(
                {
                    "person": post.person_id,
                    "municipality": post.municipality_id,
                    "starts_on": period.starts_on,
                    "ends_on": period.ends_on,
                    "base": 0,
                    "cap": 0,
                    "reserved": 60,
                }
                for post in part
            ).execute()
            Request.insert_many(
                {
                    "person": post.person_id,
                    "municipality": post.municipality_id,
                    "appointment": post.id,
                    "section": post.section_id,
                    "activity": "general",
                    "purpose": "学び・相談",
                    "place": "head_office",
                    "work_date": DAY,
                    "minutes": 60,
                    "agreed_minutes": 60,
                    "state": "agreed",
                    "requested_at": NOW,
                    "form_key": "bench",
                }
                for post in part
            ).execute()
        accounts = dict(Account.select(Account.person, Account.id).tuples())
        for asked in chunks(Request.select(Request.id, Request.person).tuples()):
            JournalEntry.insert_many(
                {
                    "account": accounts[person],
                    "request": request_id,
                    "kind": "agreement",
                    "work_date": DAY,
                    "used_delta": 0,
                    "reserved_delta": 60,
                    "posted_at": NOW,
                }
                for request_id, person in asked
            ).execute()


if __name__ == "__main__":
    sys.exit(main())
