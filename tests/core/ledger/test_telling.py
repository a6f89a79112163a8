"""Who is told by notices: who answers a request now, and the person what was answered."""

from datetime import date

import pytest

from niwari.ledger.asking import requests
from niwari.ledger.deciding import decisions
from niwari.ledger.errors import AlreadyDecided
from niwari.notices.choices import choose
from niwari.notices.models import Notice
from niwari.testing.told import told

from .conftest import OFFERED, WEDNESDAY
from .test_standing_in import delegate

WAITS, DECIDED = "ledger.waits", "ledger.decided"
STAFF, HEAD = "staff@koriyama", "head@koriyama"
GENERAL = {"ja": "学び・相談", "en": "Learning and consulting"}


def heard(code):
    """Return the logins of those who were told of ``code``, sorted."""
    return sorted(one.login for one in told() if one.code == code)


def values(code):
    """Return what the latest notice of ``code`` says."""
    return [one.values for one in told() if one.code == code][-1]


class TestWaiting:
    def test_the_head_is_told_once_of_a_form_that_was_sent_twice(self, ledger):
        wish = ledger.wish(WEDNESDAY, 60)
        for _ in range(2):
            requests.ask(ledger.ctx(STAFF), wish, OFFERED)
        assert heard(WAITS) == [HEAD]

    def test_while_the_head_is_away_the_first_in_post_order_is_told_too(self, ledger, head_away):
        ledger.ask(WEDNESDAY, 60, by="member@x")
        assert heard(WAITS) == ["first@x", "head@x"]

    def test_while_the_head_is_there_the_next_in_post_order_is_not_told(self, ledger, office):
        ledger.ask(WEDNESDAY, 60, by="member@x")
        assert heard(WAITS) == ["head@x"]

    def test_who_stands_in_by_delegation_is_told_beside_the_head(self, ledger, office):
        delegate(ledger, login="second@x")
        ledger.ask(WEDNESDAY, 60, by="member@x")
        assert heard(WAITS) == ["head@x", "second@x"]

    def test_a_heads_own_request_is_told_to_the_next_superior(self, ledger, office):
        ledger.ask(WEDNESDAY, 60, by="head@x")
        assert heard(WAITS) == ["director@x"]

    def test_who_muted_it_is_not_told(self, ledger):
        choose(ledger.ctx(HEAD), {WAITS: "off"})
        ledger.ask(WEDNESDAY, 60)
        assert heard(WAITS) == []

    def test_asked_again_it_waits_again(self, ledger):
        first = ledger.return_(ledger.ask(WEDNESDAY, 60))
        requests.ask_again(ledger.ctx(STAFF), first.id, ledger.wish(WEDNESDAY, 30), OFFERED)
        assert heard(WAITS) == [HEAD, HEAD]

    def test_it_says_kind_and_day_and_never_the_words(self, ledger):
        ledger.ask(WEDNESDAY, 60, activity="planning", purpose="合併の相談")
        assert values(WAITS) == {
            "month": 11,
            "day": 18,
            "activity": {"ja": "企画・立案への参加", "en": "Taking part in planning"},
        }

    def test_a_discreet_class_is_learning_and_consulting_to_everybody(self, ledger, client_for):
        request = ledger.ask(WEDNESDAY, 60, activity="consult", purpose="病気の相談")
        ledger.agree(request)
        assert values(WAITS)["activity"] == values(DECIDED)["activity"] == GENERAL
        assert [one.data for one in Notice.select() if "病気" in one.data] == []
        for login in (HEAD, STAFF):
            assert "病気" not in client_for(login).get("/notices/").get_data(as_text=True)

    def test_it_leads_to_what_waits_in_the_readers_language(self, ledger, client_for):
        ledger.ask(WEDNESDAY, 60)
        client = client_for(HEAD)
        page = client.get("/notices/").get_data(as_text=True)
        sentence = "11月18日の「学び・相談」の申込みが、あなたの了承を待っています。"
        number = page.split(sentence)[0].rsplit('href="/notices/', 1)[1].split('"')[0]
        client.set_cookie("niwari_locale", "en")
        page = client.get("/notices/").get_data(as_text=True)
        assert "A request for 11/18 (Learning and consulting) waits for your OK." in page
        assert client.get(f"/notices/{number}").location == "/ledger/approvals"


class TestDecided:
    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (lambda ledger, one: ledger.agree(one), "了承済み"),
            (lambda ledger, one: ledger.agree(one, 30), "短くして了承"),
            (lambda ledger, one: ledger.return_(one), "相談して直す"),
            (lambda ledger, one: ledger.decline(one), "今回は見送り"),
        ],
    )
    def test_the_person_is_told_what_was_answered(self, ledger, answer, said):
        answer(ledger, ledger.ask(WEDNESDAY, 60))
        assert heard(DECIDED) == [STAFF]
        assert values(DECIDED)["answer"]["ja"] == said

    def test_a_second_click_and_a_second_head_tell_nobody(self, ledger, head_away):
        request = ledger.ask(WEDNESDAY, 60, by="member@x")
        for _ in range(2):
            decisions.agree(ledger.ctx("head@x"), request.id, key="one click")
        with pytest.raises(AlreadyDecided):
            ledger.decline(request, by="first@x")
        assert heard(DECIDED) == ["member@x"]

    def test_who_muted_it_is_not_told(self, ledger):
        choose(ledger.ctx(STAFF), {DECIDED: "off"})
        ledger.agreed(WEDNESDAY, 60)
        assert heard(DECIDED) == []


def test_asking_costs_the_same_however_many_stand_in(ledger, office, queries):
    def cost(day):
        with queries() as log:
            ledger.ask(date(2026, 11, day), 60, by="member@x")
        return len(log)

    cost(17)
    alone = cost(18)
    for login in ("first@x", "second@x"):
        delegate(ledger, login=login)
    assert cost(19) == alone
