"""How amounts and times are written in both languages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from niwari.app import load_host
from niwari.clock import TOKYO, FrozenClock
from niwari.web.formatting import install_formatting
from niwari.web.languages import install_languages


@pytest.fixture(scope="module")
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO))


@pytest.fixture(scope="module")
def app(clock: FrozenClock) -> Flask:
    app = Flask("niwari.web")
    install_languages(app, load_host(()))
    install_formatting(app, clock)
    return app


@pytest.fixture(params=["ja", "en"])
def locale(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language in turn, as the reader's cookie says."""
    with app.test_request_context(headers={"Cookie": f"niwari_locale={request.param}"}):
        yield request.param


def written(app: Flask, name: str, value: Any) -> str:
    return str(app.jinja_env.filters[name](value))


def tokyo(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


MINUTES = [
    (0, "0分", "0 min"),
    (1, "1分", "1 min"),
    (59, "59分", "59 min"),
    (60, "1時間", "1 h"),
    (61, "1時間1分", "1 h 1 min"),
    (90, "1時間30分", "1 h 30 min"),
    (1860, "31時間", "31 h"),
    (60_000, "1,000時間", "1,000 h"),
    (-90, "−1時間30分", "−1 h 30 min"),
    (-1, "−1分", "−1 min"),
]


@pytest.mark.parametrize(("amount", "ja", "en"), MINUTES)
def test_minutes_are_written_as_hours_and_minutes_never_with_a_colon(
    app: Flask, locale: str, amount: int, ja: str, en: str
) -> None:
    assert written(app, "minutes", amount) == {"ja": ja, "en": en}[locale]


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (date(2026, 11, 18), "11月18日（水）", "Wed 18 Nov"),
        (date(2027, 1, 3), "1月3日（日）", "Sun 3 Jan"),
        (date(2028, 2, 29), "2月29日（火）", "Tue 29 Feb"),
    ],
)
def test_a_day_is_written_with_its_weekday(
    app: Flask, locale: str, value: date, ja: str, en: str
) -> None:
    assert written(app, "day", value) == {"ja": ja, "en": en}[locale]


def test_a_day_with_its_year(app: Flask, locale: str) -> None:
    said = app.jinja_env.filters["day"](date(2026, 11, 18), year=True)
    assert said == {"ja": "2026年11月18日（水）", "en": "Wed 18 Nov 2026"}[locale]


def test_a_month_with_and_without_its_year(app: Flask, locale: str) -> None:
    november = date(2026, 11, 18)
    assert written(app, "month", november) == {"ja": "2026年11月", "en": "Nov 2026"}[locale]
    assert written(app, "month_name", november) == {"ja": "11月", "en": "November"}[locale]


@pytest.mark.parametrize(
    ("instant", "ja", "en"),
    [
        (tokyo(18, 15), "11月18日（水）15:00", "Wed 18 Nov 15:00"),
        (tokyo(18, 8, 5), "11月18日（水）8:05", "Wed 18 Nov 8:05"),
        (tokyo(18), "11月18日（水）0:00", "Wed 18 Nov 0:00"),
        (datetime(2026, 11, 17, 15, 0, tzinfo=UTC), "11月18日（水）0:00", "Wed 18 Nov 0:00"),
        (datetime(2026, 11, 17, 14, 59, tzinfo=UTC), "11月17日（火）23:59", "Tue 17 Nov 23:59"),
    ],
)
def test_a_moment_is_written_in_tokyos_time(
    app: Flask, locale: str, instant: datetime, ja: str, en: str
) -> None:
    assert written(app, "moment", instant) == {"ja": ja, "en": en}[locale]


@pytest.mark.parametrize(
    ("instant", "ja", "en"),
    [
        (tokyo(18, 17, 15), "11月18日（水）17:15", "Wed 18 Nov 17:15"),
        (tokyo(18), "11月17日（火）", "Tue 17 Nov"),
        (tokyo(18, 0, 1), "11月18日（水）0:01", "Wed 18 Nov 0:01"),
        (datetime(2026, 11, 30, 15, tzinfo=UTC), "11月30日（月）", "Mon 30 Nov"),
    ],
)
def test_a_deadline_at_the_end_of_a_day_is_that_day(
    app: Flask, locale: str, instant: datetime, ja: str, en: str
) -> None:
    assert written(app, "deadline", instant) == {"ja": ja, "en": en}[locale]


def test_times_for_machines_are_the_same_in_both_languages(app: Flask, locale: str) -> None:
    assert written(app, "iso", date(2026, 11, 18)) == "2026-11-18"
    utc = datetime(2026, 11, 18, 0, 30, 59, 999, tzinfo=UTC)
    assert written(app, "iso", utc) == "2026-11-18T09:30+09:00"
    assert written(app, "clock_time", utc) == "9:30"


AGO = [
    (timedelta(0), "たった今", "Just now"),
    (timedelta(seconds=59), "たった今", "Just now"),
    (timedelta(minutes=1), "1分前", "1 minute ago"),
    (timedelta(minutes=59, seconds=59), "59分前", "59 minutes ago"),
    (timedelta(hours=1), "1時間前", "1 hour ago"),
    (timedelta(hours=9), "9時間前", "9 hours ago"),
    (timedelta(hours=9, seconds=1), "昨日", "Yesterday"),
    (timedelta(hours=33), "昨日", "Yesterday"),
    (timedelta(hours=33, seconds=1), "2日前", "2 days ago"),
    (timedelta(days=6), "6日前", "6 days ago"),
    (timedelta(days=7), "11月3日（火）", "Tue 3 Nov"),
]


@pytest.mark.parametrize(("passed", "ja", "en"), AGO)
def test_what_passed_is_told_in_words_by_tokyos_days(
    app: Flask, clock: FrozenClock, locale: str, passed: timedelta, ja: str, en: str
) -> None:
    assert written(app, "ago", clock() - passed) == {"ja": ja, "en": en}[locale]


def test_shortly_after_midnight_minutes_count_and_not_the_day(app: Flask, locale: str) -> None:
    midnight = FrozenClock(tokyo(10, 0, 10))
    other = Flask("niwari.web")
    install_languages(other, load_host(()))
    install_formatting(other, midnight)
    with other.test_request_context(headers={"Cookie": f"niwari_locale={locale}"}):
        said = written(other, "ago", tokyo(9, 23, 50))
    assert said == {"ja": "20分前", "en": "20 minutes ago"}[locale]
