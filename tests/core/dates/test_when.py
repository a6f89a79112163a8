"""What can be said of when something happens, and what is refused with a sentence."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from niwari.specs.contributions import BadDates, Repeats, When, when_of

DAY = date(2026, 6, 1)
INSTANT = datetime(2026, 6, 1, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA;WKST=SU",
        "FREQ=MONTHLY;BYDAY=3WE",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=1TU,3TU",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=4,10;BYDAY=2MO",
    ],
)
def test_a_rule_that_surely_recurs_is_taken(rule: str) -> None:
    assert When(
        DAY, repeats=Repeats(rule, date(2031, 6, 1) if "YEARLY" in rule else date(2027, 6, 1))
    )


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", "毎日・毎週"),
        ("every Wednesday", "毎日・毎週"),
        ("FREQ=SECONDLY", "毎日・毎週"),
        ("FREQ=MINUTELY;INTERVAL=5", "毎日・毎週"),
        ("FREQ=HOURLY", "毎日・毎週"),
        ("FREQ=DAILY;COUNT=10", "いつまで"),
        ("FREQ=DAILY;UNTIL=20270101", "いつまで"),
        ("FREQ=DAILY;INTERVAL=0", "間隔"),
        ("FREQ=YEARLY;INTERVAL=2", "間隔"),
        ("FREQ=MONTHLY;INTERVAL=99", "間隔"),
        ("FREQ=DAILY;INTERVAL=-1", "使えません"),
        ("FREQ=DAILY;FREQ=WEEKLY", "使えません"),
        ("FREQ=DAILY;BYHOUR=9", "使えません"),
        ("FREQ=DAILY;BYSETPOS=2", "使えません"),
        ("FREQ=WEEKLY;BYDAY=3WE", "使えません"),
        ("FREQ=MONTHLY;BYDAY=WE", "使えません"),
        ("FREQ=MONTHLY;BYDAY=6WE", "使えません"),
        ("FREQ=MONTHLY;BYDAY=WE;BYSETPOS=9", "使えません"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "使えません"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "使えません"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "使えません"),
        ("FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1", "使えません"),
        ("FREQ=YEARLY;BYMONTH=2", "使えません"),
        ("FREQ=MONTHLY;BYDAY=3WE\nRDATE:20270101", "使えません"),
        ("FREQ=MONTHLY;BYMONTHDAY=３", "使えません"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 50), "使えません"),
    ],
)
def test_another_rule_is_refused_with_a_sentence(rule: str, says: str) -> None:
    with pytest.raises(BadDates, match=says) as refused:
        Repeats(rule, DAY)

    assert refused.value.field in {"rule", "until"}
    assert refused.value.status == 422


@pytest.mark.parametrize("until", [None, "2027-01-01", INSTANT])
def test_a_recurrence_needs_a_day_on_which_it_ends(until: Any) -> None:
    with pytest.raises(BadDates, match="いつまで") as refused:
        Repeats("FREQ=DAILY", until)

    assert refused.value.field == "until"


@pytest.mark.parametrize(
    ("rule", "until", "says"),
    [
        ("FREQ=DAILY", date(2026, 5, 31), "始まりより後"),
        ("FREQ=YEARLY", date(2032, 6, 1), "5年以内"),
        ("FREQ=DAILY", date(2028, 6, 1), "500回まで"),
        ("FREQ=MONTHLY;BYDAY=3WE", date(2026, 6, 16), "1回もありません"),
    ],
)
def test_a_recurrence_is_bounded_and_happens_at_least_once(
    rule: str, until: date, says: str
) -> None:
    with pytest.raises(BadDates, match=says) as refused:
        When(DAY, repeats=Repeats(rule, until))

    assert refused.value.field == "until"


def test_what_becomes_of_a_holiday_is_one_of_five() -> None:
    with pytest.raises(BadDates, match="閉庁日"):
        Repeats("FREQ=DAILY", DAY, "sometimes")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((datetime(2026, 6, 1, 9),), "時差"),  # noqa: DTZ001
        ((INSTANT, datetime(2026, 6, 1, 15)), "時差"),  # noqa: DTZ001
        ((INSTANT, date(2026, 6, 2)), "両方"),
        ((DAY, INSTANT), "両方"),
        ((INSTANT, INSTANT), "より後"),
        ((INSTANT, INSTANT - timedelta(hours=1)), "より後"),
        ((DAY, date(2026, 5, 31)), "より後"),
        ((DAY, date(2028, 5, 31)), "366日以内"),
        ((None,), "日付を指定"),
        (("2026-06-01",), "日付を指定"),
        ((date(9999, 12, 31),), "2098年まで"),
        ((date(1, 1, 1),), "1950年から"),
        ((datetime.min.replace(tzinfo=UTC),), "1950年から"),
        ((datetime.max.replace(tzinfo=UTC),), "2098年まで"),
        ((DAY, None, "あ" * 201), "200文字"),
        ((DAY, None, "会議室\n2"), "1行"),
        ((DAY, None, "会議室\u202e2"), "1行"),
    ],
)
def test_a_day_or_time_that_cannot_be_is_refused_with_a_sentence(
    values: tuple[Any, ...], says: str
) -> None:
    with pytest.raises(BadDates, match=says):
        When(*values)


def test_each_time_of_a_series_lasts_a_month_at_most() -> None:
    with pytest.raises(BadDates, match="31日以内"):
        When(DAY, date(2026, 8, 1), repeats=Repeats("FREQ=MONTHLY", date(2027, 6, 1)))


def test_a_day_or_an_instant_alone_is_a_start() -> None:
    assert when_of(None) is None
    assert when_of(DAY) == When(DAY)
    assert when_of(INSTANT) == When(INSTANT)
    assert when_of(When(DAY, place="中央公民館")) == When(DAY, place="中央公民館")
    with pytest.raises(BadDates):
        when_of("2026-06-01")
