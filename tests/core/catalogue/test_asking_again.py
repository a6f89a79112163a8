"""相談して直す of a request for an offer: the seat and the time stay one."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from niwari.directory.linking import Ref
from niwari.ledger.asking import requests
from niwari.ledger.deciding import decisions
from niwari.ledger.errors import AsOffered, TakesMore
from niwari.ledger.models import Request, State
from niwari.specs.contributions import Activity, Label

from .conftest import NEIGHBOUR, Fair

OFFERED = {
    "dummy": Activity("dummy", Label("伝言を書く", "Write notes")),
    "general": Activity("general", Label("学び・相談", "Learning"), discreet=True),
}


def returned(fair: Fair, ref: Ref) -> Request:
    """Join, and let the head return the request."""
    request = fair.joined(ref)
    head = fair.world.ctx_for("head@sukagawa")
    decisions.return_(head, request.id, key="returned", note="相談しましょう。")
    return request


def again(fair: Fair, request: Request, **changes: Any) -> Request:
    """Ask again with what was asked for, but for ``changes``."""
    wish = requests.Wish(
        "dummy", "集まり", "home", date(2026, 11, 17), None, time(15), time(16), "again"
    )
    ctx = fair.world.ctx_for(NEIGHBOUR)
    return requests.ask_again(ctx, request.id, replace(wish, **changes), OFFERED)


@pytest.mark.parametrize(
    "changes",
    [
        {"work_date": date(2026, 11, 18)},
        {"starts": time(15, 30)},
        {"ends": time(15, 30)},
        {"minutes": 15, "starts": None, "ends": None},
        {"activity": "general"},
        {"place": "other_municipality"},
    ],
)
def test_asking_again_for_an_offer_changes_neither_time_nor_place(
    fair: Fair, changes: dict[str, Any]
) -> None:
    ref = fair.offer()
    request = returned(fair, ref)
    with pytest.raises(AsOffered):
        again(fair, request, **changes)
    assert Request.get_by_id(request.id).state == State.RETURNED
    assert fair.seats(ref) == [False]


def test_asking_again_for_an_offer_fixes_its_seat_when_the_head_agrees(fair: Fair) -> None:
    ref = fair.offer()
    changed = again(fair, returned(fair, ref), purpose="係の代表として出ます")
    assert (changed.purpose, changed.minutes) == ("係の代表として出ます", 60)
    assert (changed.source_kind, changed.source_id) == (ref.kind, ref.id)
    fair.head_agrees(changed)
    assert fair.seats(ref) == [True]


def test_asking_again_for_an_offer_without_a_time_may_be_on_another_day(fair: Fair) -> None:
    ref = fair.offer(timed=False)
    answer = fair.press(ref, work_date="2026-11-18")
    assert answer.status_code == 303
    request = Request.get()
    decisions.return_(
        fair.world.ctx_for("head@sukagawa"), request.id, key="returned", note="別の日に。"
    )
    at_any_time = {"work_date": date(2026, 11, 19), "starts": None, "ends": None}
    with pytest.raises(AsOffered):
        again(fair, request, minutes=30, **at_any_time)
    assert again(fair, request, minutes=60, **at_any_time).work_date == date(2026, 11, 19)


def test_asking_again_for_an_offer_takes_as_much_as_it_takes(fair: Fair) -> None:
    request = returned(fair, fair.offer(hours=(13, 16)))
    fair.leave(NEIGHBOUR, "2026-11-01T00:00", "2026-11-16T23:59")
    fair.leave(NEIGHBOUR, "2026-11-19T00:00", "2026-11-30T23:59")
    other = requests.Wish("dummy", "学び", "home", date(2026, 11, 18), 30, None, None, "other")
    fair.head_agrees(requests.ask(fair.world.ctx_for(NEIGHBOUR), other, OFFERED))
    with pytest.raises(TakesMore):
        again(fair, request, starts=time(13))


@pytest.mark.parametrize("timed", [True, False])
def test_the_form_for_an_offer_shows_what_is_fixed(fair: Fair, timed: bool) -> None:
    ref = fair.offer(timed=timed)
    fair.press(ref, work_date="2026-11-18")
    request = Request.get()
    decisions.return_(fair.world.ctx_for("head@sukagawa"), request.id, key="k", note="相談を。")
    address = f"/ledger/requests/{request.id}/again"
    page = fair.page(address)
    assert "変えられるのは下の入力欄だけです" in page
    assert ("<dt>日時</dt>" in page) is timed
    assert ('name="work_date"' in page) is not timed
    for fixed in ("activity", "how", "minutes", "starts", "place"):
        assert f'name="{fixed}"' not in page
    sent = {"purpose": "集まり", "work_date": "2026-11-19", "minutes": "1", "form_key": "form"}
    assert fair.world.client_for(NEIGHBOUR).submit(address, sent).status_code == 303
    asked = Request.get()
    assert (asked.state, asked.minutes) == (State.REQUESTED, 60)
    assert asked.work_date == date(2026, 11, 17 if timed else 19)
