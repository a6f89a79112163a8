"""Recording beyond an OK, and the head's answer, through the pages (rule L17)."""

import pytest

from niwari.ledger.closing.closing import close
from niwari.ledger.models import JournalEntry, Supplement
from niwari.ledger.worktime import PeriodKind, period_of

from .conftest import WEDNESDAY
from .test_supplements import TODAY, accept, beyond
from .test_views_forms import says
from .test_views_journey import Page, page

STAFF, HEAD, HR = "staff@koriyama", "head@koriyama", "hr@koriyama"
LIST = "/ledger/approvals"


@pytest.fixture
def address(ledger, tolerate):
    """The page of a request of today with an OK for 120 minutes; the tolerance is 15."""
    tolerate(15)
    return f"/ledger/requests/{ledger.agreed(TODAY, 120, purpose='視察').id}"


def record(client_for, address, minutes):
    """Record as the person."""
    staff = client_for(STAFF)
    return staff.submit(f"{address}/record", {"minutes": minutes}, form_at=address)


def answer(head, verb, form_at, **fields):
    """Press a button of a page for the head, as its form is sent."""
    key = page(head, form_at).hidden("key")[-1]
    address = f"/ledger/supplements/{beyond().id}/{verb}"
    return head.submit(address, {"key": key, **fields}, form_at=form_at)


class TestRecording:
    def test_without_a_tolerance_the_page_names_none(self, ledger, client_for):
        request = ledger.agreed(TODAY, 120)
        assert "了承された2時間までです。" in page(
            client_for(STAFF), f"/ledger/requests/{request.id}"
        )

    def test_longer_it_counts_at_once_and_waits(self, client_for, address):
        staff = client_for(STAFF)
        assert "15分まで長く記録できます" in page(staff, address)
        done = staff.submit(f"{address}/record", {"minutes": 130}, form_at=address)
        shown = page(staff, done.location)
        assert "了承より長い10分は、所属長が確かめます。" in shown
        assert "記録済み 2時間10分" in shown
        assert "追加分（了承より長い時間）" in shown
        assert "所属長の答えを待っています" in shown
        assert "使った 2時間10分" in page(staff, "/ledger/")
        assert "記録を訂正する" in shown

    @pytest.mark.parametrize(
        ("minutes", "words"),
        [(136, "2時間に許容時間を足した2時間15分までです"), ("x", "長さを分で")],
    )
    def test_too_long_it_is_told_beside_the_field_and_kept(
        self, client_for, address, minutes, words
    ):
        refused = Page(record(client_for, address, minutes))
        assert refused.status == 422
        assert says(refused, "minutes", words)
        assert f'value="{minutes}"' in refused.html
        assert not JournalEntry.select().where(JournalEntry.kind == "record").exists()

    def test_a_correction_names_the_tolerance(self, client_for, address):
        record(client_for, address, 120)
        staff = client_for(STAFF)
        form = page(staff, f"{address}/correct")
        assert "15分まで長くできます" in form
        fields = {name: form.hidden(name)[-1] for name in ("key", "entry")}
        fields |= {"minutes": 125, "reason": ""}
        assert staff.submit(f"{address}/correct", fields).status_code == 303
        assert beyond().minutes == 5


class TestAnswering:
    def test_one_tap_on_the_list(self, client_for, address):
        record(client_for, address, 130)
        head = client_for(HEAD)
        listed = page(head, LIST)
        assert "追加分を確かめる" in listed
        assert "追加分 10分" in listed
        assert answer(head, "accept", LIST).status_code == 303
        said = page(head, LIST)
        assert "追加分を認めました。" in said
        assert "追加分を確かめる" not in said
        assert "認めました" in page(client_for(STAFF), address)

    def test_refusing_needs_a_word_and_makes_it_private_time(self, ledger, client_for, address):
        record(client_for, address, 130)
        head = client_for(HEAD)
        refused = Page(answer(head, "refuse", address))
        assert refused.status == 422
        assert says(refused, "supplement-note", "一言入力してください")
        long = Page(answer(head, "refuse", address, note="長" * 401))
        assert (long.status, "長" * 401 in long.html) == (422, True)
        assert beyond().state == "pending"
        said = answer(head, "refuse", address, note="会議は17時まででした。")
        assert said.status_code == 303
        shown = page(client_for(STAFF), address)
        assert "記録済み 2時間" in shown
        assert "認めませんでした。私的な時間です" in shown
        assert "取消記録（私的な時間）" in shown
        assert "会議は17時まででした。" in shown
        assert ledger.amounts() == (120, 0, 1647)

    def test_the_second_reads_that_it_is_answered(self, ledger, client_for, address):
        record(client_for, address, 130)
        head = client_for(HEAD)
        key = page(head, LIST).hidden("key")[-1]
        accept(ledger)
        late = head.submit(
            f"/ledger/supplements/{beyond().id}/refuse",
            {"key": key, "note": "いいえ"},
            form_at=LIST,
        )
        assert late.status_code == 409
        assert "この追加分は、すでに処理されています。" in Page(late)

    def test_who_does_not_answer_for_the_person_finds_nothing(self, client_for, address):
        record(client_for, address, 130)
        there = f"/ledger/supplements/{beyond().id}/accept"
        for login in ("head@sukagawa", "head2@koriyama"):
            assert client_for(login).submit(there, {"key": "k"}, form_at=LIST).status_code == 404
        assert beyond().state == "pending"

    def test_the_purpose_of_a_discreet_class_is_called_like_most(
        self, ledger, client_for, tolerate
    ):
        tolerate(15)
        ledger.record(ledger.agreed(TODAY, 60, activity="consult"), 70)
        assert "学び・相談" in page(client_for(HEAD), f"/ledger/requests/{beyond().request_id}")


def test_at_closing_it_is_named_and_stays_unconfirmed(ledger, client_for, address):
    record(client_for, address, 130)
    ledger.now(12, 2, 9)
    named = page(client_for(HR), "/ledger/closing")
    assert "所属長がまだ答えていない追加分（了承より長い時間） 1件" in named
    close(ledger.ctx(HR), period_of(PeriodKind.MONTH, WEDNESDAY))
    assert "未確認のまま締まりました" in page(client_for(STAFF), address)
    head = client_for(HEAD)
    assert "追加分を確かめる" not in page(head, LIST)
    there = f"/ledger/supplements/{Supplement.get().id}/accept"
    late = Page(head.submit(there, {"key": "k"}, form_at=LIST))
    assert late.status == 409
    assert "11月はもう締まっています。追加分は「未確認」のまま残ります。" in late


def test_a_stand_ins_answer_is_seen_afterwards(ledger, client_for, address):
    record(client_for, address, 130)
    head = ledger.ctx(HEAD).acting.id
    other = ledger.ctx("head2@koriyama").acting.id
    accept(ledger)
    Supplement.update(on_behalf_of=head, decided_by=other).execute()
    client = client_for(HEAD)
    assert "代決者があなたの代わりに答えた追加分（後閲）" in page(client, LIST)
    there = f"/ledger/supplements/{Supplement.get().id}/seen"
    assert client.submit(there, {}, form_at=LIST).status_code == 303
    assert "代わりに答えた追加分" not in page(client, LIST)


def test_hr_reads_what_the_setting_does(client_for):
    shown = page(client_for(HR), "/ledger/rules")
    assert "許容時間" in shown
    assert "0なら、了承した長さまでしか記録できません。" in shown
