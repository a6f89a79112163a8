"""What stands on the ledger's pages once, in which order, and what does not stand there."""

from datetime import date

from niwari.ledger.arranging import freezing
from niwari.ledger.closing.closing import close
from niwari.ledger.worktime import PeriodKind, period_of

from .conftest import WEDNESDAY
from .test_views_journey import page

STAFF, HEAD, HR = "staff@koriyama", "head@koriyama", "hr@koriyama"
CALLED_OFF = "取りやめ・変更"


def test_what_a_closing_ended_is_not_called_off(ledger, client_for):
    request = ledger.agreed(WEDNESDAY, 60)
    ledger.now(12, 2, 9)
    close(ledger.ctx(HR), period_of(PeriodKind.MONTH, WEDNESDAY))
    shown = page(client_for(STAFF), f"/ledger/requests/{request.id}")
    assert "記録なしで終了 1時間" in shown
    assert CALLED_OFF not in shown


def test_what_rests_says_so_once_and_to_the_head_where_to_answer(ledger, client_for):
    request = ledger.agreed(WEDNESDAY, 60)
    freezing.freeze(ledger.ctx(HR), from_at=None, reason="台風の災害対応")
    ledger.world.work()
    own, head = (
        page(client_for(who), f"/ledger/requests/{request.id}").words for who in (STAFF, HEAD)
    )
    where = "人事担当が再開すると、「了承を待つ申込み」に並びます。"
    assert (CALLED_OFF in own, own.count("台風の災害対応"), where in own) == (False, 1, False)
    assert where in head


def test_the_month_shows_what_to_do_before_what_explains_it(ledger, client_for):
    ledger.ask(WEDNESDAY, 60, purpose="窓口の勉強会")
    shown = page(client_for(STAFF), "/ledger/").words
    parts = ("窓口の勉強会", "わたしの包括了承", "2026年度", "この枠になる理由")
    assert [shown.index(words) for words in parts] == sorted(shown.index(words) for words in parts)


def test_a_month_past_its_day_says_that_it_closes_shortly(ledger, client_for):
    ledger.now(11, 17, 9)
    shown = page(client_for(HR), "/ledger/closing")
    assert "10月は、締める日（11月16日（月））になりました。まもなく自動で締まります。" in shown


def test_hr_finds_the_ledgers_rooms_side_by_side(ledger, client_for):
    menu = page(client_for(HR), "/").words
    places = [menu.index(words) for words in ("20%の決まり", "月の締め", "20%の集計")]
    assert places == sorted(places)
    assert menu[places[0] : places[2]].split() == ["20%の決まり", "月の締め"]


def test_a_sections_name_stands_in_the_month_only_where_there_are_several(ledger, client_for, town):
    ledger.agreed(WEDNESDAY, 60)
    head = client_for(HEAD)
    address = "/ledger/heads/month?month=2026-11"
    nobody = page(head, "/ledger/heads/month?month=2027-03").words.count("市民課")
    assert page(head, address).words.count("市民課") == nobody
    town("072036").appoint("below@x", "市民部/市民課/窓口係")
    ledger.agreed(date(2026, 11, 19), 60, by="below@x")
    assert page(head, address).words.count("市民課") > nobody
