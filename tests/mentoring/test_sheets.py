"""Practice sheets: one of each town and template, side by side and as a file; who may, what is refused."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from niwari.api import NotChosen, NotFound, TooLong
from niwari_mentoring.errors import ChangedMeanwhile, NothingFilled
from niwari_mentoring.models import Sheet
from niwari_mentoring.practices import TEMPLATES
from niwari_mentoring.service import sheets

from .conftest import COLLEAGUE, FAR, NEIGHBOUR, STAFF, Send, page_of

PRACTICE = "/mentoring/practices/inquiries"
Fill = Callable[..., int]


@pytest.fixture
def fill(ctx_for: Any) -> Fill:
    """Fill in the sheet of a person's town; returns its id."""

    def do(
        login: str, deadline: str, *, audience: str = "region", base: int = 0, **more: str
    ) -> int:
        words = {"deadline": deadline, **more}
        return sheets.fill(ctx_for(login), "inquiries", words, audience=audience, base=base)

    return do


def test_three_towns_stand_side_by_side_the_own_one_first(client_for: Any, fill: Fill) -> None:
    fill(NEIGHBOUR, "黒板に書きます")
    fill(FAR, "予定表に入れます")
    fill(STAFF, "一覧に書きます", audience="municipality")
    page = page_of(client_for(STAFF), PRACTICE)
    places = [
        page.index(words) for words in ("一覧に書きます", "黒板に書きます", "予定表に入れます")
    ]
    assert places == sorted(places)
    neighbour = page_of(client_for(NEIGHBOUR), PRACTICE)
    assert "一覧に書きます" not in neighbour
    assert "3市町村" in page_of(client_for(STAFF), "/mentoring/practices")


def test_the_file_opens_in_excel_and_computes_nothing(client_for: Any, fill: Fill) -> None:
    fill(NEIGHBOUR, "=1+1", arrival="受付簿\n二行目")
    fill(FAR, '予定表、"月曜"')
    answer = client_for(STAFF).get(f"{PRACTICE}/comparison.csv")
    assert answer.mimetype == "text/csv"
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert rows[0] == ["市町村", *(item.label.ja for item in TEMPLATES[0].items)]
    assert [row[0] for row in rows[1:]] == ["須賀川市", "三春町"]
    assert rows[1][1] == "受付簿\n二行目"
    assert rows[1][3] == "'=1+1"
    assert rows[2][3] == '予定表、"月曜"'


def test_towns_that_have_it_off_or_withdrew_are_not_compared(
    world: Any, ctx_for: Any, fill: Fill
) -> None:
    sheet = fill(NEIGHBOUR, "黒板に書きます")
    world.switch("072079", "mentoring", on=False)
    assert sheets.compare(ctx_for(STAFF), "inquiries")[1] == []
    assert sheets.get_sheet(ctx_for(STAFF), sheet)[1].municipality == "須賀川市"


def test_a_town_has_one_sheet_which_its_people_write_together(
    client_for: Any, send: Send, fill: Fill
) -> None:
    first = fill(STAFF, "一覧に書きます")
    client = client_for(COLLEAGUE)
    answer = send(client, f"{PRACTICE}/fill", deadline="前日に声をかけます", audience="region")
    assert answer.status_code == 303
    row = Sheet.get()
    assert (row.id, row.version) == (first, 2)
    assert sheets.words_of(row.content) == {"deadline": "前日に声をかけます"}


def test_of_two_who_write_at_once_the_second_sees_both(client_for: Any, fill: Fill) -> None:
    fill(STAFF, "一覧に書きます")
    fill(COLLEAGUE, "先に直しました", base=1)
    answer = client_for(STAFF).submit(
        f"{PRACTICE}/fill", {"deadline": "後から書きました", "audience": "region", "base": "1"}
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "先に直しました" in text
    assert "後から書きました" in text
    assert sheets.words_of(Sheet.get().content) == {"deadline": "先に直しました"}
    with pytest.raises(ChangedMeanwhile):
        fill(STAFF, "もう一度", base=1)


def test_the_same_sheet_again_is_no_version(fill: Fill) -> None:
    assert fill(STAFF, "一覧に書きます") == fill(STAFF, "一覧に書きます")
    assert Sheet.get().version == 1


def test_what_is_wrong_is_said(ctx_for: Any, fill: Fill) -> None:
    for refusal, words in (
        (NothingFilled, {"deadline": " "}),
        (TooLong, {"deadline": "あ" * 2001}),
    ):
        with pytest.raises(refusal):
            fill(STAFF, **words)
    with pytest.raises(NotChosen):
        fill(STAFF, "一覧", audience="section")
    with pytest.raises(NotFound):
        sheets.fill(ctx_for(STAFF), "unknown", {"a": "b"}, audience="region", base=0)
    assert not Sheet.select().exists()
