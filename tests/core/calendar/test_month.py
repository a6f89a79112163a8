"""The pages of the calendar: the month, the week, what they are narrowed to, and whose days they show."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from niwari.calendar.reading import Wanted, calendar_between
from niwari.db.counting import QueryLog
from niwari.testing.world import KORIYAMA, SUKAGAWA, World

OpenDesk = Callable[..., int]
Queries = Callable[[], AbstractContextManager[QueryLog]]
OWNER, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"
MONTHLY = "FREQ=MONTHLY;BYDAY=3WE"


def _text(world: World, login: str, address: str) -> str:
    answer = world.client_for(login).get(address)
    assert answer.status_code == 200
    text: str = answer.get_data(as_text=True)
    return text


@pytest.mark.parametrize(
    ("month", "day"),
    [("2026-11", "11月18日"), ("2026-12", "12月16日"), ("2027-01", "1月20日")],
)
def test_a_monthly_desk_stands_in_each_month(
    desks: World, open_desk: OpenDesk, month: str, day: str
) -> None:
    open_desk(rule=MONTHLY, until=date(2027, 1, 31))

    text = _text(desks, OWNER, f"/calendar/?month={month}")

    assert text.count("13:30 相談の日") == 1
    assert text.index(day) < text.index("13:30 相談の日")


def test_a_week_is_a_list_with_time_place_and_town(desks: World, open_desk: OpenDesk) -> None:
    desk = open_desk()

    text = _text(desks, NEIGHBOUR, "/calendar/week?day=2026-11-18")

    assert "13:30–14:30" in text
    assert "相談室2" in text
    assert "郡山市" in text.partition("11月18日")[2]
    assert f'href="/desk/{desk}"' in text


def test_a_row_whose_place_is_hidden_tells_no_town_and_no_filter_does(
    desks: World, open_desk: OpenDesk
) -> None:
    open_desk(title="名前を出さない相談の日", is_quiet=True)
    town = desks.ctx_for(OWNER).municipality.id

    shown = _text(desks, NEIGHBOUR, "/calendar/week?day=2026-11-18")
    filtered = _text(desks, NEIGHBOUR, f"/calendar/week?day=2026-11-18&town={town}")

    rows = shown.partition('<ul class="rows">')[2].partition("</ul>")[0]
    assert "名前を出さない" in rows
    assert "郡山市" not in rows
    assert "名前を出さない" not in filtered


@pytest.mark.parametrize("page", ["/calendar/?month=2026-11", "/calendar/week?day=2026-11-18"])
def test_the_neighbour_sees_only_what_is_shared_with_the_region(
    desks: World, open_desk: OpenDesk, page: str
) -> None:
    open_desk(title="うちの町の相談", audience="municipality")
    open_desk(title="広域圏の相談")

    assert "うちの町の相談" in _text(desks, OWNER, page)
    beside = _text(desks, NEIGHBOUR, page)
    assert "広域圏の相談" in beside
    assert "うちの町の相談" not in beside


def test_where_the_feature_is_off_its_days_are_not_there(desks: World, open_desk: OpenDesk) -> None:
    open_desk()
    desks.switch(SUKAGAWA, "desk", on=False)

    assert "13:30 相談の日" not in _text(desks, NEIGHBOUR, "/calendar/?month=2026-11")
    assert "13:30 相談の日" in _text(desks, OWNER, "/calendar/?month=2026-11")


def test_what_a_town_shared_before_it_switched_off_is_marked(
    desks: World, open_desk: OpenDesk
) -> None:
    open_desk()
    desks.switch(KORIYAMA, "desk", on=False)

    assert "この市町村では休止中" in _text(desks, NEIGHBOUR, "/calendar/week?day=2026-11-18")


@pytest.mark.parametrize(
    ("chosen", "is_shown"),
    [("of=help", True), ("of=desk", True), ("of=own", False), ("of=raise", True), ("of=%00", True)],
)
def test_a_page_is_narrowed_by_verb_or_feature(
    desks: World, open_desk: OpenDesk, chosen: str, is_shown: bool
) -> None:
    # What nobody offers, as a verb without any feature, is no choice.
    open_desk()

    text = _text(desks, OWNER, f"/calendar/?month=2026-11&{chosen}")

    assert ("13:30 相談の日" in text) is is_shown


def test_a_page_is_narrowed_by_town(desks: World, open_desk: OpenDesk) -> None:
    open_desk()
    here = desks.ctx_for(OWNER).municipality.id
    there = desks.ctx_for(NEIGHBOUR).municipality.id

    page = "/calendar/?month=2026-11&town="
    assert "13:30 相談の日" in _text(desks, OWNER, f"{page}{here}")
    assert "13:30 相談の日" not in _text(desks, OWNER, f"{page}{there}")


@pytest.mark.parametrize(
    "address",
    [
        "/calendar/?month=2026-13",
        "/calendar/?month=99999-01",
        "/calendar/?month=0000-00",
        "/calendar/?month=２０２６-11",
        "/calendar/?month=" + "9" * 9000,
        "/calendar/?month=2099-01",
    ],
)
def test_a_month_that_is_none_is_the_present_one(desks: World, address: str) -> None:
    assert "2026年11月</caption>" in _text(desks, OWNER, address)


@pytest.mark.parametrize("day", ["2026-11-31", "99999-11-18", "x", "", "0001-01-01"])
def test_a_day_that_is_none_is_the_present_week(desks: World, day: str) -> None:
    text = _text(desks, OWNER, f"/calendar/week?day={day}")
    assert "2026年11月9日（月）から11月15日（日）まで" in text


@pytest.mark.parametrize("address", ["?month=1950-01", "?month=2098-12", "week?day=2098-12-31"])
def test_the_calendar_ends_without_a_way_beyond(desks: World, address: str) -> None:
    text = _text(desks, OWNER, f"/calendar/{address}")

    assert "1949" not in text
    assert "month=2099" not in text
    assert "day=2099" not in text


def test_a_month_without_anything_says_so(desks: World) -> None:
    assert "この月の予定はありません" in _text(desks, OWNER, "/calendar/?month=2026-11")
    assert "この週の予定はありません" in _text(desks, OWNER, "/calendar/week")


def test_a_day_that_is_full_leads_to_its_week(desks: World, open_desk: OpenDesk) -> None:
    for number in range(6):
        open_desk(title=f"相談の日{number}")

    text = _text(desks, OWNER, "/calendar/?month=2026-11&of=desk")

    assert text.count("13:30 相談の日") == 3
    assert '<a href="/calendar/week?day=2026-11-18&amp;of=desk">ほか3件</a>' in text


@pytest.mark.parametrize("page", ["/calendar/?month=2026-11", "/calendar/week?day=2026-11-18"])
def test_a_page_costs_no_more_queries_with_more_days(
    desks: World, open_desk: OpenDesk, queries: Queries, page: str
) -> None:
    client = desks.client_for(OWNER)
    open_desk()
    client.get(page)  # what is kept in memory is there now

    with queries() as one:
        client.get(page)
    for number in range(20):
        open_desk(title=f"相談の日{number}", rule="FREQ=DAILY", until=date(2026, 12, 31))
    with queries() as many:
        client.get(page)

    assert len(many) == len(one)
    assert len(many) <= 8  # three of the shell, five of its own


def test_a_filter_leaves_room_for_what_it_asks_for(
    desks: World, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        open_desk()
    open_desk(NEIGHBOUR, title="須賀川の相談", day=date(2026, 11, 20))
    monkeypatch.setattr("niwari.calendar.reading.PORTION", 1)
    monkeypatch.setattr(calendar_between, "__kwdefaults__", {"most": 2})
    there = desks.ctx_for(NEIGHBOUR).municipality.id

    assert "須賀川の相談" not in _text(desks, OWNER, "/calendar/?month=2026-11")
    page = _text(desks, OWNER, f"/calendar/?month=2026-11&town={there}")
    assert "13:30 須賀川の相談" in page
    assert "予定が多いため" not in page


def test_rows_that_cannot_be_shown_end_a_page_all_the_same(
    desks: World, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch, queries: Queries
) -> None:
    for number in range(6):
        open_desk(title=f"相談{number}", audience="municipality")
    from niwari_desk.models import Desk

    Desk.update(audience="section", section=desks.ctx_for(NEIGHBOUR).acting.section_id).execute()
    monkeypatch.setattr("niwari.calendar.reading.PORTION", 1)
    ctx = desks.ctx_for(OWNER)

    with queries() as log:
        found = calendar_between(ctx, date(2026, 11, 1), date(2026, 11, 30), Wanted(), most=3)

    assert (found.events, found.cut_on) == ([], date(2026, 11, 18))
    assert sum('"search_date"' in sql for sql in log.statements) == 3
