"""J-LEDGER 1 to 4 through the pages, as the people named; and what each step says."""

import re
from html import unescape

import pytest

from niwari.ledger.models import Request, State

WISH = {
    "activity": "general",
    "purpose": "窓口の案内表示を見直す勉強会",
    "work_date": "2026-11-18",
    "how": "minutes",
    "minutes": "120",
    "place": "head_office",
}


class Page:
    """What an answer shows: its words, in their order, and its hidden fields."""

    def __init__(self, answer):
        self.status = answer.status_code
        self.html = answer.get_data(as_text=True)
        self.words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.html)))

    def __contains__(self, words):
        return words in self.words

    def hidden(self, name):
        """Return the values of the hidden fields of that name."""
        return re.findall(rf'name="{name}"[^>]*value="([^"]+)"', self.html)


def page(client, address):
    return Page(client.get(address))


def form_of(client, **changes):
    """Return the fields of the request form, as a browser sends it."""
    key = page(client, "/ledger/requests/new").hidden("form_key")[0]
    return {**WISH, "form_key": key, **changes}


def ask(client, **changes):
    """Ask over the form, follow to the request's page; returns its address."""
    answer = client.submit("/ledger/requests/new", form_of(client, **changes))
    assert answer.status_code == 303
    return answer.location


def test_j_ledger(ledger, client_for):
    staff, head = client_for("staff@koriyama"), client_for("head@koriyama")

    month = page(staff, "/ledger/")
    assert "勤務19日・147時間15分のうち、29時間27分まで使えます" in month
    assert "残り 29時間27分" in month

    asked = staff.submit("/ledger/requests/new", form_of(staff))
    shown = page(staff, asked.location)
    assert "申し込みました。所属長の了承を待ちます。" in shown
    assert "了承を待っています 2時間" in shown
    assert "残り 29時間27分" in page(staff, "/ledger/")

    waiting = page(head, "/ledger/approvals")
    assert WISH["purpose"] in waiting
    assert "この月の残り 29時間27分" in waiting
    agreed = head.submit(
        f"{asked.location}/agree", {"key": waiting.hidden("key")[0]}, form_at="/ledger/approvals"
    )
    assert agreed.location == "/ledger/approvals"
    assert "了承しました。" in page(head, "/ledger/approvals")
    month = page(staff, "/ledger/")
    assert "予定（了承済み） 2時間" in month
    assert "残り 27時間27分" in month

    ledger.now(11, 18, 17)
    staff, head = client_for("staff@koriyama"), client_for("head@koriyama")
    recorded = staff.submit(f"{asked.location}/record", {"minutes": "100"}, form_at=asked.location)
    assert recorded.status_code == 303
    assert "記録した長さ 1時間40分" in page(staff, asked.location)
    month = page(staff, "/ledger/")
    for words in ("使った 1時間40分", "予定（了承済み） 0分", "残り 27時間47分"):
        assert words in month
    assert ledger.amounts() == (100, 0, 1667)
    assert "記録した長さ 1時間40分" in page(head, asked.location)


def test_the_head_agrees_to_less(client_for):
    staff, head = client_for("staff@koriyama"), client_for("head@koriyama")
    address = ask(staff)
    key = page(head, address).hidden("key")[0]
    answer = head.submit(
        f"{address}/agree", {"key": key, "minutes": "90", "note": "午後だけなら"}, form_at=address
    )
    assert answer.status_code == 303
    assert "短くして了承しました。" in page(head, "/ledger/approvals")
    shown = page(staff, address)
    assert "短くして了承 1時間30分" in shown
    assert "午後だけなら" in shown


@pytest.mark.parametrize(
    ("verb", "said", "state"),
    [
        ("return", "「相談して直す」で返しました。", State.RETURNED),
        ("decline", "今回は見送りにしました。", State.DECLINED),
    ],
)
def test_the_head_answers_otherwise(client_for, verb, said, state):
    staff, head = client_for("staff@koriyama"), client_for("head@koriyama")
    address = ask(staff)
    key = page(head, address).hidden("key")[0]
    head.submit(f"{address}/{verb}", {"key": key, "note": "議会の準備です。"}, form_at=address)
    assert said in page(head, "/ledger/approvals")
    assert "議会の準備です。" in page(staff, address)
    assert Request.get().state == state


def test_a_returned_request_is_changed_and_asked_again(client_for):
    staff, head = client_for("staff@koriyama"), client_for("head@koriyama")
    address = ask(staff)
    key = page(head, address).hidden("key")[0]
    head.submit(f"{address}/return", {"key": key, "note": "翌日なら"}, form_at=address)

    again = page(staff, f"{address}/again")
    assert WISH["purpose"] in again
    assert 'value="2026-11-18"' in again.html
    changed = {**WISH, "form_key": again.hidden("form_key")[0], "work_date": "2026-11-19"}
    answer = staff.submit(f"{address}/again", changed)
    assert answer.location == address
    shown = page(staff, address)
    assert "直して、もう一度申し込みました。" in shown
    assert "11月19日（木）" in shown
    assert WISH["purpose"] in page(head, "/ledger/approvals")


def test_what_waits_for_an_answer_is_not_opened_for_change(client_for):
    staff = client_for("staff@koriyama")
    address = ask(staff)
    assert page(staff, f"{address}/again").status == 409


def test_an_interval_is_asked_for_and_returns_into_its_form(ledger, client_for):
    staff = client_for("staff@koriyama")
    address = ask(staff, how="interval", starts="17:00", ends="18:00", minutes="")
    shown = page(staff, address)
    assert "11月18日（水）17:00" in shown
    assert "–18:00" in shown
    assert "長さ 15分" in shown
    ledger.return_(Request.get())
    again = page(staff, f"{address}/again")
    assert 'value="17:00"' in again.html
    assert 'value="18:00"' in again.html


def test_the_person_takes_it_back(ledger, client_for):
    staff = client_for("staff@koriyama")
    address = ask(staff)
    ledger.agree(Request.get())
    answer = staff.submit(f"{address}/withdraw", {}, form_at=address)
    assert answer.location == "/ledger/"
    month = page(staff, "/ledger/")
    assert "取り下げました。" in month
    assert "残り 29時間27分" in month
    assert "取り下げる" not in page(staff, address)


def test_a_double_click_is_one_request(client_for):
    staff = client_for("staff@koriyama")
    fields = form_of(staff)
    first = staff.submit("/ledger/requests/new", fields)
    second = staff.submit("/ledger/requests/new", fields)
    assert first.location == second.location
    assert Request.select().count() == 1


def test_the_same_page_with_something_else_says_so_and_then_takes_it(client_for):
    staff = client_for("staff@koriyama")
    fields = form_of(staff)
    staff.submit("/ledger/requests/new", fields)
    answer = Page(staff.submit("/ledger/requests/new", {**fields, "minutes": "60"}))
    assert answer.status == 422
    assert "もう受け付けています" in answer
    fresh = answer.hidden("form_key")[0]
    assert fresh != fields["form_key"]
    staff.submit("/ledger/requests/new", {**fields, "minutes": "60", "form_key": fresh})
    assert Request.select().count() == 2


def test_a_double_click_is_one_answer(ledger, client_for):
    staff, head = client_for("staff@koriyama"), client_for("head@koriyama")
    address = ask(staff)
    key = page(head, address).hidden("key")[0]
    for _click in range(2):
        answer = head.submit(f"{address}/agree", {"key": key}, form_at="/ledger/approvals")
        assert answer.status_code == 303
        ask(staff, work_date="2026-11-19", minutes="10")  # keeps a form in the list
    assert ledger.amounts()[1] == 120


def test_the_second_of_two_answers_is_told(client_for):
    staff, head = client_for("staff@koriyama"), client_for("head@koriyama")
    address = ask(staff)
    tabs = [page(head, address).hidden("key")[0] for _tab in range(2)]
    head.submit(f"{address}/agree", {"key": tabs[0]}, form_at=address)
    ask(staff, work_date="2026-11-19")
    answer = Page(
        head.submit(
            f"{address}/decline", {"key": tabs[1], "note": "x"}, form_at="/ledger/approvals"
        )
    )
    assert answer.status == 409
    assert "この申込みは、すでに処理されています。（L2）" in answer


@pytest.mark.parametrize(("locale", "words"), [("ja", "わたしの20%"), ("en", "My 20%")])
def test_in_both_languages(client_for, locale, words):
    staff = client_for("staff@koriyama")
    staff.set_cookie("niwari_locale", locale)
    ask(staff)
    assert words in page(staff, "/ledger/")


class TestTheMonthInTheAddress:
    @pytest.mark.parametrize(
        ("wanted", "shown"),
        [
            ("2026-12", "2026年12月"),
            ("2027-03", "2027年3月"),
            ("FY2026", "2026年4月"),
            ("", "2026年11月"),
            ("2026-13", "2026年11月"),
            ("9999-12", "2026年11月"),
            ("1949-01", "2026年11月"),
            ("2099-04", "2026年11月"),
            ("2099-03", "2099年3月"),
            ("%00", "2026年11月"),
        ],
    )
    def test_shows_it_or_the_present_one(self, client_for, wanted, shown):
        month = page(client_for("staff@koriyama"), f"/ledger/?month={wanted}")
        assert month.status == 200
        assert f"{shown}は、勤務" in month

    def test_leads_to_the_ones_beside_it(self, client_for):
        month = page(client_for("staff@koriyama"), "/ledger/?month=2027-01")
        assert "month=2026-12" in month.html
        assert "month=2027-02" in month.html
