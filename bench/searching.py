"""The search for people in a large installation beside that in a small one with the same region."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from bench.importing import NOW, clock, empty, import_file, people_csv
from niwari.context import AppointmentRef, Context
from niwari.db import database, is_postgresql
from niwari.directory.models import Municipality, RegionMembership
from niwari.directory.models import Region as RegionRow
from niwari.directory.people import municipality_by_code
from niwari.directory.search.finding import search_people
from niwari.testing.engines import Engines

MEMBERS = 17
ROUNDS = 15
SEARCHES = ("高", "佐藤", "ワタナベ", "総務", "さとう 総務")


@dataclass(frozen=True)
class Region:
    """The first 17 of the municipalities ``codes``, which have ``people`` together."""

    codes: Sequence[str]
    people: int

    @property
    def own_people(self) -> int:
        """How many people the region has."""
        return self.people * MEMBERS // len(self.codes)


def compare(engines: Engines, file: Path, region: Region) -> float:
    """Compare the searches; returns the ratio of the sums of their medians."""
    small = file.with_name("region.csv")
    small.write_bytes(people_csv(region.codes[:MEMBERS], region.own_people))
    few, many = (_times(engines, one, region.codes) for one in (small, file))
    for text, one, other in zip(SEARCHES, few, many, strict=True):
        print(f"search {text!r}: {one:6.2f} ms, {other:6.2f} ms, ratio {other / one:5.2f}")
    print(f"search, {region.own_people} people  {sum(few):8.2f} ms")
    print(f"search, {region.people} people  {sum(many):8.2f} ms, ratio {sum(many) / sum(few):5.2f}")
    return sum(many) / sum(few)


def _times(engines: Engines, file: Path, codes: Sequence[str]) -> list[float]:
    with empty(engines):
        import_file(file)
        region = RegionRow.create(code="bench", name="計測").id
        towns = Municipality.select(Municipality.id).where(Municipality.code.in_(codes[:MEMBERS]))
        RegionMembership.insert_many(
            {"region": region, "municipality": town, "starts_on": date(2020, 4, 1)}
            for town in towns
        ).execute()
        if is_postgresql():
            database.execute_sql("ANALYZE")
        town = municipality_by_code(codes[0], NOW.date())
        ctx = Context(town, AppointmentRef(1, 1, "計測", 1, "課"), NOW)
        return [_milliseconds(lambda text=text: search_people(ctx, text)) for text in SEARCHES]


def _milliseconds(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(ROUNDS):
        begun = clock()
        call()
        times.append((clock() - begun) * 1000)
    return median(times)
