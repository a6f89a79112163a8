"""The pages of standing agreements: the preview, the head's answer, the own list, the drawing."""

import re
from datetime import date

import pytest

from niwari.ledger.models import Request, Standing, State

from .standing import HEAD, STAFF, agreed, ask, occurrences
from .test_standing_allowance import TWO_HOURS
from .test_views_budgets import OWN, SHELL, cost
from .test_views_journey import Page, page

NEW = "/ledger/standing/new"
DATED = {
    "activity": "general",
    "purpose": "窓口の学び合い",
    "kind": "dated",
    "every": "MONTHLY;BYDAY=3",
    "weekday": "WE",
    "on_holiday": "skip",
    "minutes": "",
    "starts": "15:00",
    "ends": "16:00",
    "first_day": "2026-11-10",
    "last_day": "2027-03-31",
    "place": "head_office",
}


def fields(client, **changes):
    return {**DATED, "form_key": page(client, NEW).hidden("form_key")[0], "seen": "", **changes}


def previewed(client, **changes):
    """Send the form once; returns what was sent and the page that came."""
    sent = fields(client, **changes)
    return sent, Page(client.submit(NEW, sent))


def asked(client, **changes):
    """Send it as previewed; returns the address of the agreement."""
    sent, shown = previewed(client, **changes)
    answer = client.submit(NEW, {**sent, "seen": shown.hidden("seen")[0]})
    assert answer.status_code == 303
    return answer.location


def test_from_the_preview_to_300_minutes(ledger, client_for):
    staff, head = client_for(STAFF), client_for(HEAD)
    _sent, shown = previewed(staff)
    assert "確保できるのは5回、合わせて5時間です。" in shown
    for day in ("11月18日", "12月16日", "1月20日", "2月17日", "3月17日"):
        assert (
            f"{day}（水）15:00 –16:00" in shown
            or f"{day}（水）15:00–16:00" in shown.words.replace(" –", "–")
        )
    assert Standing.select().count() == 0

    address = asked(staff)
    assert "毎月第3水曜日 15:00–16:00" in page(staff, address)
    waiting = page(head, "/ledger/approvals")
    assert "包括了承の申込み" in waiting
    assert address in waiting.html
    shown = page(head, address)
    assert "確保できるのは5回、合わせて5時間です。" in shown
    sent = {"key": shown.hidden("key")[0], "seen": shown.hidden("seen")[0], "note": ""}
    answer = head.submit(f"{address}/agree", sent, form_at=address)
    assert answer.status_code == 303
    assert "包括了承の申込みを了承し、5回、合わせて5時間を確保しました。" in page(head, address)
    assert "了承済み 1時間" in page(staff, address)
    mine = page(staff, "/ledger/standing")
    assert "2027年3月 1時間 0分" in mine


def test_what_was_changed_after_the_preview_is_shown_anew(ledger, client_for):
    staff = client_for(STAFF)
    sent, shown = previewed(staff)
    changed = {**sent, "seen": shown.hidden("seen")[0], "ends": "17:00"}
    assert "合わせて10時間です。" in Page(staff.submit(NEW, changed))
    assert Standing.select().count() == 0


def test_what_cannot_be_held_is_named_to_both_and_why_to_the_person_alone(ledger, client_for):
    ledger.leave(STAFF, "sick", "2026-12-16T08:30", "2026-12-16T17:15")
    staff, head = client_for(STAFF), client_for(HEAD)
    _sent, shown = previewed(staff)
    assert "1回は確保できません。" in shown
    assert "休暇が登録されています" in shown
    address = asked(staff)
    shown = page(head, address)
    assert "12月16日（水）" in shown
    assert "使える勤務時間がありません" in shown
    assert "休暇" not in shown
    sent = {"key": shown.hidden("key")[0], "seen": shown.hidden("seen")[0]}
    head.submit(f"{address}/agree", sent, form_at=address)
    after = page(head, address)
    assert "4回、合わせて4時間を確保しました。1回は確保できませんでした。" in after
    assert "確保できなかった予定" in after
    assert "休暇" not in after


def test_the_form_suggests_two_hours_of_learning_a_month_until_31_march(client_for):
    shown = page(client_for(STAFF), NEW)
    assert 'value="120"' in shown.html
    assert 'value="2027-03-31"' in shown.html
    assert re.search(r'<input checked[^>]*value="allowance"', shown.html)
    assert "学び・相談</textarea>" in shown.html.replace("\r\n", "").replace("\n", "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"last_day": "2027-04-01"}, "包括了承は、その年度の終わり（3月31日）までです。"),
        ({"first_day": "2026-11-01"}, "始まる前に了承が必要です。"),
        ({"starts": "16:00", "ends": "15:00"}, "終わりの時刻は、始まりより後にしてください。"),
        ({"starts": "", "ends": "15:00"}, "時刻を 15:00 の形で入力してください。"),
        ({"starts": "", "ends": ""}, "長さを分で入力してください。"),
        ({"kind": "allowance", "minutes": "abc"}, "長さを分で、整数で入力してください。"),
        ({"first_day": "2026-11-19", "last_day": "2026-11-20"}, "くり返しの日が1回もありません。"),
        ({"every": "DAILY"}, "窓口の学び合い"),
    ],
)
def test_a_refusal_keeps_what_was_typed(client_for, changes, said):
    staff = client_for(STAFF)
    answer = staff.submit(NEW, fields(staff, **changes))
    shown = Page(answer)
    assert answer.status_code == 422
    assert said in shown
    assert "窓口の学び合い" in shown
    assert Standing.select().count() == 0


def test_a_head_who_looked_too_long_ago_sees_the_new_plan(ledger, client_for):
    standing = ask(ledger)
    head, address = client_for(HEAD), f"/ledger/standing/{standing.id}"
    shown = page(head, address)
    sent = {"key": shown.hidden("key")[0], "seen": shown.hidden("seen")[0]}
    ledger.leave(STAFF, "annual", "2026-12-16T08:30", "2026-12-16T17:15")
    answer = head.submit(f"{address}/agree", sent, form_at=address)
    assert answer.status_code == 409
    shown = Page(answer)
    assert "開いたあとに、確保できる時間が変わりました。" in shown
    assert "確保できるのは4回、合わせて4時間です。" in shown
    sent = {"key": shown.hidden("key")[0], "seen": shown.hidden("seen")[0]}
    assert head.submit(f"{address}/agree", sent, form_at=address).status_code == 303


def test_returned_and_asked_again_and_called_off(ledger, client_for):
    staff, head = client_for(STAFF), client_for(HEAD)
    address = asked(staff)
    shown = page(head, address)
    sent = {"key": shown.hidden("key")[0], "note": "30分にできませんか。"}
    assert head.submit(f"{address}/return", sent, form_at=address).status_code == 303
    again = page(staff, f"{address}/again")
    assert "窓口の学び合い" in again
    form = {**DATED, "ends": "15:30", "form_key": again.hidden("form_key")[0], "seen": ""}
    preview = Page(staff.submit(f"{address}/again", form))
    form["seen"] = preview.hidden("seen")[0]
    assert staff.submit(f"{address}/again", form).status_code == 303
    shown = page(head, address)
    sent = {"key": shown.hidden("key")[0], "seen": shown.hidden("seen")[0]}
    head.submit(f"{address}/agree", sent, form_at=address)
    assert head.submit(f"{address}/revoke", {"reason": ""}, form_at=address).status_code == 303
    after = page(staff, address)
    assert "業務都合のため" in after
    assert {one.state for one in Request.select()} == {State.REVOKED}


def test_drawing_from_the_page_of_the_request(ledger, client_for):
    request = occurrences(agreed(ledger, TWO_HOURS))[0]
    staff, address = client_for(STAFF), f"/ledger/requests/{request.id}"
    shown = page(staff, address)
    assert "残り 2時間" in shown
    sent = {"day": "2026-11-10", "minutes": "30", "seen": shown.hidden("seen")[0]}
    for _twice in range(2):
        assert staff.submit(f"{address}/draw", sent, form_at=address).status_code == 303
    shown = page(staff, address)
    assert "11月10日（火） 記録 30分" in shown
    assert "残り 1時間30分" in shown
    month = page(staff, "/ledger/")
    assert "2026年11月中" in month
    assert "使った 30分・残り 1時間30分" in month
    refused = Page(
        staff.submit(f"{address}/draw", {**sent, "seen": "1", "minutes": "91"}, form_at=address)
    )
    assert "この期間の残りは1時間30分です。" in refused
    assert 'value="91"' in refused.html
    assert refused.status == 422


def test_pages_cost_the_same_whatever_they_hold(ledger, client_for, queries):
    staff, head = client_for(STAFF), client_for(HEAD)
    for number in range(3):
        agreed(ledger, TWO_HOURS, purpose=f"学び{number}")
    waiting = ask(ledger)
    done = Standing.select().first()
    for client in (staff, head):
        for address in (f"/ledger/standing/{waiting.id}", f"/ledger/standing/{done.id}"):
            assert cost(queries, client, address) <= SHELL + OWN
    assert cost(queries, staff, "/ledger/standing") <= SHELL + OWN
    assert cost(queries, staff, NEW) <= SHELL + OWN
    request = occurrences(done)[0]
    for client in (staff, head):
        assert cost(queries, client, f"/ledger/requests/{request.id}") <= SHELL + OWN
    assert cost(queries, head, "/ledger/approvals") <= SHELL + OWN
    assert request.work_date == date(2026, 11, 10)


@pytest.mark.parametrize("before", ["9" * 30, "9" * 5000, "-1", "x"])
def test_a_place_that_is_none_is_the_beginning(client_for, before):
    assert client_for("staff@koriyama").get(f"/ledger/standing?before={before}").status_code == 200


def test_all_of_it_is_english_too(ledger, client_for):
    ledger.leave(STAFF, "annual", "2026-12-16T08:30", "2026-12-16T17:15")
    waiting, done = ask(ledger, purpose="x"), agreed(ledger, TWO_HOURS, purpose="x")
    staff, head = client_for(STAFF), client_for(HEAD)
    shown = []
    for client in (staff, head):
        client.set_cookie("niwari_locale", "en")
        shown += [page(client, f"/ledger/standing/{one.id}") for one in (waiting, done)]
    shown += [page(staff, "/ledger/standing"), page(head, "/ledger/approvals")]
    shown += [page(staff, f"/ledger/requests/{occurrences(done)[0].id}")]
    shown += [Page(staff.submit(NEW, fields(staff, purpose="x")))]  # with its preview
    names = [ledger.ctx(login).acting.person_name for login in (STAFF, HEAD)]
    here = ledger.ctx(STAFF)
    for one in shown:
        words = one.words
        for name in (*names, here.municipality.name, here.acting.section_name, "日本語"):
            words = words.replace(name, "")
        assert re.findall(r"[\u3040-\u30ff\u3400-\u9fff]+", words) == []
