"""Cells of patterns.csv, and the arithmetic of times within a day."""

import pytest

from niwari.ledger.worktime import (
    DEFAULT_WEEK,
    CellError,
    CellProblem,
    Interval,
    WorkTimeError,
    format_hours,
    parse_hours,
    parse_week,
)
from niwari.ledger.worktime.intervals import cut, minutes_of

MORNING, AFTERNOON = Interval(510, 720), Interval(780, 1035)


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("08:30-12:00 13:00-17:15", (MORNING, AFTERNOON)),
        ("8:30-12:00  13:00-17:15 ", (MORNING, AFTERNOON)),
        ("13:00-17:15 08:30-12:00", (MORNING, AFTERNOON)),
        ("０８：３０－１２：００　１３：００～１７：１５", (MORNING, AFTERNOON)),
        ("8:30〜12:00 13:00 ー 17:15", (MORNING, AFTERNOON)),
        ("08:30-12:00 12:00-17:15", (MORNING, Interval(720, 1035))),
        ("00:00-24:00", (Interval(0, 1440),)),
        ("", ()),
        ("　", ()),
    ],
)
def test_a_cell_is_read(cell: str, hours: tuple[Interval, ...]) -> None:
    assert parse_hours(cell) == hours


@pytest.mark.parametrize(
    ("cell", "part", "problem"),
    [
        ("8.30-12.00", "8.30-12.00", CellProblem.FORMAT),
        ("08:30-12:00,13:00-17:15", "08:30-12:00,13:00-17:15", CellProblem.FORMAT),
        ("08:30-12:00 休", "休", CellProblem.FORMAT),
        ("08:60-12:00", "08:60-12:00", CellProblem.FORMAT),
        ("08:30", "08:30", CellProblem.FORMAT),
        ("٠٨:٣٠-١٢:٠٠", "٠٨:٣٠-١٢:٠٠", CellProblem.FORMAT),
        ("12:00-08:30", "12:00-08:30", CellProblem.END_BEFORE_START),
        ("12:00-12:00", "12:00-12:00", CellProblem.END_BEFORE_START),
        ("22:00-24:01", "22:00-24:01", CellProblem.OVER_24_HOURS),
        ("22:00-30:00", "22:00-30:00", CellProblem.OVER_24_HOURS),
        ("08:30-12:00 11:59-17:15", "11:59-17:15", CellProblem.OVERLAP),
        ("11:00-12:00 8:30-17:15", "11:00-12:00", CellProblem.OVERLAP),
    ],
)
def test_a_bad_cell_is_refused_by_name(cell: str, part: str, problem: CellProblem) -> None:
    with pytest.raises(CellError) as refused:
        parse_hours(cell)
    assert isinstance(refused.value, ValueError)
    assert (refused.value.cell, refused.value.part) == (cell, part)
    assert refused.value.problem is problem
    assert cell in str(refused.value)
    assert part in str(refused.value)


def test_hours_are_written_as_they_are_read() -> None:
    text = "00:00-06:05 08:30-12:00 22:00-24:00"
    assert format_hours(parse_hours(text)) == text
    assert format_hours(()) == ""


def test_the_default_week_is_38_hours_45_minutes() -> None:
    assert [minutes_of(hours) for hours in DEFAULT_WEEK] == [465] * 5 + [0, 0]
    assert sum(map(minutes_of, DEFAULT_WEEK)) == 38 * 60 + 45


def test_a_week_has_seven_cells() -> None:
    with pytest.raises(WorkTimeError, match="6 cells"):
        parse_week(["08:30-12:00"] * 6)


@pytest.mark.parametrize(("start", "end"), [(-1, 10), (10, 10), (10, 9), (0, 1441)])
def test_an_interval_lies_within_one_day(start: int, end: int) -> None:
    with pytest.raises(WorkTimeError, match=f"{start} to {end}"):
        Interval(start, end)


@pytest.mark.parametrize(
    ("away", "left", "taken"),
    [
        (Interval(0, 510), "08:30-12:00 13:00-17:15", ""),
        (Interval(720, 780), "08:30-12:00 13:00-17:15", ""),
        (Interval(0, 1440), "", "08:30-12:00 13:00-17:15"),
        (Interval(660, 840), "08:30-11:00 14:00-17:15", "11:00-12:00 13:00-14:00"),
        (Interval(540, 600), "08:30-09:00 10:00-12:00 13:00-17:15", "09:00-10:00"),
    ],
)
def test_a_cut_leaves_the_rest(away: Interval, left: str, taken: str) -> None:
    assert cut((MORNING, AFTERNOON), away) == (parse_hours(left), parse_hours(taken))
