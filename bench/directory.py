"""Measure the import of people and the search for them: ``python -m bench.directory``.

The import stands beside bare ``executemany`` inserts of the same rows into an equal database, in the
same minute. The search in an installation with all municipalities stands beside the same search in one
with a hundredth of the people, whose region is the same. On SQLite, or on the database that
``--postgresql URL`` names: an empty one, which is filled and left so.
"""

import argparse
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from niwari.clock import TOKYO
from niwari.context import AppointmentRef, Context
from niwari.db import connection, database, is_postgresql, open_database, transaction
from niwari.directory.codes import is_municipality, reference
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.models import (
    Appointment,
    Headship,
    Municipality,
    Person,
    Region,
    RegionMembership,
    Section,
)
from niwari.directory.people import municipality_by_code
from niwari.directory.search.finding import search_people
from niwari.directory.search.models import PersonText
from niwari.directory.system import system_context
from niwari.testing.world import prepare_tables

NOW = datetime(2026, 11, 10, 9, tzinfo=TOKYO)
TABLES: tuple[Any, ...] = (Municipality, Section, Person, Appointment, Headship, PersonText)
REGION = 17
ROUNDS = 15
SEARCHES = ("高", "佐藤", "ワタナベ", "総務", "さとう 総務")
_FAMILIES = (("髙橋", "タカハシ"), ("佐藤", "サトウ"), ("渡邉", "ワタナベ"), ("鈴木", "スズキ"))
_GIVEN = (("花子", "ハナコ"), ("太郎", "タロウ"), ("一", "ハジメ"), ("恵", "メグミ"))


def main() -> int:
    """Print the ratios; 1 where one misses its goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.directory", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000, help="people of the import (20000)")
    parser.add_argument("--postgresql", default="", help="the URL of an empty database")
    options = parser.parse_args()
    codes = [code for code, known in reference().items() if is_municipality(known.kind)]
    with TemporaryDirectory(prefix="niwari-bench-") as folder:
        urls = [f"sqlite:///{folder}/{name}.db" for name in ("large", "bare", "small")]
        data = people_csv(codes, options.people)
        large = options.postgresql or urls[0]
        with opened(large):
            imported, rows = _import(data)
            if options.postgresql:
                bare = _bare_beside(rows)
        if not options.postgresql:
            with opened(urls[1]):
                bare = _bare(rows)
        print(f"{options.people} people in {len(codes)} municipalities")
        print(f"bare inserts of the same rows {bare:8.2f} s")
        print(f"import                        {imported:8.2f} s  speed {bare / imported:5.2f}")
        print(f"highest use of memory         {_megabytes():8.0f} MB")
        ratio = 0.0
        if not options.postgresql:
            ratio = _searches(urls[0], urls[2], codes, options.people)
    return 0 if bare / imported >= 0.5 and ratio <= 2 else 1


def people_csv(codes: list[str], count: int) -> bytes:
    """Return a file of ``count`` people, spread evenly over the municipalities, with heads."""
    lines = [",".join(COLUMNS)]
    for town, code in enumerate(codes):
        own = count // len(codes) + (town < count % len(codes))
        for n in range(own):
            family, given = _FAMILIES[n % 4], _GIVEN[n // 4 % 4]
            place = f"総務部/第{n // 20}課"
            lines.append(
                f"{code},p{n}@t{town},{family[0]} {given[0]},{family[1]} {given[1]},,{place},"
                f"p{n // 20 * 20}@t{town},full_time,2026-04-01,"
            )
    return "\n".join(lines).encode()


@contextmanager
def opened(url: str) -> Iterator[None]:
    """Make the tables at ``url`` and hold its connection for the block."""
    prepare_tables(url)
    open_database(url)
    with connection():
        yield


def _import(data: bytes) -> tuple[float, dict[Any, list[tuple[Any, ...]]]]:
    """Import the file; returns the seconds, and the rows that it made, by table."""
    begun = _clock()
    import_people(system_context(NOW, "bench"), data, new_municipalities=True)
    seconds = _clock() - begun
    fields = {model: model._meta.sorted_fields for model in TABLES}
    return seconds, {model: list(model.select(*fields[model]).tuples()) for model in TABLES}


def _bare(rows: dict[Any, list[tuple[Any, ...]]]) -> float:
    """Insert the rows the plain way, in one transaction; returns the seconds."""
    begun = _clock()
    mark = "%s" if is_postgresql() else "?"
    with transaction(system_context(NOW, "bench")):
        cursor = database.cursor()
        for model, values in rows.items():
            names = ", ".join(f'"{field.column_name}"' for field in model._meta.sorted_fields)
            marks = ", ".join([mark] * len(model._meta.sorted_fields))
            text = f'INSERT INTO "{model._meta.table_name}" ({names}) VALUES ({marks})'  # noqa: S608
            cursor.executemany(text, values)
    return _clock() - begun


def _bare_beside(rows: dict[Any, list[tuple[Any, ...]]]) -> float:
    """Insert the rows into the same database, after it was emptied."""
    tables = ", ".join(f'"{model._meta.table_name}"' for model in TABLES)
    database.execute_sql(f"TRUNCATE {tables} CASCADE")
    return _bare(rows)


def _clock() -> float:
    """Return processor time on SQLite, which other work does not change; else that on the wall."""
    return perf_counter() if is_postgresql() else process_time()


def _searches(large: str, small: str, codes: list[str], count: int) -> float:
    """Compare the searches; returns the ratio of the sums of their medians."""
    with opened(small):
        import_people(
            system_context(NOW, "bench"),
            people_csv(codes[:REGION], count * REGION // len(codes)),
            new_municipalities=True,
        )
        few = _search_times(codes)
    open_database(large)
    with connection():
        many = _search_times(codes)
    print(f"search, {count * REGION // len(codes)} people      {sum(few):8.2f} ms")
    print(f"search, {count} people     {sum(many):8.2f} ms  ratio {sum(many) / sum(few):5.2f}")
    return sum(many) / sum(few)


def _search_times(codes: list[str]) -> list[float]:
    region = Region.create(code="bench", name="計測").id
    towns = Municipality.select(Municipality.id).where(Municipality.code.in_(codes[:REGION]))
    RegionMembership.insert_many(
        {"region": region, "municipality": town, "starts_on": date(2020, 4, 1)} for town in towns
    ).execute()
    town = municipality_by_code(codes[0], NOW.date())
    ctx = Context(town, AppointmentRef(1, 1, "計測", 1, "課"), NOW)
    return [_milliseconds(lambda text=text: search_people(ctx, text)) for text in SEARCHES]


def _milliseconds(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(ROUNDS):
        begun = _clock()
        call()
        times.append((_clock() - begun) * 1000)
    return median(times)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
