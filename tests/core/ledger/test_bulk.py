"""「選んだものを了承する」: several requests at once, each by the rules of one (L1 to L3, L9)."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import Invalid, NotFound
from niwari.ledger.deciding import bulk, decisions, waiting_list
from niwari.ledger.models import Request, State

from .conftest import WEDNESDAY
from .test_races import at_once
from .test_views_journey import page


def agree(ledger, *requests, key="click", by="head@koriyama"):
    return bulk.agree_to_all(ledger.ctx(by), [one.id for one in requests], key=key)


def rules(outcome):
    """Return for each refused request the rule that says no."""
    return {line.request.id: line.refusal.rule for line in outcome.refused}


def states():
    return [one.state for one in Request.select().order_by(Request.id)]


class TestEachByTheRules:
    def test_all_that_can_be_are_agreed_to(self, ledger):
        asked = [ledger.ask(WEDNESDAY, 60), ledger.ask(WEDNESDAY, 30, by="staff2@koriyama")]
        outcome = agree(ledger, *asked)
        assert outcome.is_whole
        assert [line.request.id for line in outcome.agreed] == [one.id for one in asked]
        assert ledger.amounts() == (0, 60, 1707)

    def test_what_is_over_free_is_named_and_the_others_stand(self, ledger):
        """L3: the nearer day of one person comes first, whatever was ticked first."""
        later = ledger.ask(date(2026, 11, 19), 1000)
        nearer = ledger.ask(WEDNESDAY, 1000)
        other = ledger.ask(WEDNESDAY, 60, by="staff2@koriyama")
        outcome = agree(ledger, later, other, nearer)
        assert rules(outcome) == {later.id: "L3"}
        assert {line.request.id for line in outcome.agreed} == {nearer.id, other.id}
        assert ledger.amounts() == (0, 1000, 767)
        assert ledger.journal() == [("agreement", 0, 0, 1000)]

    def test_what_is_past_or_decided_meanwhile_is_named(self, ledger):
        past = ledger.ask(date(2026, 11, 10), at=("10:00", "11:00"))
        decided, good = ledger.ask(WEDNESDAY, 60), ledger.ask(date(2026, 11, 19), 60)
        ledger.decline(decided)
        ledger.now(11, 10, 10)
        outcome = agree(ledger, past, decided, good)
        assert rules(outcome) == {past.id: "L1", decided.id: "L2"}
        assert states() == [State.REQUESTED, State.DECLINED, State.AGREED]

    def test_the_own_request_is_refused(self, ledger):
        own, good = ledger.ask(WEDNESDAY, 60, by="head@koriyama"), ledger.ask(WEDNESDAY, 60)
        assert rules(agree(ledger, own, good)) == {own.id: "L9"}

    def test_what_others_answer_is_only_counted(self, ledger, town):
        town("072036").appoint("chief@x", "財務部/税務課", head=True)
        town("072036").appoint("member@x", "財務部/税務課")
        foreign, good = ledger.ask(WEDNESDAY, 60, by="member@x"), ledger.ask(WEDNESDAY, 60)
        outcome = agree(ledger, foreign, good)
        assert (outcome.refused, outcome.gone) == ((), 1)
        assert Request.get_by_id(foreign.id).state == State.REQUESTED

    @pytest.mark.parametrize("head", ["head@sukagawa", "head2@koriyama"])
    def test_where_nothing_is_there_it_is_404(self, ledger, head):
        request = ledger.ask(WEDNESDAY, 60)
        with pytest.raises(NotFound):
            agree(ledger, request, by=head)

    def test_none_and_too_many(self, ledger):
        with pytest.raises(Invalid):
            agree(ledger)
        with pytest.raises(Invalid):
            bulk.agree_to_all(ledger.ctx("head@koriyama"), range(1, 52), key="click")

    def test_a_discreet_class_stays_so_among_the_refused(self, ledger):
        """L14."""
        ledger.agreed(WEDNESDAY, 1000)
        asked = ledger.ask(date(2026, 11, 19), 1000, activity="consult")
        assert agree(ledger, asked).refused[0].request.activity == "general"


class TestTwice:
    def test_a_double_click_gives_the_same_answer(self, ledger):
        first, second = ledger.ask(WEDNESDAY, 1000), ledger.ask(date(2026, 11, 19), 1000)
        outcomes = [agree(ledger, first, second) for _click in range(2)]
        assert [rules(one) for one in outcomes] == [{second.id: "L3"}] * 2
        assert [len(one.agreed) for one in outcomes] == [1, 1]
        assert AuditEntry.select().where(AuditEntry.action == "ledger.agree").count() == 1

    def test_two_at_once_in_opposite_orders(self, ledger):
        """L2: nobody waits for ever, and each request is agreed to once."""
        asked = [
            ledger.ask(day, 60, by=login)
            for login in ("staff@koriyama", "staff2@koriyama")
            for day in (WEDNESDAY, date(2026, 12, 2))
        ]
        ctx = ledger.ctx("head@koriyama")
        ids = [one.id for one in asked]
        outcomes = at_once(
            lambda: bulk.agree_to_all(ctx, ids, key="one"),
            lambda: bulk.agree_to_all(ctx, ids[::-1], key="two"),
            lambda: decisions.agree(ctx, ids[-1], key="three"),
        )
        assert states() == [State.AGREED] * 4
        agreed = sum(len(one.agreed) for one in outcomes if isinstance(one, bulk.Outcome))
        assert agreed in (3, 4)
        assert ledger.amounts() == (0, 60, 1707)


def test_fifty_cost_fifty_times_one(ledger, town, queries):
    for number in range(11):
        town("072036").appoint(f"many{number}@x", "市民部/市民課")
    asked = [ledger.ask(WEDNESDAY, 60, by=f"many{number}@x") for number in range(11)]
    head = ledger.ctx("head@koriyama")
    with queries() as one:
        bulk.agree_to_all(head, [asked[0].id], key="one")
    with queries() as ten:
        bulk.agree_to_all(head, [request.id for request in asked[1:]], key="ten")
    each = (len(ten) - len(one)) / 9
    assert len(one) <= 12
    assert each <= 10


class TestThePage:
    def fields(self, client, *chosen, address="/ledger/approvals"):
        shown = page(client, address)
        form = shown.html[shown.html.index('id="chosen"') :]
        key = form[form.index('name="key"') :].split('value="')[1].split('"')[0]
        return {"key": key, "requests": [str(one) for one in chosen]}

    def send(self, client, *chosen):
        fields = self.fields(client, *chosen)
        return client.submit("/ledger/approvals/agree", fields, form_at="/ledger/approvals")

    def test_says_how_many_and_goes_back_to_the_list(self, ledger, client_for):
        asked = [ledger.ask(WEDNESDAY, 60), ledger.ask(WEDNESDAY, 30)]
        head = client_for("head@koriyama")
        answer = self.send(head, *[one.id for one in asked])
        assert (answer.status_code, answer.location) == (303, "/ledger/approvals")
        assert "2件を了承しました。" in page(head, "/ledger/approvals")

    def test_names_line_by_line_what_was_not(self, ledger, client_for):
        first, second = ledger.ask(WEDNESDAY, 1000), ledger.ask(date(2026, 11, 19), 1000)
        answer = self.send(client_for("head@koriyama"), first.id, second.id)
        words = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "了承できなかった申込みがあります" in words
        assert "残りは12時間47分です。" in words
        assert "1件を了承しました。" in words

    @pytest.mark.parametrize("chosen", [(), ("x",), ("0", "99999999999999")])
    def test_nothing_that_can_be_ticked_is_said_so(self, ledger, client_for, chosen):
        ledger.ask(WEDNESDAY, 60)
        answer = self.send(client_for("head@koriyama"), *chosen)
        assert answer.status_code == 422
        assert states() == [State.REQUESTED]

    def test_all_are_ticked_without_a_script_but_what_cannot_be(self, ledger, client_for):
        ledger.agreed(WEDNESDAY, 1000)
        ledger.ask(date(2026, 11, 19), 1000)
        ledger.ask(date(2026, 11, 20), 60)
        head = client_for("head@koriyama")
        assert " checked" not in page(head, "/ledger/approvals").html
        assert page(head, "/ledger/approvals?tick=all").html.count(" checked") == 1

    def test_eighty_come_in_pages_by_day_and_section(self, ledger, client_for, town):
        for number in range(80):
            town("072036").appoint(f"many{number}@x", "市民部/市民課")
            ledger.ask(date(2026, 11, 18 + number % 2), 60, by=f"many{number}@x")
        head = client_for("head@koriyama")
        first = page(head, "/ledger/approvals")
        after = first.html.split("/ledger/approvals?after=")[1].split('"')[0]
        second = page(head, f"/ledger/approvals?after={after}")
        assert [one.html.count('name="requests"') for one in (first, second)] == [50, 30]
        assert "11月18日（水） 市民課" in first
        assert "11月18日（水） 市民課" not in second
        ids = [
            item.request.id
            for place in (None, waiting_list.waiting_page(ledger.ctx("head@koriyama")).following)
            for item in waiting_list.waiting_page(ledger.ctx("head@koriyama"), after=place).items
        ]
        assert len(set(ids)) == 80

    @pytest.mark.parametrize(
        "after", ["x", "2026-11-18", "2026-11-18_0_1", "2026-11-18_1_99999999999"]
    )
    def test_a_place_that_is_none_is_the_beginning(self, ledger, client_for, after):
        ledger.ask(WEDNESDAY, 60, purpose="窓口の勉強会")
        shown = page(client_for("head@koriyama"), f"/ledger/approvals?after={after}")
        assert "窓口の勉強会" in shown
