"""参加したい: one request to the own head and one seat, both or neither."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from niwari.catalogue import asking, joining
from niwari.catalogue.errors import AlreadyJoined
from niwari.db import connection
from niwari.directory.models import Headship
from niwari.events.models import Event
from niwari.ledger.asking import requests
from niwari.ledger.deciding import decisions
from niwari.ledger.models import Request, State
from niwari.specs.contributions import Activity, Label

from .conftest import NEIGHBOUR, STAFF, Fair

SUKAGAWA, KORIYAMA = "072079", "072036"


def test_it_asks_the_own_head_for_the_time_and_holds_a_seat(fair: Fair) -> None:
    ref = fair.offer("引継ぎを学ぶ会")
    request = fair.joined(ref)
    assert (request.purpose, request.state, request.minutes) == ("引継ぎを学ぶ会", "requested", 60)
    assert (request.source_kind, request.source_id) == ("dummy.note", ref.id)
    assert (request.work_date, request.place) == (date(2026, 11, 17), "home")
    assert fair.seats(ref) == [False]
    assert "了承を待っています" in fair.page_of(ref)
    assert "了承を待っています" in fair.page("/catalogue/")


def test_on_site_in_another_town_is_at_another_municipality(fair: Fair) -> None:
    assert fair.press(fair.offer(), way="on_site").status_code == 303
    assert Request.get().place == "other_municipality"


def test_when_the_head_agrees_the_seat_is_fixed(fair: Fair) -> None:
    ref = fair.offer()
    fair.head_agrees(fair.joined(ref))
    assert fair.seats(ref) == [True]
    assert "了承済み" in fair.page_of(ref)


def test_when_the_head_declines_the_seat_is_free_and_one_can_ask_again(fair: Fair) -> None:
    ref = fair.offer()
    request = fair.joined(ref)
    decisions.decline(fair.world.ctx_for("head@sukagawa"), request.id, key="k", note="議会です。")
    fair.world.deliver()
    assert fair.seats(ref) == []
    assert "今回は見送り" in fair.page_of(ref)
    fair.joined(ref)
    assert fair.seats(ref) == [False]


def test_when_it_ended_without_an_answer_one_can_ask_again(fair: Fair) -> None:
    ref = fair.offer()
    request = fair.joined(ref)
    Request.update(state=State.LAPSED).where(Request.id == request.id).execute()
    assert fair.joined(ref).id != request.id


def test_when_the_person_withdraws_the_seat_is_free(fair: Fair) -> None:
    ref = fair.offer()
    request = fair.joined(ref)
    fair.head_agrees(request)
    requests.withdraw(fair.world.ctx_for(NEIGHBOUR), request.id)
    fair.world.deliver()
    assert fair.seats(ref) == []
    assert "了承済み" not in fair.page_of(ref)


def test_who_joins_again_before_the_withdrawal_is_told_keeps_the_seat(fair: Fair) -> None:
    ref = fair.offer(seats=1)
    former = fair.joined(ref)
    requests.withdraw(fair.world.ctx_for(NEIGHBOUR), former.id)
    again = fair.joined(ref)
    fair.world.deliver()
    assert fair.seats(ref) == [False]
    fair.head_agrees(again)
    assert fair.seats(ref) == [True]


def test_who_joins_again_before_the_head_s_no_is_told_keeps_the_seat(fair: Fair) -> None:
    ref = fair.offer(seats=1)
    former = fair.joined(ref)
    head = fair.world.ctx_for("head@sukagawa")
    decisions.decline(head, former.id, key="k", note="議会です。")
    fair.joined(ref)
    fair.world.deliver()
    assert fair.seats(ref) == [False]


def test_the_head_s_yes_to_a_former_request_fixes_no_seat(fair: Fair) -> None:
    ref = fair.offer()
    former = fair.joined(ref)
    decisions.agree(fair.world.ctx_for("head@sukagawa"), former.id, key="k")
    requests.withdraw(fair.world.ctx_for(NEIGHBOUR), former.id)
    fair.joined(ref)
    fair.world.deliver()
    assert fair.seats(ref) == [False]


def test_a_request_without_an_offer_is_told_to_nobody(fair: Fair) -> None:
    ctx = fair.world.ctx_for(NEIGHBOUR)
    wish = requests.Wish("general", "学び", "home", date(2026, 11, 18), 30, None, None, "k")
    offered = {"general": Activity("general", Label("学び・相談", "Learning"))}
    request = requests.ask(ctx, wish, offered)
    fair.head_agrees(request)
    assert Event.select().where(Event.name.startswith("ledger.")).count() == 0


def test_a_double_click_is_one_request_and_one_seat(fair: Fair) -> None:
    ref = fair.offer()
    for _ in range(2):
        assert fair.press(ref, form_key="the-same").status_code == 303
    assert (Request.select().count(), fair.seats(ref)) == (1, [False])


def test_who_has_asked_is_told_so(fair: Fair) -> None:
    ref = fair.offer()
    fair.joined(ref)
    assert fair.refused(ref, "もう申し込んでいます")


def test_two_tabs_at_once_are_one_request_also_for_days_of_two_months(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without a time no rule about overlapping keeps the two apart.
    made, known = fair.dummy.inviting._offer, asking.asked_for
    monkeypatch.setattr(
        fair.dummy.inviting,
        "_offer",
        lambda row: replace(made(row), starts_at=None, ends_at=None, minutes=30),
    )
    ref, ctx, both = fair.offer(), fair.world.ctx_for(NEIGHBOUR), Barrier(2)

    def asked(*of: Any) -> Any:
        found = known(*of)
        with suppress(BrokenBarrierError):  # the one who comes first goes on alone
            both.wait(timeout=0.5)
        return found

    monkeypatch.setattr(joining, "asked_for", asked)

    offered = {"dummy": Activity("dummy", Label("伝言を書く", "Write notes"))}

    def press(day: date) -> str:
        way = joining.Joining("online:home", f"tab {day}", day)
        with connection():
            try:
                return str(joining.join(ctx, ref, way, offered)[0].state)
            except AlreadyJoined:
                return "already"

    with ThreadPoolExecutor(2) as tabs:
        said = sorted(tabs.map(press, (date(2026, 11, 18), date(2026, 12, 2))))
    assert said == ["already", "requested"]
    assert (Request.select().count(), fair.seats(ref)) == (1, [False])


def test_of_the_last_seat_one_gets_it(fair: Fair) -> None:
    ref = fair.offer(seats=1)
    fair.joined(ref)
    assert fair.refused(ref, "満席です", by="staff@miharu")
    assert "満席" in fair.page("/catalogue/", "staff@miharu")


def test_what_the_plugin_refuses_changes_nothing(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = fair.offer(seats=1)
    # The plugin counts anew when it holds: somebody was faster than the page.
    fair.joined(ref)
    monkeypatch.setattr(fair.dummy.inviting, "max", lambda *_of: 1, raising=False)
    assert fair.refused(ref, "席が埋まりました。", by="staff@miharu")


def test_what_has_begun_is_refused(fair: Fair) -> None:
    ref = fair.offer()
    fair.now(17, 15)
    assert fair.refused(ref, "もう始まっています")


def test_what_was_narrowed_since_is_not_there(fair: Fair) -> None:
    ref = fair.offer()
    note = fair.dummy.models.Note
    note.update(audience="municipality").execute()
    assert fair.press(ref).status_code == 404
    assert Request.select().count() == 0


@pytest.mark.parametrize("town", [KORIYAMA, SUKAGAWA])
def test_where_the_plugin_is_off_it_is_not_there(fair: Fair, town: str) -> None:
    ref = fair.offer()
    fair.world.switch(town, "dummy", on=False)
    assert fair.press(ref).status_code == 404
    assert Request.select().count() == 0


def test_inside_leave_it_is_refused(fair: Fair) -> None:
    ref = fair.offer()
    fair.leave(NEIGHBOUR, "2026-11-17T08:30", "2026-11-17T17:15")
    assert fair.refused(ref, "休暇が登録されています")


def test_without_a_head_it_is_refused(fair: Fair) -> None:
    ref = fair.offer()
    Headship.delete().execute()
    assert fair.refused(ref, "答える所属長が登録されていません")


def test_with_less_left_than_it_takes_it_is_refused(fair: Fair) -> None:
    ref = fair.offer(hours=(13, 16))
    fair.leave(NEIGHBOUR, "2026-11-01T00:00", "2026-11-16T23:59")
    fair.leave(NEIGHBOUR, "2026-11-18T00:00", "2026-11-30T23:59")
    said = "今月の残りは1時間33分です。この取組には3時間かかります。"
    assert said in fair.page_of(ref)
    assert fair.refused(ref, said)


def test_a_way_that_is_not_offered_is_refused(fair: Fair) -> None:
    ref = fair.offer(modes="on_site")
    assert fair.press(ref, way="online:home").status_code == 422
    assert (Request.select().count(), fair.seats(ref)) == (0, [])


def test_a_plugin_that_fails_to_hold_changes_nothing(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = fair.offer()
    monkeypatch.setattr(fair.dummy.inviting, "locked", None)
    assert fair.refused(ref, "今は使えません")


def test_of_a_discreet_activity_the_ledger_keeps_no_trace(fair: Fair) -> None:
    plugin = fair.world.host.plugins["dummy"]
    discreet = Activity("dummy", Label("伝言を書く", "Write notes"), discreet=True)
    plugin.contributions = replace(plugin.contributions, activities=(discreet,))
    ref = fair.offer("育休について話す会")
    request = fair.joined(ref)
    assert (request.purpose, request.source_kind, request.source_id) == ("学び・相談", None, None)
    fair.head_agrees(request)
    assert Event.select().where(Event.name.startswith("ledger.")).count() == 0
    assert fair.seats(ref) == [False]
    assert fair.dummy.inviting.Seat.get().request_id is None
    assert "席があります" in fair.page_of(ref)


def test_ones_own_town_takes_part_too(fair: Fair) -> None:
    ref = fair.offer()
    assert fair.joined(ref, by=STAFF).state == State.REQUESTED
