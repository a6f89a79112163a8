"""Forms that are refused: 422, what was typed stays, the field is named."""

import pytest

from niwari.ledger.models import Request

from .test_views_journey import WISH, Page, ask, form_of, page


def refused(client, **changes):
    """Send the request form, expect a refusal and see that nothing was written."""
    answer = Page(client.submit("/ledger/requests/new", form_of(client, **changes)))
    assert answer.status == 422
    assert Request.select().count() == 0
    return answer


def says(answer, field, words):
    """Tell whether the summary leads to the field and the field says the words."""
    own = answer.html.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    return f'href="#{field}"' in answer.html and words in own


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("purpose", "", "何をするのかを入力してください。"),
        ("purpose", "あ" * 401, "400文字以内"),
        ("work_date", "", "日にちを 2026-11-18 の形で"),
        ("work_date", "2026/11/18", "日にちを 2026-11-18 の形で"),
        ("work_date", "2026-02-30", "日にちを 2026-11-18 の形で"),
        ("work_date", "2026-11-09", "過ぎた時間は申し込めません。（L1）"),
        ("work_date", "2026-11-22", "その日は勤務日ではありません"),
        ("work_date", "9999-12-31", "2098年までの日にち"),
        ("minutes", "", "長さを分で入力してください。"),
        ("minutes", "0", "1分以上1,440分以内"),
        ("minutes", "-5", "1分以上1,440分以内"),
        ("minutes", "1441", "1分以上1,440分以内"),
        ("minutes", "90.5", "整数で入力してください。"),
        ("minutes", "二時間", "整数で入力してください。"),
    ],
)
def test_a_field_of_the_request(client_for, field, typed, words):
    answer = refused(client_for("staff@koriyama"), **{field: typed})
    assert says(answer, field, words)
    assert typed in answer.html


@pytest.mark.parametrize(
    ("starts", "ends", "field", "words"),
    [
        ("", "16:00", "starts", "時刻を 15:00 の形で"),
        ("15:00", "", "ends", "時刻を 15:00 の形で"),
        ("25:00", "16:00", "starts", "時刻を 15:00 の形で"),
        ("16:00", "15:00", "ends", "始まりより後にしてください。"),
        ("18:00", "19:00", "starts", "勤務時間の外です"),
    ],
)
def test_times(client_for, starts, ends, field, words):
    answer = refused(client_for("staff@koriyama"), how="interval", starts=starts, ends=ends)
    assert says(answer, field, words)
    for typed in filter(None, (starts, ends, WISH["purpose"])):
        assert typed in answer.html


def test_each_fault_is_said_once(client_for):
    answer = refused(client_for("staff@koriyama"), minutes="abc")
    own = answer.html.partition('id="minutes-error"')[2].partition("</p>")[0]
    assert own.count("。") == 1


def test_the_way_that_was_not_chosen_is_left_alone(client_for):
    client = client_for("staff@koriyama")
    ask(client, starts="25:00")
    ask(client, how="interval", starts="15:00", ends="16:00", minutes="abc")
    assert [one.minutes for one in Request.select().order_by(Request.id)] == [120, 60]


@pytest.mark.parametrize("field", ["activity", "place", "how"])
def test_a_choice_that_is_not_offered(client_for, field):
    answer = refused(client_for("staff@koriyama"), **{field: "moon"})
    assert f'href="#{field}' in answer.html


def test_a_class_of_a_plugin_that_is_off_is_not_offered(client_for, world):
    client = client_for("staff@koriyama")
    assert 'value="consult"' in page(client, "/ledger/requests/new").html
    world.switch("072036", "consult", on=False)
    assert 'value="consult"' not in page(client, "/ledger/requests/new").html
    refused(client, activity="consult")


def test_leave_and_overlap_name_their_rule(ledger, client_for):
    client = client_for("staff@koriyama")
    ledger.leave("staff@koriyama", "annual", "2026-11-19T08:30", "2026-11-19T17:15")
    answer = refused(client, work_date="2026-11-19")
    assert says(
        answer, "work_date", "休暇が登録されています。ほかの時間で申し込んでください。（L23）"
    )
    ask(client, how="interval", starts="15:00", ends="16:00")
    fields = form_of(client, how="interval", starts="15:30", ends="16:30")
    answer = Page(client.submit("/ledger/requests/new", fields))
    assert says(answer, "starts", "同じ時間に、ほかの申込みがあります。（L10）")


class TestTheAnswer:
    @pytest.fixture
    def address(self, client_for):
        """The address of a request of 120 minutes that waits."""
        return ask(client_for("staff@koriyama"))

    def answer(self, client_for, address, verb, **fields):
        head = client_for("head@koriyama")
        key = page(head, address).hidden("key")[0]
        answer = Page(head.submit(f"{address}/{verb}", {"key": key, **fields}, form_at=address))
        assert answer.status == 422
        assert Request.get().state == "requested"
        return answer

    @pytest.mark.parametrize(
        ("minutes", "words"),
        [
            ("0", "1分以上1,440分以内"),
            ("121", "申し込まれた2時間以内"),
            ("abc", "整数で入力してください。"),
        ],
    )
    def test_minutes(self, client_for, address, minutes, words):
        answer = self.answer(client_for, address, "agree", minutes=minutes, note="午後だけ")
        assert says(answer, "minutes", words)
        assert f'value="{minutes}"' in answer.html
        assert "午後だけ" in answer

    @pytest.mark.parametrize("verb", ["return", "decline"])
    def test_a_word_is_needed(self, client_for, address, verb):
        answer = self.answer(client_for, address, verb, minutes="60")
        assert says(answer, "note", "一言入力してください。")
        assert 'value="60"' in answer.html

    def test_more_than_is_left(self, ledger, client_for, address):
        ledger.agreed(minutes=1700, activity="general")
        answer = self.answer(client_for, address, "agree")
        assert says(answer, "minutes", "残りは1時間7分です。")
        assert "（L3）" in answer

    def test_no_key(self, client_for, address):
        head = client_for("head@koriyama")
        answer = Page(head.submit(f"{address}/agree", {}, form_at=address))
        assert answer.status == 422


class TestTheRecord:
    @pytest.mark.parametrize(
        ("minutes", "words"),
        [
            ("", "長さを分で入力してください。"),
            ("0", "1分以上1,440分以内"),
            ("x", "整数で入力してください。"),
            ("121", "記録できるのは、了承された2時間までです。（L17）"),
        ],
    )
    def test_minutes(self, ledger, client_for, minutes, words):
        client = client_for("staff@koriyama")
        address = ask(client, work_date="2026-11-10")
        ledger.agree(Request.get())
        answer = Page(client.submit(f"{address}/record", {"minutes": minutes}, form_at=address))
        assert answer.status == 422
        assert says(answer, "minutes", words)
        assert f'value="{minutes}"' in answer.html
        assert ledger.amounts() == (0, 120, 1647)

    def test_too_early(self, ledger, client_for):
        client = client_for("staff@koriyama")
        address = ask(client)
        ledger.agree(Request.get())
        answer = Page(client.submit(f"{address}/record", {"minutes": "60"}, form_at=address))
        assert answer.status == 422
        assert "まだ予定の時間になっていません。" in answer

    def test_a_withdrawal_after_the_start(self, ledger, client_for):
        client = client_for("staff@koriyama")
        address = ask(client, how="interval", starts="15:00", ends="16:00")
        ledger.agree(Request.get())
        ledger.now(11, 18, 15)
        client = client_for("staff@koriyama")
        answer = Page(client.submit(f"{address}/withdraw", {}, form_at=address))
        assert answer.status == 409
        assert "始まったあとは取り下げられません。" in answer
