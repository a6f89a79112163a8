"""Measure what a head and a person do in a full ledger: ``python -m bench.ledger_head``.

The month page of a head of 50 people (だれがいつ使うか) and that of a person (わたしの20%) in a ledger of
1,000,000 requests stand beside the same pages in one of 10,000, and giving one OK with 1,000,000
journal rows and 6,000 people beside the same with 1,000 rows in one town. What is seen is the same in
both. Of several rounds the best counts, as whatever else the machine does only ever adds. On SQLite, or
on PostgreSQL: ``--postgresql URL`` names a server by one of its databases; without a URL one is started
for the run.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bench.directory import opened_engines
from niwari.clock import FrozenClock
from niwari.db import database, is_postgresql
from niwari.db.sets import chunks
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.deciding import decisions
from niwari.ledger.models import Account, JournalEntry, Request
from niwari.ledger.plugin import activities
from niwari.testing.engines import Engines
from niwari.testing.world import KORIYAMA, SUKAGAWA, World, prepare_town

HEADS_PAGE, OWN_PAGE, ONE_OK = (
    "month page of a head of 50",
    "month page of a person",
    "giving one OK",
)
GOALS = {HEADS_PAGE: 1.5, OWN_PAGE: 1.5, ONE_OK: 1.3}
ROUNDS = 20
NOW = datetime(2026, 11, 10, tzinfo=UTC)
HEAD, STAFF, OWN = "head@koriyama", "staff@koriyama", "own0@bench"
OWN_PEOPLE, OWN_REQUESTS, TOWN_PEOPLE = 50, 200, 350
MONTH = date(2026, 11, 1)
BEFORE = date(2023, 4, 1)


@dataclass(frozen=True, slots=True)
class Size:
    """How many people, requests and journal rows a ledger has."""

    people: int
    requests: int
    journal: int


def main() -> int:
    """Print the ratios; 1 where one misses its goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledger_head", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="requests of the many (1000000)"
    )
    parser.add_argument("--people", type=int, default=6_000, help="people of the many (6000)")
    parser.add_argument("--postgresql", nargs="?", const="", metavar="URL", help="not on SQLite")
    options = parser.parse_args()
    sizes = (
        Size(TOWN_PEOPLE, max(options.rows // 100, 1_000), max(options.rows // 1_000, 1_000)),
        Size(options.people, options.rows, options.rows),
    )
    with opened_engines(options.postgresql) as engines:
        few, many = (_measured(engines, size) for size in sizes)
    misses = 0
    for name, goal in GOALS.items():
        ratio = many[name] / few[name]
        misses += ratio > goal
        print(
            f"{name:<28} {few[name]:7.2f} ms, {many[name]:7.2f} ms, "
            f"ratio {ratio:5.2f}, goal {goal}",
            flush=True,
        )
    return 1 if misses else 0


def _measured(engines: Engines, size: Size) -> dict[str, float]:
    url = engines.empty()
    prepare_town(url)
    with (
        TemporaryDirectory(prefix="niwari-bench-") as folder,
        World.open(url, FrozenClock(NOW), Path(folder), enabled=()) as world,
    ):
        begun = perf_counter()
        _fill(world, size)
        print(
            f"{size.people:,} people, {size.requests:,} requests and {size.journal:,} journal rows "
            f"written in {perf_counter() - begun:.0f} s",
            flush=True,
        )
        measured = {
            HEADS_PAGE: _best(_month_page(world)),
            OWN_PAGE: _best(_own_page(world)),
            ONE_OK: _best(_one_ok(world)),
        }
    engines.drop(url)
    return measured


def _month_page(world: World) -> Iterator[Callable[[], object]]:
    head = world.client_for(HEAD)

    def look() -> None:
        answer = head.get("/ledger/heads/month?month=2026-11")
        if answer.get_data(as_text=True).count('class="away-mark') < OWN_REQUESTS:
            raise RuntimeError("the month page is not whole")

    for _ in range(ROUNDS):
        yield look


def _own_page(world: World) -> Iterator[Callable[[], object]]:
    person = world.client_for(OWN)

    def look() -> None:
        answer = person.get("/ledger/?month=2026-11")
        if answer.get_data(as_text=True).count("学び・相談") < OWN_REQUESTS // OWN_PEOPLE:
            raise RuntimeError("the month page of the person is not whole")

    for _ in range(ROUNDS):
        yield look


def _one_ok(world: World) -> Iterator[Callable[[], object]]:
    staff, head = world.ctx_for(STAFF), world.ctx_for(HEAD)
    offered = {activity.code: activity for activity in activities()}
    for number in range(ROUNDS):
        day = date(2026, 12, 1 + number % 4)
        wish = Wish("general", "計測", "head_office", day, 1, None, None, f"wish-{number}")
        asked = requests.ask(staff, wish, offered).id
        yield lambda asked=asked: decisions.agree(head, asked, key=f"ok-{asked}")


def _best(rounds: Iterable[Callable[[], object]]) -> float:
    times = []
    for act in rounds:
        begun = perf_counter()
        act()
        times.append((perf_counter() - begun) * 1000)
    return min(times)


def _fill(world: World, size: Size) -> None:
    """Fill the town of the head to its size, the town beside it with the rest, and the ledger."""
    here = world.ctx_for(HEAD)
    town = here.municipality.id
    beside = Municipality.get(Municipality.code == SUKAGAWA).id
    own_section = here.acting.section_id
    own = _people(town, [own_section], OWN_PEOPLE, "own")
    others = _people(town, _sections(town, 6), TOWN_PEOPLE - OWN_PEOPLE, KORIYAMA)
    rest = max(size.people - TOWN_PEOPLE, 0)
    others += _people(beside, _sections(beside, rest // 50 + 1), rest, SUKAGAWA)
    _insert(Request, _own_requests(own, town, own_section))
    everybody = own + others
    _insert(Request, islice(_requests(everybody), size.requests - OWN_REQUESTS))
    _insert(Account, (_account(one) for one in everybody))
    accounts = [row[0] for row in Account.select(Account.id).tuples()]
    recorded = [row[0] for row in Request.select(Request.id).limit(size.journal).tuples()]
    _insert(JournalEntry, _entries(accounts, recorded))
    if is_postgresql():
        database.execute_sql("COMMIT") if database.in_transaction() else None
    database.execute_sql("ANALYZE")


def _sections(town: int, number: int) -> list[int]:
    names = [f"計測{n}課" for n in range(number)]
    return [Section.create(municipality=town, name=name, path=name).id for name in names]


def _people(town: int, sections: list[int], number: int, prefix: str) -> list[Any]:
    """Appoint people to the sections in turn; returns their appointments."""
    names = [f"{prefix}{n}@bench" for n in range(number)]
    _insert(Person, ({"login": name, "name": "職員", "kana": "ショクイン"} for name in names))
    people = dict(
        Person.select(Person.login, Person.id).where(Person.login.contains(prefix)).tuples()
    )
    _insert(
        Appointment,
        (
            {
                "person": people[name],
                "municipality": town,
                "section": section,
                "employment": "full_time",
                "starts_on": BEFORE,
                "is_main": True,
            }
            for name, section in zip(names, cycle(sections), strict=False)
        ),
    )
    wanted = Appointment.person.in_([people[name] for name in names[:500]])
    if number > 500:
        wanted = (Appointment.municipality == town) & Appointment.section.in_(sections)
    return list(Appointment.select().where(wanted & Appointment.section.in_(sections)))


def _own_requests(own: list[Any], town: int, section: int) -> Iterator[dict[str, Any]]:
    for number in range(OWN_REQUESTS):
        day = MONTH + timedelta(days=number % 28)
        yield _request(own[number % len(own)], day, number, town, section)


def _requests(everybody: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield requests of all in turn, each on a day of the three years before the month."""
    for number, one in enumerate(cycle(everybody)):
        day = BEFORE + timedelta(days=number * 7 % 1300)
        yield _request(one, day, number, one.municipality_id, one.section_id)


def _request(one: Any, day: date, number: int, town: int, section: int) -> dict[str, Any]:
    return {
        "appointment": one.id,
        "person": one.person_id,
        "municipality": town,
        "section": section,
        "activity": "general",
        "purpose": "学び・相談",
        "place": "head_office",
        "work_date": day,
        "minutes": 60,
        "agreed_minutes": 60,
        "state": "recorded",
        "requested_at": NOW,
        "form_key": f"{day}-{number}",
        "decided_at": NOW,
    }


def _account(one: Any) -> dict[str, Any]:
    return {
        "person": one.person_id,
        "municipality": one.municipality_id,
        "starts_on": date(2026, 10, 1),
        "ends_on": date(2026, 10, 31),
        "base": 9_765,
        "cap": 1_953,
    }


def _entries(accounts: list[int], recorded: list[int]) -> Iterator[dict[str, Any]]:
    for account, request in zip(cycle(accounts), recorded, strict=False):
        yield {
            "account": account,
            "request": request,
            "kind": "record",
            "work_date": date(2026, 10, 1),
            "minutes": 1,
            "used_delta": 1,
            "reserved_delta": 0,
            "posted_at": NOW,
        }


def _insert(model: Any, values: Iterable[dict[str, Any]]) -> None:
    """Write rows in sets, with the model's defaults for what is not given."""
    fields = [f for f in model._meta.sorted_fields if f.name != "id"]
    names = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join(["%s" if is_postgresql() else "?"] * len(fields))
    text = f'INSERT INTO "{model._meta.table_name}" ({names}) VALUES ({marks})'  # noqa: S608 - constants
    with database.atomic():
        cursor = database.cursor()
        for some in chunks(iter(values)):
            cursor.executemany(
                text,
                [tuple(f.db_value(row.get(f.name, f.default)) for f in fields) for row in some],
            )


if __name__ == "__main__":
    sys.exit(main())
