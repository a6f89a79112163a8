"""What columns hold, told from their cells; days and numbers as offices write them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from niwari.errors import Minutes
from niwari.tabular import BadCell, Column, Kind, Record, Table, day_in, infer
from niwari.tabular.values import Value, number_in, truth_of


def column(*cells: Value, name: str = "欄") -> Column:
    table = Table("", (name,), tuple(Record(at, (cell,)) for at, cell in enumerate(cells, 2)))
    (found,) = infer(table).columns
    return found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和8年11月18日", date(2026, 11, 18)),
        ("令和８年１１月１８日（水）", date(2026, 11, 18)),
        ("令和 8年 4月 1日", date(2026, 4, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("㋿元年5月1日", date(2019, 5, 1)),
        ("R8.11.18", date(2026, 11, 18)),
        ("r8/11/18", date(2026, 11, 18)),
        ("Ｒ８．４．１", date(2026, 4, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("平成33年4月1日", date(2021, 4, 1)),
        ("S64.1.7", date(1989, 1, 7)),
        ("2026/11/18", date(2026, 11, 18)),
        ("2026-11-18", date(2026, 11, 18)),
        ("2026年11月18日(水曜日)", date(2026, 11, 18)),
        ("2026/4/1 0:00", date(2026, 4, 1)),
        ("2024/2/29", date(2024, 2, 29)),
    ],
)
def test_a_day_is_read_in_either_calendar(text: str, day: date) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11月18日",
        "2026/2/29",
        "2026/13/1",
        "令和0年1月1日",
        "R8.11-18",
        "2026/4/1 9:00",
        "M1.1.1",
        "9999/1/1",
        "令和8年度",
        "R8",
        "20261118",
        "X8.1.1",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_in(text) is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("１２", 12),
        ("1,200", 1200),
        ("￥1,200", 1200),
        ("1,200円", 1200),
        ("△５", -5),
        ("▲1.5", Decimal("-1.5")),
        ("－3", -3),
        ("0", 0),
        ("0.50", Decimal("0.50")),
        (7, 7),
        (Decimal("1.5"), Decimal("1.5")),
    ],
)
def test_a_number_is_read_as_offices_write_it(value: Value, number: Any) -> None:
    assert number_in(value) == number


@pytest.mark.parametrize(
    "value",
    [
        "",
        "007",
        "0247-62-1111",
        "12,34",
        "1.2.3",
        "1e5",
        "1" * 16,
        "一",
        "12人",
        True,
        None,
        Minutes(5),
        date(2026, 1, 1),
    ],
)
def test_what_only_looks_like_a_number_is_none(value: Value) -> None:
    assert number_in(value) is None


@pytest.mark.parametrize(
    "mark", ["○", "◯", "〇", "はい", "有", "あり", "レ", "ﾚ", "✓", "true", True]
)
def test_marks_say_yes(mark: Value) -> None:
    assert truth_of(mark) is True


@pytest.mark.parametrize("mark", ["×", "✕", "いいえ", "無", "なし", "FALSE", False])
def test_marks_say_no(mark: Value) -> None:
    assert truth_of(mark) is False


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("机", "椅子", "棚"), Kind.TEXT),
        (("机", "一行目\n二行目"), Kind.LONG_TEXT),
        (("机", "あ" * 101), Kind.LONG_TEXT),
        ((1, Decimal("2.5"), None), Kind.NUMBER),
        (("１", "1,200", 3), Kind.NUMBER),
        (("007", "12"), Kind.TEXT),
        ((date(2026, 4, 1), "R8.4.1", "令和8年4月1日"), Kind.DATE),
        ((date(2026, 4, 1), "未定"), Kind.TEXT),
        ((datetime.fromisoformat("2026-04-01T09:30"),), Kind.TEXT),
        ((time(9), Minutes(5)), Kind.TEXT),
        (("○", "×", "○"), Kind.YES_NO),
        (("○", None, "レ"), Kind.YES_NO),
        (("有", "無"), Kind.YES_NO),
        ((True, False), Kind.YES_NO),
        (("○", "×", None, "○", "×"), Kind.CHOICE),
        (("総務課", "税務課", "総務課", "税務課"), Kind.CHOICE),
        (("総務課", "税務課", "総務課"), Kind.TEXT),
        (("同じ", "同じ"), Kind.TEXT),
        (tuple(f"課{n % 13}" for n in range(40)), Kind.TEXT),
        ((None, None), Kind.TEXT),
    ],
)
def test_a_column_is_what_all_of_its_cells_are(cells: tuple[Value, ...], kind: Kind) -> None:
    assert column(*cells).kind is kind


@pytest.mark.parametrize("name", ["電話", "職員番号", "郵便番号", "物品コード", "ＦＡＸ", "No."])
def test_numbers_that_name_something_are_texts(name: str) -> None:
    assert column(1001, 1002, name=name).kind is Kind.TEXT


def test_a_column_says_whether_it_is_always_filled_and_how_long_it_gets() -> None:
    found = column("机", "パイプ椅子")
    assert (found.required, found.longest, found.choices) == (True, 5, ())
    assert not column("机", None).required


def test_choices_come_most_frequent_first() -> None:
    assert column("b", "a", "a", "c", "c", "b", "b").choices == ("b", "a", "c")


def test_a_number_knows_its_digits_after_the_point() -> None:
    assert column(Decimal("1.25"), 3, "0.5").decimals == 2
    assert column(1, Decimal("3.0")).decimals == 0


def test_a_column_reads_each_cell_as_its_kind() -> None:
    assert column("R8.4.1", "R8.4.2").read("令和8年4月1日") == date(2026, 4, 1)
    assert column(1, 2).read("１，２００") == 1200
    assert column("○", None).read(None) is False
    assert column("○", "×").read("レ") is True
    assert column("机", "椅子").read(date(2026, 4, 1)) == "2026-04-01"
    assert column("机", "椅子").read(None) is None


def test_a_cell_of_another_kind_is_refused_with_what_was_given() -> None:
    for found, sentence in (
        (column(1), "数字にしてください（多数）。"),
        (column(date(2026, 4, 1)), "書いてください（多数）。"),
        (column("○"), "○ か × にしてください（多数）。"),
    ):
        with pytest.raises(BadCell) as caught:
            found.read("多数")
        assert sentence in str(caught.value)
