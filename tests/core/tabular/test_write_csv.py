"""CSV files for spreadsheets: what they show is what was written, and nothing is computed."""

import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from niwari.errors import Minutes
from niwari.tabular import read_book, write_csv
from niwari.tabular.csv_file import guarded, unguarded

SIGNS = "=+-@＝＋－＠\t\r\n"
texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(SIGNS + "'\","))
)
# What a person can write into a cell: all can be seen, nothing at the edges.
seen = (
    st.text(
        st.one_of(st.characters(categories=["L", "N", "P", "S"]), st.sampled_from(SIGNS + "', "))
    )
    .map(lambda text: text.replace("\r", "").strip(" \t\r\n\u3000"))
    .filter(lambda text: not text.startswith(("※", "＊", "注", "（", "(", "#")))
)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_excel_opens_it_by_a_double_click() -> None:
    assert write_csv(["品名", "数量"], [["机", 3]]) == (
        b"\xef\xbb\xbf" + "品名,数量\r\n机,3\r\n".encode()
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "はい"),
        (False, "いいえ"),
        (-5, "-5"),
        (Decimal("-0.50"), "-0.50"),
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (1e21, "1000000000000000000000"),
        (date(2026, 4, 1), "2026-04-01"),
        (datetime(2026, 4, 1, 15, 30, tzinfo=UTC), "2026-04-02 00:30"),
        (time(8, 30), "08:30"),
        (Minutes(1815), "30:15"),
        ("〒963-7796", "〒963-7796"),
    ],
)
def test_each_value_is_written_as_a_spreadsheet_reads_it(value: Any, shown: str) -> None:
    assert cells(write_csv(["a"], [[value]])) == [["a"], [shown]]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_text_that_would_be_computed_is_a_text(sign: str) -> None:
    formula = f"{sign}HYPERLINK(1)"
    assert cells(write_csv([formula], [[formula]])) == [[f"'{formula}"], [f"'{formula}"]]


def test_what_utf8_cannot_hold_does_not_stop_the_file() -> None:
    assert cells(write_csv(["a"], [["a\ud800b"]])) == [["a"], ["a?b"]]


@given(texts)
def test_a_guarded_text_begins_with_no_sign_and_is_given_back(text: str) -> None:
    assert not guarded(text).startswith(tuple(SIGNS))
    assert unguarded(guarded(text)) == text


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
def test_the_file_has_the_cells_that_were_written(rows: list[list[str]]) -> None:
    read = cells(write_csv(["a", "b"], rows))
    assert [[unguarded(cell) for cell in row] for row in read[1:]] == rows


@given(st.lists(st.tuples(seen.filter(bool), seen), min_size=1, max_size=5))
def test_what_we_give_out_we_read_again(rows: list[tuple[str, str]]) -> None:
    table = read_book(write_csv(["品名", "備考"], rows))
    assert [record.values for record in table.records] == [
        (name, remark or None) for name, remark in rows
    ]
