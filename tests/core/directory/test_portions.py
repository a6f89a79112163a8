"""Portions of a large file: towns stay whole, and together where people join them."""

from datetime import date

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
