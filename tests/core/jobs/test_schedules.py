"""When a job is due: in Tokyo time, the last time before now and the next one after."""

from datetime import datetime

import pytest

from niwari.clock import TOKYO
from niwari.specs.contributions import (
    BadContribution,
    Daily,
    Every,
    Job,
    Label,
    Monthly,
    Schedule,
    Task,
    Weekly,
)

LABEL = Label("試す", "Try")


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("schedule", "now", "latest", "following"),
    [
        (Every(5), "2026-11-10T09:04:59", "2026-11-10T09:00", "2026-11-10T09:05"),
        (Every(5), "2026-11-10T09:05:00", "2026-11-10T09:05", "2026-11-10T09:10"),
        (Every(360), "2026-11-10T17:59", "2026-11-10T12:00", "2026-11-10T18:00"),
        (Every(1440), "2026-11-10T00:00", "2026-11-10T00:00", "2026-11-11T00:00"),
        (Daily("07:30"), "2026-11-10T07:29:59", "2026-11-09T07:30", "2026-11-10T07:30"),
        (Daily("07:30"), "2026-11-10T07:30:00", "2026-11-10T07:30", "2026-11-11T07:30"),
        (Daily("00:10"), "2027-01-01T00:05", "2026-12-31T00:10", "2027-01-01T00:10"),
        (Weekly("mon", "08:00"), "2026-11-10T09:00", "2026-11-09T08:00", "2026-11-16T08:00"),
        (Weekly("tue", "10:00"), "2026-11-10T09:00", "2026-11-03T10:00", "2026-11-10T10:00"),
        (Monthly(1, "06:00"), "2026-11-10T09:00", "2026-11-01T06:00", "2026-12-01T06:00"),
        (Monthly(31, "06:00"), "2027-02-28T06:00", "2027-02-28T06:00", "2027-03-31T06:00"),
        (Monthly(31, "06:00"), "2027-02-28T05:59", "2027-01-31T06:00", "2027-02-28T06:00"),
        (Monthly(30, "06:00"), "2028-02-29T23:00", "2028-02-29T06:00", "2028-03-30T06:00"),
        (Monthly(10, "10:00"), "2026-11-10T09:00", "2026-10-10T10:00", "2026-11-10T10:00"),
    ],
)
def test_a_schedule_knows_its_last_and_its_next_time(
    schedule: Schedule, now: str, latest: str, following: str
) -> None:
    assert schedule.latest(tokyo(now)) == tokyo(latest)
    assert schedule.following(tokyo(now)) == tokyo(following)


@pytest.mark.parametrize("minutes", [0, -5, 7, 1441, 2880, True, 5.0, "5"])
def test_an_interval_that_does_not_divide_the_day_is_refused(minutes: int) -> None:
    with pytest.raises(BadContribution, match="divide a day"):
        Every(minutes)


@pytest.mark.parametrize("at", ["7:30", "24:00", "07:60", "0730", "", "07:30:00", "０７:３０"])
def test_a_time_of_day_that_is_none_is_refused(at: str) -> None:
    with pytest.raises(BadContribution, match="give the time like '07:30'"):
        Daily(at)


def test_days_that_are_none_are_refused() -> None:
    with pytest.raises(BadContribution, match="name the day as one of mon, tue"):
        Weekly("monday", "07:30")  # type: ignore[arg-type]
    for day in (0, 32, True):
        with pytest.raises(BadContribution, match="1 to 31"):
            Monthly(day, "07:30")


@pytest.mark.parametrize("name", ["brew", "Tea.brew", "tea.", "tea brew", "", "tea.お茶"])
def test_a_name_without_its_plugin_is_refused(name: str) -> None:
    with pytest.raises(BadContribution, match=r"name it like 'tea\.brew'"):
        Job(name, print, Every(5), LABEL)
    with pytest.raises(BadContribution, match=r"name it like 'tea\.brew'"):
        Task(name, print, LABEL)


def test_a_name_that_is_too_long_and_what_cannot_be_called_are_refused() -> None:
    with pytest.raises(BadContribution, match="60 characters at the most"):
        Task("tea." + "x" * 57, print, LABEL)
    with pytest.raises(BadContribution, match="run must be a function"):
        Task("tea.brew", None, LABEL)  # type: ignore[arg-type]
    with pytest.raises(BadContribution, match="schedule must be Every, Daily, Weekly or Monthly"):
        Job("tea.brew", print, "07:30", LABEL)  # type: ignore[arg-type]
