"""Portions of a large file: towns stay whole, and together where people join them."""

import tracemalloc
from datetime import date

import pytest

from niwari.directory.importing.lines import PersonLine
from niwari.directory.importing.portions import PORTION, portions


def line(number: int, town: str, login: str, head: str = "") -> PersonLine:
    """A line of a town."""
    start = date(2026, 4, 1)
    return PersonLine(number, town, login, "名", "ナ", "", "課", head, "full_time", start, None)


def lines(town: str, begin: int, count: int) -> list[PersonLine]:
    """Lines of different people of a town."""
    return [line(n, town, f"n{n}@{town}") for n in range(begin, begin + count)]


def test_each_line_stands_in_one_portion_and_towns_stay_whole() -> None:
    given = lines("b", 2, PORTION + 1) + lines("a", PORTION + 3, 10) + lines("c", 90_000, PORTION)
    found = list(portions(given))
    assert sorted(one.number for portion in found for one in portion) == [
        one.number for one in given
    ]
    assert [{one.municipality for one in portion} for portion in found] == [{"a", "b"}, {"c"}]
    assert all(portion == sorted(portion, key=lambda one: one.number) for portion in found)


def test_towns_that_name_the_same_person_are_in_one_portion() -> None:
    given = [
        *lines("a", 2, PORTION),
        *lines("b", 10_000, PORTION),
        line(50_000, "c", "n2@a"),
        line(50_001, "c", "x@c", head="n10000@b"),
    ]
    (only,) = portions(given)
    assert len(only) == len(given)


def test_memory_holds_some_bytes_of_each_line_and_never_the_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("niwari.directory.importing.portions.PORTION", 200)

    def peak(count: int) -> int:
        given = (line(n, f"t{n // 50}", f"n{n}@t", head=f"n{n // 10 * 10}@t") for n in range(count))
        tracemalloc.start()
        try:
            assert sum(len(portion) for portion in portions(given)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1_000)
    few, many = peak(1_000), peak(9_000)
    # A line takes some 700.
    assert (many - few) / 8_000 < 100


def test_lines_of_scattered_towns_come_together_again(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [line(n, f"t{n % 7}", f"n{n}@t{n % 7}") for n in range(100)]
    monkeypatch.setattr("niwari.directory.importing.portions.PORTION", 9)
    found = list(portions(iter(given)))
    assert sorted(one for portion in found for one in portion) == given
    assert [[one.municipality for one in portion] for portion in found] == [
        [f"t{town}"] * len(range(town, 100, 7)) for town in range(7)
    ]
