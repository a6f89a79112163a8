"""Standing agreements (包括了承, rule L12): the answer, who gives it, and calling off the rest."""

from dataclasses import replace
from datetime import time

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import Invalid, NotFound
from niwari.events.models import Event
from niwari.ledger.deciding import waiting_list
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.errors import (
    AlreadyDecided,
    OwnRequest,
)
from niwari.ledger.models import JournalEntry, Request, Standing, State
from niwari.ledger.standing import asking, deciding, ending, sight
from niwari.testing.told import told

from .conftest import OFFERED
from .standing import (
    HEAD,
    STAFF,
    THIRD_WEDNESDAYS,
    agree,
    agreed,
    ask,
    occurrences,
    plan_of,
    reserved,
    wish,
)


class TestAnswering:
    def test_the_head_is_told_and_so_is_the_person(self, ledger):
        agreed(ledger)
        heard = [(one.code, one.login) for one in told()]
        assert heard == [("ledger.standing_waits", HEAD), ("ledger.standing_decided", STAFF)]

    def test_a_double_click_agrees_once(self, ledger):
        standing = ask(ledger)
        seen = plan_of(ledger, standing).mark
        for _ in range(2):
            said = agree(ledger, standing, key="click", seen=seen)
            assert (said.held, said.minutes, said.left_out) == (5, 300, 0)
        assert JournalEntry.select().count() == 5
        acts = AuditEntry.select().where(AuditEntry.action == "ledger.agree_standing")
        assert acts.count() == 1

    def test_the_second_approver_is_told_that_it_is_decided(self, ledger):
        standing = ask(ledger)
        seen = plan_of(ledger, standing).mark
        agree(ledger, standing)
        with pytest.raises(AlreadyDecided):
            agree(ledger, standing, seen=seen)

    @pytest.mark.parametrize("by", ["staff3@koriyama", "head@sukagawa"])
    def test_who_does_not_answer_finds_nothing(self, ledger, by):
        standing = ask(ledger)
        with pytest.raises(NotFound):
            agree(ledger, standing, by=by)
        with pytest.raises(NotFound):
            sight.see(ledger.ctx(by), standing.id)
        assert reserved(ledger, 11) == [0]

    def test_nobody_agrees_to_the_own(self, ledger):
        standing = ask(ledger, by=HEAD)
        with pytest.raises(OwnRequest):
            agree(ledger, standing, seen="x")

    def test_returned_it_is_changed_and_asked_again(self, ledger):
        standing = ask(ledger)
        deciding.return_(ledger.ctx(HEAD), standing.id, key="k", note="30分にできませんか。")
        shorter = wish(ledger, replace(THIRD_WEDNESDAYS, ends=time(15, 30)))
        for _twice in range(2):
            asking.ask_again(ledger.ctx(STAFF), standing.id, shorter, OFFERED)
        assert agree(ledger, standing).minutes == 150

    def test_declined_it_is_over_and_needs_a_word(self, ledger):
        standing, head = ask(ledger), ledger.ctx(HEAD)
        with pytest.raises(Invalid):
            deciding.decline(head, standing.id, key="k", note=" ")
        for _twice in range(2):
            deciding.decline(head, standing.id, key="k", note="議会があります。")
        with pytest.raises(AlreadyDecided):
            agree(ledger, standing, seen="x")
        with pytest.raises(AlreadyDecided):
            ending.withdraw(ledger.ctx(STAFF), standing.id)

    def test_a_discreet_class_is_learning_and_consulting_to_the_head(self, ledger):
        standing = ask(ledger, activity="consult")
        assert sight.see(ledger.ctx(HEAD), standing.id).standing.activity == "general"
        assert sight.see(ledger.ctx(STAFF), standing.id).standing.activity == "consult"
        agree(ledger, standing)
        times = sight.see(ledger.ctx(HEAD), standing.id).times
        assert {one.activity for one in times} == {"general"}

    def test_agreed_to_it_can_be_called_off_and_not_answered_again(self, ledger):
        standing = agreed(ledger)
        seen = sight.see(ledger.ctx(HEAD), standing.id)
        assert (seen.may_revoke, seen.may_decide, seen.reserved_times) == (True, False, 5)


class TestTheRestIsRevocable:
    def test_withdrawn_what_is_ahead_returns_and_the_past_stays(self, ledger):
        standing = agreed(ledger)
        ledger.now(11, 18, 16)
        for _twice in range(2):
            ending.withdraw(ledger.ctx(STAFF), standing.id)
        states = [one.state for one in occurrences(standing)]
        assert states == [State.AGREED, *[State.WITHDRAWN] * 4]
        assert reserved(ledger, 11, 12, 1) == [60, 0, 0]
        ledger.record(occurrences(standing)[0], 60)
        assert ledger.amounts()[:2] == (60, 0)

    def test_called_off_by_the_head_with_the_reason_of_duty(self, ledger):
        standing = agreed(ledger)
        ledger.now(11, 18, 16)
        for _twice in range(2):
            ending.revoke(ledger.ctx(HEAD), standing.id)
        called_off = occurrences(standing)[1]
        assert (called_off.state, called_off.ended_reason) == (State.REVOKED, "業務都合のため")
        assert called_off.ended_by_id == ledger.ctx(HEAD).acting.id
        assert reserved(ledger, 11, 12, 1) == [60, 0, 0]
        heard = [(one.code, one.login) for one in told()]
        assert heard.count(("ledger.standing_decided", STAFF)) == 2

    def test_only_the_head_of_the_person_calls_off(self, ledger):
        standing = agreed(ledger)
        for login in ("staff3@koriyama", "head@sukagawa"):
            with pytest.raises(NotFound):
                ending.revoke(ledger.ctx(login), standing.id)
        with pytest.raises(OwnRequest):
            ending.revoke(ledger.ctx(STAFF), standing.id)
        assert reserved(ledger, 11, 12) == [60, 60]

    def test_only_the_person_withdraws(self, ledger):
        standing = agreed(ledger)
        with pytest.raises(NotFound):
            ending.withdraw(ledger.ctx(HEAD), standing.id)

    def test_a_single_time_is_withdrawn_as_any_request(self, ledger):
        standing = agreed(ledger)
        ledger.withdraw(occurrences(standing)[1])
        assert reserved(ledger, 11, 12, 1) == [60, 0, 60]
        assert Standing.get_by_id(standing.id).state == State.AGREED

    def test_one_that_waits_is_taken_back(self, ledger):
        standing = ask(ledger)
        ending.withdraw(ledger.ctx(STAFF), standing.id)
        with pytest.raises(AlreadyDecided):
            agree(ledger, standing, seen="x")

    def test_withdrawn_whoever_waits_there_hears_that_the_person_took_it_back(self, ledger):
        standing = asking.ask(ledger.ctx(STAFF), wish(ledger), OFFERED, ("consult.desk", 7))
        agree(ledger, standing)
        ending.withdraw(ledger.ctx(STAFF), standing.id)
        names = [one.name for one in Event.select().order_by(Event.id.desc()).limit(6)]
        assert names == ["ledger.StandingAnswered", *["ledger.RequestWithdrawn"] * 5]


class TestStandingIn:
    def test_who_stands_in_answers_in_the_heads_place_and_both_are_kept(self, ledger, head_away):
        standing = ask(ledger, by="member@x")
        heard = sorted(one.login for one in told() if one.code == "ledger.standing_waits")
        assert heard == ["first@x", "head@x"]
        first = ledger.ctx("first@x")
        seen = sight.see(first, standing.id).plan.mark
        agree(ledger, standing, by="first@x", seen=seen)
        decided = Standing.get_by_id(standing.id)
        assert decided.decided_by_id == first.acting.id
        assert decided.on_behalf_of_id == ledger.ctx("head@x").acting.id
        (time, *_) = occurrences(standing)
        assert (time.decided_by_id, time.on_behalf_of_id) == (
            decided.decided_by_id,
            decided.on_behalf_of_id,
        )
        ending.revoke(first, standing.id, reason="窓口が足りません。")
        assert Request.get_by_id(time.id).ended_for_id == decided.on_behalf_of_id

    def test_it_is_in_the_list_of_all_who_answer_and_counted(self, ledger, head_away):
        ask(ledger, by="member@x")
        for login, number in (("head@x", 1), ("first@x", 1), ("second@x", 0)):
            ctx = ledger.ctx(login)
            assert len(sight.waiting(ctx, charge_of(ctx))) == number
            assert waiting_list.waiting_counts(ctx).standing == number
