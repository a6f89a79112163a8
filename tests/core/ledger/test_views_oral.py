"""Noting an oral OK, confirming it, and calling off what was agreed to, through the pages."""

import re

import pytest

from niwari.ledger.deciding.revoking import DEFAULT_REASON
from niwari.ledger.models import Request, State

from .conftest import WEDNESDAY
from .test_oral import choose_oral, note
from .test_views_budgets import OWN, SHELL, cost
from .test_views_forms import says
from .test_views_journey import Page, form_of, page

__all__ = ["choose_oral"]

STAFF, HEAD = "staff@koriyama", "head@koriyama"
NEW, LIST = "/ledger/requests/new", "/ledger/approvals"


def ticked(client, **changes):
    """Return the form as a browser sends it with the tick set and the rest as it stood."""
    html = page(client, NEW).html
    said = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1]
        for name in ("oral_day", "oral_time")
    }
    post = re.search(r'<select[^>]*name="oral_by"[^>]*>.*?value="(\d+)"', html, re.DOTALL)[1]
    return form_of(client, **{"oral": "y", "oral_by": post, **said, **changes})


def asked(client, **changes):
    """Ask with the tick; returns the request's address."""
    answer = client.submit(NEW, ticked(client, **changes))
    assert answer.status_code == 303
    return answer.location


def click(client, address, name, form_at, **fields):
    """Press a button of a page for the head, as its form is sent."""
    key = page(client, form_at).hidden("key")[-1]
    return client.submit(f"{address}/{name}", {"key": key, **fields}, form_at=form_at)


class TestNoting:
    def test_one_tick_reserves_the_time(self, client_for):
        staff = client_for(STAFF)
        shown = page(staff, asked(staff))
        assert "口頭の了承を書きとめ、時間を確保しました。所属長があとから確かめます。" in shown
        assert "了承済み 2時間" in shown
        assert "未確認" in shown
        assert "予定（了承済み） 2時間" in page(staff, "/ledger/")

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("oral_day", "", "日にちを 2026-11-18 の形で"),
            ("oral_time", "25:00", "時刻を 15:00 の形で"),
            ("oral_time", "09:01", "今より前の日時を入力してください"),
            ("oral_day", "2026-10-01", "5開庁日のうちに"),
            ("oral_by", "", "了承した人を選んでください"),
            ("oral_by", "999999", "了承した人を選んでください"),
            ("oral_by", "x", "了承した人を選んでください"),
        ],
    )
    def test_a_field_that_is_refused(self, client_for, field, typed, words):
        staff = client_for(STAFF)
        answer = Page(staff.submit(NEW, ticked(staff, **{field: typed})))
        assert (answer.status, Request.select().count()) == (422, 0)
        assert says(answer, field, words)
        assert re.search(r'name="oral"[^>]*checked|checked[^>]*name="oral"', answer.html)

    def test_without_the_tick_its_fields_are_left_alone(self, client_for):
        staff = client_for(STAFF)
        fields = {**ticked(staff, oral_day="x", oral_time="x", oral_by="x")}
        del fields["oral"]
        assert staff.submit(NEW, fields).status_code == 303
        assert Request.get().state == State.REQUESTED

    def test_where_the_town_uses_none_there_is_no_tick(self, client_for, choose_oral):
        choose_oral(on=False)
        assert 'name="oral"' not in page(client_for(STAFF), NEW).html

    def test_the_head_is_offered_the_superior_and_never_oneself(self, client_for, ledger):
        html = page(client_for(HEAD), NEW).html
        choices = re.search(r'name="oral_by".*?</select>', html, re.DOTALL)[0]
        assert ledger.ctx(HEAD).acting.person_name not in choices


class TestConfirming:
    def test_one_tap_on_the_list(self, client_for):
        staff, head = client_for(STAFF), client_for(HEAD)
        address = asked(staff)
        listed = page(head, LIST)
        assert "口頭の了承を確かめる" in listed
        assert "11月17日（火）までに確認" in listed
        assert click(head, address, "oral/confirm", LIST).status_code == 303
        assert "口頭の了承を確かめる" not in page(head, LIST)
        assert "が確かめました" in page(staff, address)

    def test_denying_needs_a_word_and_gives_the_time_back(self, client_for):
        staff, head = client_for(STAFF), client_for(HEAD)
        address = asked(staff)
        refused = Page(click(head, address, "oral/deny", address))
        assert refused.status == 422
        assert says(refused, "denial-note", "一言入力してください")
        assert click(head, address, "oral/deny", address, note="別の日の話です").status_code == 303
        shown = page(staff, address)
        assert "業務都合による取りやめ" in shown
        assert "「了承していません」と答えました" in shown
        assert "別の日の話です" in shown

    def test_the_second_head_reads_that_it_is_answered(self, client_for, ledger):
        head, request = client_for(HEAD), note(ledger)
        address = f"/ledger/requests/{request.id}"
        late = page(head, address).hidden("key")[-1]
        click(head, address, "oral/confirm", LIST)
        again = Page(
            head.submit(f"{address}/oral/deny", {"key": late, "note": "いいえ"}, form_at=LIST)
        )
        assert again.status == 409
        assert "すでに処理されています" in again

    def test_the_menu_counts_it(self, client_for, ledger):
        note(ledger)
        ledger.ask(WEDNESDAY, 30)
        badge = re.search(
            r"了承を待つ申込み.{0,200}?(\d+)", page(client_for(HEAD), "/").html, re.DOTALL
        )
        assert badge[1] == "2"


class TestRevoking:
    def test_the_head_shortens_and_then_calls_off(self, client_for, ledger):
        staff, head = client_for(STAFF), client_for(HEAD)
        address = f"/ledger/requests/{ledger.agreed(WEDNESDAY, 120).id}"
        assert click(head, address, "shorten", address, minutes="60").status_code == 303
        assert "短くして了承 1時間" in page(staff, address)
        assert click(head, address, "revoke", address, reason="").status_code == 303
        shown = page(staff, address)
        assert "業務都合による取りやめ" in shown
        assert "理由 業務都合のため" in shown

    def test_the_reason_that_stood_there_is_the_same_in_every_language(self, client_for, ledger):
        head = client_for(HEAD)
        head.set_cookie("niwari_locale", "en")
        wanted = ledger.agreed(WEDNESDAY, 120)
        address = f"/ledger/requests/{wanted.id}"
        (said,) = re.findall(r'name="reason"[^>]*>\s*([^<]+?)\s*<', page(head, address).html)
        assert said == "For reasons of duty"
        click(head, address, "revoke", address, reason=said)
        assert Request.get_by_id(wanted.id).ended_reason == DEFAULT_REASON

    @pytest.mark.parametrize(
        ("minutes", "words"),
        [
            ("", "残す長さを分で入力してください"),
            ("120", "了承した2時間より短い"),
            ("-1", "0分以上の整数で"),
            ("x", "整数で入力してください"),
        ],
    )
    def test_a_number_that_shortens_nothing(self, client_for, ledger, minutes, words):
        head, address = client_for(HEAD), f"/ledger/requests/{ledger.agreed(WEDNESDAY, 120).id}"
        answer = Page(click(head, address, "shorten", address, minutes=minutes, reason="議会"))
        assert answer.status == 422
        assert says(answer, "revoking-minutes", words)
        assert "議会" in answer

    def test_the_person_has_no_such_card(self, client_for, ledger):
        address = f"/ledger/requests/{ledger.agreed(WEDNESDAY, 120).id}"
        assert "取りやめる" not in page(client_for(STAFF), address)
        assert "すべて取りやめる" in page(client_for(HEAD), address)


def test_pages_stay_within_their_budget(queries, client_for, ledger):
    requests = [note(ledger, minutes=1) for _ in range(12)]
    ledger.ask(WEDNESDAY, 60)
    head = client_for(HEAD)
    assert cost(queries, head, LIST) <= SHELL + OWN
    for login in (STAFF, HEAD):
        for address in (NEW, f"/ledger/requests/{requests[0].id}"):
            assert cost(queries, client_for(login), address) <= SHELL + OWN


def test_the_list_costs_the_same_with_2_and_with_12(queries, client_for, ledger):
    costs = []
    for number in (2, 10):
        for _ in range(number):
            note(ledger, minutes=1)
        costs.append(cost(queries, client_for(HEAD), LIST))
    assert costs[0] == costs[1]
