"""Staff sign up for an open-company day from the catalogue, with the own head's OK; hosts see who comes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from niwari.api import TOKYO, Mode, NotFound
from niwari.catalogue.joining import Joining, join
from niwari.db import connection
from niwari.directory.linking import Ref
from niwari.directory.models import RegionMembership
from niwari.errors import DomainError
from niwari.ledger.deciding import decisions
from niwari.ledger.models import Request
from niwari_mentoring.errors import Paused
from niwari_mentoring.models import OpenDay, Seat
from niwari_mentoring.open_day_errors import HasBegun, IsCalledOff, IsClosed, OwnSection
from niwari_mentoring.service import open_days, seats

from .conftest import COLLEAGUE, FAR, HEAD, HR, IT, NEIGHBOUR, STAFF, Do, page_of
from .test_open_days import address

SUKAGAWA = "072079"


def catalogue(open_day_id: int) -> str:
    return f"/catalogue/mentoring.open_day/{open_day_id}"


def press(client: Any, open_day_id: int, key: str = "first") -> Any:
    """Press 参加したい on the page of the catalogue."""
    sent = {"way": "on_site", "form_key": key}
    return client.submit(f"{catalogue(open_day_id)}/join", sent, form_at="/")


def test_one_signs_up_with_the_own_heads_ok_and_the_hosts_see_who_comes(
    client_for: Any, ctx_for: Any, opened: Do, sign_up: Any
) -> None:
    id_ = opened()
    staff = client_for(STAFF)
    page = page_of(staff, catalogue(id_))
    assert "申し込んだ人の名前は、この所属で働いている職員だけに見えます。" in page
    assert "残り席" in page
    assert press(staff, id_).status_code == 303
    request = Request.get()
    assert (request.activity, request.discreet) == ("mentoring", True)
    assert (request.purpose, request.place) == ("学び・相談", "other_municipality")
    assert (request.source_kind, request.source_id) == (None, None)
    assert request.starts_at == datetime(2026, 11, 25, 10, tzinfo=TOKYO)
    assert request.minutes == 90
    assert "席があります" in page_of(staff, address(id_))
    name = ctx_for(STAFF).acting.person_name
    assert name in page_of(client_for(NEIGHBOUR), address(id_))
    for login in (HEAD, HR, IT, COLLEAGUE, FAR, "secretariat"):
        assert name not in main_of(page_of(client_for(login), address(id_))), login
    decisions.agree(ctx_for(HEAD), request.id, key="agreed")
    assert Seat.select().count() == 1


def main_of(page: str) -> str:
    """Return what a page says in its middle, without the reader's own name in the shell."""
    return page.partition("<main")[2].partition("</main")[0]


def test_the_hosts_of_a_day_find_no_way_to_the_attendance_of_the_ledger(
    client_for: Any, opened: Do
) -> None:
    id_ = opened()
    page = page_of(client_for(NEIGHBOUR), catalogue(id_))
    assert "掲示板用の文章" in page
    assert "出席の確認" not in page


def test_signing_up_twice_is_refused_with_a_word(client_for: Any, opened: Do, sign_up: Any) -> None:
    id_ = opened()
    staff = client_for(STAFF)
    for _double_click in range(2):
        assert press(staff, id_).status_code == 303
    again = press(staff, id_, "second")
    assert again.status_code == 422
    assert "同じ時間に、ほかの申込みがあります。" in again.get_data(as_text=True)
    assert "席は取ってあります。" in again.get_data(as_text=True)
    assert (Seat.select().count(), Request.select().count()) == (1, 1)


def test_where_another_plan_lies_nobody_signs_up(client_for: Any, opened: Do, sign_up: Any) -> None:
    sign_up(opened())
    other = opened(FAR)
    answer = press(client_for(STAFF), other, "other")
    assert answer.status_code == 422
    assert "同じ時間に、ほかの申込みがあります。" in answer.get_data(as_text=True)
    assert Seat.select().count() == 1


def test_a_full_day_says_so_and_is_open_again_once_a_seat_is_given_back(
    client_for: Any, opened: Do, sign_up: Any
) -> None:
    id_ = opened(seats=1)
    sign_up(id_, COLLEAGUE)
    staff = client_for(STAFF)
    assert "満席" in page_of(staff, address(id_))
    answer = press(staff, id_)
    assert answer.status_code == 422
    assert "満席です。" in answer.get_data(as_text=True)
    assert Request.select().count() == 1
    given = client_for(COLLEAGUE).submit(f"{address(id_)}/give-back", {}, form_at=address(id_))
    assert given.status_code == 303
    assert press(staff, id_, "again").status_code == 303
    assert [seat.person_id for seat in Seat.select()] == [
        Request.get(Request.form_key == "again").person_id
    ]


def test_after_the_last_day_of_signing_up_it_is_closed(
    client_for: Any, ctx_for: Any, opened: Do, move_to: Callable[[date], None]
) -> None:
    id_ = opened()
    move_to(date(2026, 11, 24))
    assert "取組の一覧で申し込む" in page_of(client_for(STAFF), address(id_))
    move_to(date(2026, 11, 25))
    staff = client_for(STAFF)
    assert "申込みは締め切りました。" in page_of(staff, address(id_))
    assert "オープンカンパニー" not in main_of(page_of(staff, "/catalogue/"))
    answer = press(staff, id_)
    assert answer.status_code == 422
    assert "この取組の申込みは終わりました。" in answer.get_data(as_text=True)
    with pytest.raises(IsClosed):
        seats.hold(ctx_for(STAFF), id_, Mode.ON_SITE, None)
    move_to(date(2026, 11, 26))
    with pytest.raises(HasBegun):
        seats.hold(ctx_for(STAFF), id_, Mode.ON_SITE, None)
    assert not Seat.select().exists()


def test_nobody_signs_up_where_they_work(client_for: Any, ctx_for: Any, opened: Do) -> None:
    id_ = opened()
    answer = press(client_for(NEIGHBOUR), id_)
    assert answer.status_code == 422
    assert "自分の所属のオープンカンパニーの日には、申し込めません。" in answer.get_data(
        as_text=True
    )
    assert not Request.select().exists()
    with pytest.raises(OwnSection):
        seats.hold(ctx_for(NEIGHBOUR), id_, Mode.ON_SITE, None)


def test_of_those_who_want_the_last_seat_one_gets_it(world: Any, opened: Do) -> None:
    id_ = opened(seats=1)
    activities = {a.code: a for p in world.host.loaded() for a in p.contributions.activities}
    asking = [(world.ctx_for(login), f"race-{login}") for login in (STAFF, COLLEAGUE, FAR)]

    def sign_up(who: tuple[Any, str]) -> str:
        ctx, key = who
        with connection():
            try:
                join(ctx, Ref(seats.KIND, id_), Joining("on_site", key), activities)
            except DomainError as error:
                return type(error).__name__
            return "in"

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(sign_up, asking))
    assert outcomes.count("in") == 1
    assert set(outcomes) <= {"in", "Full", "NoSeatLeft"}
    assert (Seat.select().count(), Request.select().count()) == (1, 1)


def test_after_a_move_one_asks_again_and_keeps_the_seat(
    client_for: Any, ctx_for: Any, opened: Do, sign_up: Any, planned: Any
) -> None:
    id_ = opened(seats=1)
    sign_up(id_)
    moved = replace(planned, seats=1, day=date(2026, 11, 26))
    open_days.change(ctx_for(NEIGHBOUR), id_, moved)
    assert "取組の一覧でもう一度申し込む" in page_of(client_for(STAFF), address(id_))
    assert press(client_for(STAFF), id_, "anew").status_code == 303
    page = page_of(client_for(STAFF), address(id_))
    assert "申し込んだあとで、日時が変わりました。" not in page
    assert Seat.select().count() == 1
    assert [one.work_date.day for one in Request.select().order_by(Request.id)] == [25, 26]


def test_a_seat_is_given_back_before_the_day_begins_alone(
    ctx_for: Any, opened: Do, sign_up: Any, move_to: Callable[[date], None]
) -> None:
    id_ = opened()
    sign_up(id_)
    with pytest.raises(NotFound):
        seats.give_back(ctx_for(STAFF), id_ + 1)
    for _twice in range(2):
        seats.give_back(ctx_for(STAFF), id_)
    assert not Seat.select().exists()
    sign_up(id_, COLLEAGUE)
    move_to(date(2026, 11, 26))
    with pytest.raises(HasBegun):
        seats.give_back(ctx_for(COLLEAGUE), id_)
    assert Seat.select().count() == 1


def test_in_what_was_called_off_nobody_takes_a_seat(
    client_for: Any, ctx_for: Any, opened: Do
) -> None:
    id_ = opened()
    open_days.call_off(ctx_for(NEIGHBOUR), id_)
    assert press(client_for(STAFF), id_).status_code == 404
    with pytest.raises(IsCalledOff):
        seats.hold(ctx_for(STAFF), id_, Mode.ON_SITE, None)
    assert not Request.select().exists()


def test_where_the_hosts_town_has_it_off_nobody_signs_up(
    world: Any, client_for: Any, ctx_for: Any, opened: Do, sign_up: Any
) -> None:
    id_ = opened()
    sign_up(id_, COLLEAGUE)
    world.switch(SUKAGAWA, "mentoring", on=False)
    staff = client_for(STAFF)
    assert "この市町村では休止中" in page_of(staff, address(id_))
    assert staff.get(catalogue(id_)).status_code == 404
    assert "オープンカンパニー" not in main_of(page_of(staff, "/catalogue/"))
    with pytest.raises(Paused):
        seats.give_back(ctx_for(COLLEAGUE), id_)
    world.switch("072036", "mentoring", on=False)
    assert client_for(STAFF).get(address(id_)).status_code == 404
    with pytest.raises(NotFound):
        seats.give_back(ctx_for(COLLEAGUE), id_)
    world.switch("072036", "mentoring", on=True)
    world.switch(SUKAGAWA, "mentoring", on=True)
    assert "席があります" in page_of(client_for(COLLEAGUE), address(id_))


def test_who_leaves_gives_the_seats_ahead_back(
    world: Any, ctx_for: Any, opened: Do, sign_up: Any, leave: Any
) -> None:
    first, second = opened(), opened(day=date(2026, 12, 2), closes_on=date(2026, 12, 1))
    sign_up(first)
    sign_up(second)
    sign_up(second, COLLEAGUE)
    leave(STAFF, date(2026, 11, 27))
    left = [(one.open_day_id, one.person.login) for one in Seat.select().order_by(Seat.id)]
    assert left == [(first, STAFF), (second, COLLEAGUE)]


def test_who_is_transferred_keeps_the_seats_that_the_new_post_may_read(
    world: Any, ctx_for: Any, opened: Do, sign_up: Any, move: Any
) -> None:
    first = opened(closes_on=date(2026, 11, 20))
    there = opened(FAR, day=date(2026, 11, 26), closes_on=date(2026, 11, 20))
    for day in (first, there):
        sign_up(day)
    move(STAFF, to=FAR, day=date(2026, 11, 18))
    left = [one.open_day_id for one in Seat.select()]
    assert left == [first]
    assert Seat.get().appointment.section_id == ctx_for(FAR).acting.section_id


@pytest.mark.parametrize("has_region_now", [True, False])
def test_a_seat_of_a_town_in_no_region_does_not_go_along_to_another_town(
    opened: Do, sign_up: Any, move: Any, has_region_now: bool
) -> None:
    sign_up(opened(closes_on=date(2026, 11, 20)))
    OpenDay.update(region_id=None).execute()
    if not has_region_now:
        RegionMembership.delete().execute()
    move(STAFF, to=FAR, day=date(2026, 11, 18))
    assert Seat.select().count() == 0
