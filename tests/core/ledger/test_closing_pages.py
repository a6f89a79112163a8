"""J-LEDGER 5 through the pages: HR closes, a correction is −100 and +90, and the month says 90."""

from datetime import date

import pytest

from niwari.ledger.closing.closing import close
from niwari.ledger.models import Closing, Correction, State
from niwari.ledger.worktime import PeriodKind, period_of

from .conftest import WEDNESDAY
from .test_views_budgets import CARDS, OFFERS, OWN, SHELL, cost
from .test_views_journey import page

STAFF, HR = "staff@koriyama", "hr@koriyama"


@pytest.fixture
def recorded(ledger):
    request = ledger.agreed(WEDNESDAY, 120, purpose="窓口の勉強会")
    ledger.now(11, 18, 17)
    return ledger.record(request, 100)


@pytest.fixture
def closed(ledger, recorded):
    ledger.now(12, 2, 9)
    close(ledger.ctx(HR), period_of(PeriodKind.MONTH, WEDNESDAY))
    return recorded


def ask_hr(ledger, client, request, **changes):
    address = f"/ledger/requests/{request.id}/correct"
    fields = {"minutes": "90", "reason": "終わりの時刻の間違い", "key": ledger.key()}
    return client.submit(address, {**fields, **changes}, form_at=address)


def test_hr_closes_and_approves_a_correction(ledger, client_for, recorded):
    ledger.agreed(date(2026, 11, 26), 60)
    ledger.ask(date(2026, 11, 27), 30, by="staff2@koriyama")
    ledger.now(12, 2, 9)
    hr, staff = client_for(HR), client_for(STAFF)
    shown = page(hr, "/ledger/closing")
    for words in (
        "11月は、12月14日（月）に自動で締まります。",
        "記録がないまま終わる了承 1件",
        "答えがないまま終わる申込み 1件",
        "市民課",
    ):
        assert words in shown
    assert "職員一" not in shown
    answer = hr.submit("/ledger/closing", {"period": "2026-11"}, form_at="/ledger/closing")
    assert answer.status_code == 303
    shown = page(hr, "/ledger/closing")
    assert "11月を締めました。" in shown
    assert "2件が「記録なしで終了」になりました。" in shown
    assert Closing.get(Closing.municipality == ledger.ctx(HR).municipality.id).lapsed == 2

    month = page(staff, "/ledger/?month=2026-11")
    assert "締め済み" in month
    assert "修正あり" not in month
    address = f"/ledger/requests/{recorded.id}"
    assert "人事担当に依頼する" in page(staff, f"{address}/correct")
    assert ask_hr(ledger, staff, recorded).location == address
    assert "1時間40分から1時間30分への訂正は、人事担当の答えを待っています。" in page(
        staff, address
    )

    waiting = page(hr, "/ledger/closing/corrections")
    assert "終わりの時刻の間違い" in waiting
    assert "窓口の勉強会" not in waiting
    correction = Correction.get()
    answer = hr.submit(
        f"/ledger/closing/corrections/{correction.id}/approve",
        {},
        form_at="/ledger/closing/corrections",
    )
    assert answer.location == "/ledger/closing/corrections"
    assert "訂正しました" in page(hr, "/ledger/closing/corrections")

    month = page(staff, "/ledger/?month=2026-11")
    assert "修正あり" in month
    assert "使った 1時間30分" in month
    assert "記録済み 1時間30分" in month
    shown = page(staff, address)
    assert "取消記録 −1時間40分" in shown
    assert "訂正後の記録 1時間30分" in shown


def test_while_the_month_is_open_it_is_corrected_at_once(ledger, client_for, recorded):
    staff = client_for(STAFF)
    assert ask_hr(ledger, staff, recorded, reason="").status_code == 303
    month = page(staff, "/ledger/?month=2026-11")
    assert "使った 1時間30分" in month
    assert "修正あり" not in month


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(ledger, client_for, closed):
    staff = client_for(STAFF)
    answer = ask_hr(ledger, staff, closed, minutes="121", reason="長引いた")
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "記録できるのは、了承された2時間までです。（L17）" in html
    assert "長引いた" in html
    assert 'value="121"' in html
    answer = ask_hr(ledger, staff, closed, reason="")
    assert "理由を入力してください" in answer.get_data(as_text=True)
    answer = ask_hr(ledger, staff, closed, minutes="abc")
    assert "長さを分で、整数で入力してください。" in answer.get_data(as_text=True)
    assert Correction.select().count() == 0


def test_the_person_takes_a_correction_back(ledger, client_for, closed):
    staff = client_for(STAFF)
    ask_hr(ledger, staff, closed)
    address = f"/ledger/requests/{closed.id}"
    assert page(staff, f"{address}/correct").status == 409
    one = Correction.get()
    staff.submit(f"/ledger/corrections/{one.id}/withdraw", {}, form_at=address)
    assert "訂正の依頼を取り下げました。" in page(staff, address)
    assert page(staff, f"{address}/correct").status == 200


def test_hr_refuses_with_a_word_that_the_person_reads(ledger, client_for, closed):
    staff, hr = client_for(STAFF), client_for(HR)
    ask_hr(ledger, staff, closed)
    address = f"/ledger/closing/corrections/{Correction.get().id}"
    answer = hr.submit(f"{address}/refuse", {"note": ""}, form_at=address)
    assert answer.status_code == 422
    assert "認めない理由を一言入力してください。" in answer.get_data(as_text=True)
    hr.submit(f"{address}/refuse", {"note": "退庁の記録と違います。"}, form_at=address)
    assert "訂正を認めませんでした。" in page(hr, "/ledger/closing/corrections")
    assert "退庁の記録と違います。" in page(staff, f"/ledger/requests/{closed.id}")


@pytest.mark.parametrize("start", ["/ledger/", "/"])
def test_one_tap_for_what_was_planned(ledger, client_for, start):
    request = ledger.agree(ledger.ask(date(2026, 11, 10), 60), 45)
    later = ledger.agreed(WEDNESDAY, 30)
    staff = client_for(STAFF)
    assert f"/ledger/requests/{later.id}/record-planned" not in page(staff, start).html
    address = f"/ledger/requests/{request.id}/record-planned"
    assert address in page(staff, start).html
    for _click in range(2):
        answer = staff.submit(address, {}, form_at="/ledger/requests/new")
        assert answer.location == "/ledger/?month=2026-11"
    assert "予定どおり45分を記録しました。" in page(staff, "/ledger/")
    assert ledger.amounts()[0] == 45
    answer = staff.submit(
        f"/ledger/requests/{later.id}/record-planned", {}, form_at="/ledger/requests/new"
    )
    assert answer.status_code == 422
    assert "始まってから記録してください。" in answer.get_data(as_text=True)


def test_closing_too_early_or_nonsense(ledger, client_for):
    hr = client_for(HR)
    for period, words in (("2026-11", "まだ終わっていません"), ("x", "締める月が分かりません")):
        answer = hr.submit("/ledger/closing", {"period": period}, form_at="/ledger/closing")
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    assert Closing.select().count() == 0


def test_what_arrived_late_is_seen(ledger, client_for, closed):
    ledger.leave(STAFF, "annual", "2026-11-20T08:30", "2026-11-20T17:15")
    hr = client_for(HR)
    shown = page(hr, "/ledger/closing/late")
    assert "締めたときの勤務時間：147時間15分" in shown
    assert "今なら：139時間30分" in shown
    assert "年次休暇" not in shown
    from niwari.ledger.models import LateBase

    address = f"/ledger/closing/late/{LateBase.get().id}/settle"
    hr.submit(address, {}, form_at="/ledger/closing/late")
    assert "確かめるものはありません" in page(hr, "/ledger/closing/late")


def test_what_the_pages_cost(queries, client_for, ledger, closed, town):
    staff, hr = client_for(STAFF), client_for(HR)
    ask_hr(ledger, staff, closed)
    addresses = ("/ledger/closing", "/ledger/closing/corrections", "/ledger/closing/late")
    few = [cost(queries, hr, address) for address in addresses]
    for number in range(10):
        town("072036").appoint(f"many{number}@x", f"市民部/第{number}課")
        ledger.ask(date(2026, 12, 9), 60, by=f"many{number}@x")
        Correction.create(
            request=closed.id,
            former=100,
            minutes=number,
            reason="x",
            state="asked",
            after_closing=True,
            form_key=f"k{number}",
            asked_at=ledger.ctx(STAFF).now,
            asked_by=ledger.ctx(STAFF).acting.id,
        )
    assert few == [cost(queries, hr, address) for address in addresses]
    assert max(few) <= SHELL + OWN
    assert cost(queries, staff, f"/ledger/requests/{closed.id}") <= SHELL + OWN
    assert cost(queries, hr, "/") <= SHELL + OWN + CARDS + OFFERS


def test_in_english(client_for, ledger, closed):
    hr = client_for(HR)
    hr.set_cookie("niwari_locale", "en")
    assert closed.state == State.RECORDED
    for address in ("/ledger/closing", "/ledger/closing/corrections", "/ledger/closing/late"):
        assert page(hr, address).status == 200
