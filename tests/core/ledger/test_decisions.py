"""Answering and recording, rule by rule."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import Invalid, NotFound
from niwari.ledger.asking.refusals import NoWorkThen
from niwari.ledger.deciding import decisions
from niwari.ledger.errors import (
    AlreadyDecided,
    BadMinutes,
    NotTheApprover,
    OverFree,
    OwnRequest,
    TooLate,
)
from niwari.ledger.models import Request, State

from .conftest import WEDNESDAY

TODAY = date(2026, 11, 10)
NEXT_WEEK = date(2026, 11, 24)


def test_the_ledger_journey(ledger):
    """J-LEDGER 1 to 4."""
    seen = ledger.balance()
    assert (seen.base, seen.cap, seen.free) == (8835, 1767, 1767)

    request = ledger.ask(WEDNESDAY, 120)
    ledger.agree(request)
    assert ledger.amounts() == (0, 120, 1647)

    ledger.now(11, 18, 17)
    ledger.record(request, 100)
    assert ledger.amounts() == (100, 0, 1667)
    assert ledger.journal() == [("agreement", 0, 0, 120), ("record", 100, 100, -120)]


class TestTwoRequestsOfAThousand:
    """L2, L3: agreed at once one wins; for the other free is 767."""

    def test_the_second_is_refused_with_767(self, ledger):
        first, second = ledger.ask(WEDNESDAY, 1000), ledger.ask(WEDNESDAY, 1000)
        ledger.agree(first)
        with pytest.raises(OverFree) as raised:
            ledger.agree(second)
        assert (raised.value.rule, raised.value.params) == ("L3", {"free": 767})
        assert ledger.amounts() == (0, 1000, 767)
        assert Request.get_by_id(second.id).state == State.REQUESTED

    def test_or_partly_767(self, ledger):
        first, second = ledger.ask(WEDNESDAY, 1000), ledger.ask(NEXT_WEEK, 1000)
        ledger.agree(first)
        with pytest.raises(OverFree):
            ledger.agree(second, 768)
        assert ledger.agree(second, 767).state == State.PARTLY_AGREED
        assert ledger.amounts() == (0, 1767, 0)


class TestAgree:
    def test_who_and_when_are_stored(self, ledger):
        request = ledger.agreed(WEDNESDAY, 120)
        stored = Request.get_by_id(request.id)
        assert (stored.state, stored.agreed_minutes) == (State.AGREED, 120)
        assert stored.decided_by_id == ledger.ctx("head@koriyama").acting.id
        assert stored.decided_at == ledger.world.clock()

    def test_what_comes_back_is_what_is_stored(self, ledger):
        request = ledger.agree(ledger.ask(WEDNESDAY, 120), 90)
        stored = Request.get_by_id(request.id)
        assert request.__data__ == stored.__data__

    @pytest.mark.parametrize("minutes", [0, -5, 121])
    def test_fewer_but_at_least_one(self, ledger, minutes):
        with pytest.raises(BadMinutes) as raised:
            ledger.agree(ledger.ask(WEDNESDAY, 120), minutes)
        assert raised.value.params == {"asked": 120}

    def test_a_month_has_no_more_than_itself(self, ledger):
        """L5: nothing is borrowed from December."""
        ledger.agreed(WEDNESDAY, 1767)
        with pytest.raises(OverFree):
            ledger.agreed(date(2026, 11, 20), 1)
        assert ledger.agreed(date(2026, 12, 1), 1860).state == State.AGREED

    def test_an_audit_row_tells_who_agreed_to_how_much(self, ledger):
        request = ledger.agree(ledger.ask(WEDNESDAY, 120), 90)
        row = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
        assert (row.action, row.object_id, row.details) == (
            "ledger.agree",
            request.id,
            '{"minutes": 90}',
        )
        assert row.actor_id == ledger.ctx("head@koriyama").acting.id


class TestBeforeTheStart:
    """L1: nobody agrees to what has begun."""

    def test_an_interval(self, ledger):
        request = ledger.ask(at=("15:00", "16:00"))
        ledger.now(11, 18, 15)
        with pytest.raises(TooLate) as raised:
            ledger.agree(request)
        assert raised.value.rule == "L1"
        ledger.now(11, 18, 14, 59)
        assert ledger.agree(request).state == State.AGREED

    def test_a_date_and_minutes_while_so_much_of_the_day_is_left(self, ledger):
        request = ledger.ask(WEDNESDAY, 120)
        ledger.now(11, 18, 16)
        with pytest.raises(TooLate) as raised:
            ledger.agree(request)
        assert raised.value.params == {}
        assert ledger.agree(request, 75).state == State.PARTLY_AGREED

    def test_a_day_that_is_over(self, ledger):
        request = ledger.ask(WEDNESDAY, 120)
        ledger.now(11, 19, 0)
        with pytest.raises(TooLate):
            ledger.agree(request)

    def test_more_than_a_day_while_so_much_of_the_month_is_left(self, ledger):
        request = ledger.ask(WEDNESDAY, 1000)
        ledger.now(11, 18, 16)
        assert ledger.agree(request).state == State.AGREED

    def test_it_may_still_be_declined_or_returned(self, ledger):
        request = ledger.ask(at=("15:00", "16:00"))
        ledger.now(11, 19, 9)
        assert ledger.decline(request).state == State.DECLINED


class TestWhatChangedSinceItWasAsked:
    """L8, L23: agreeing looks at the conditions of now."""

    def test_leave_over_the_interval(self, ledger):
        request = ledger.ask(at=("15:00", "16:00"))
        ledger.leave("staff@koriyama", "annual", "2026-11-18T13:00", "2026-11-18T17:15")
        with pytest.raises(NoWorkThen):
            ledger.agree(request)

    def test_leave_over_a_part_leaves_the_rest(self, ledger):
        request = ledger.ask(at=("15:00", "16:00"))
        ledger.leave("staff@koriyama", "annual", "2026-11-18T15:30", "2026-11-18T17:15")
        with pytest.raises(NoWorkThen):
            ledger.agree(request, 31)
        assert ledger.agree(request, 30).agreed_minutes == 30

    def test_leave_over_the_day(self, ledger):
        request = ledger.ask(WEDNESDAY, 120)
        ledger.leave("staff@koriyama", "annual", "2026-11-18T08:30", "2026-11-18T17:15")
        with pytest.raises(NoWorkThen):
            ledger.agree(request)

    def test_leave_no_day_of_work_and_hours_that_are_over_are_told_alike(self, ledger):
        """L14: of whose leave it is, and of how much is left, a head reads nothing."""
        leave, free_day = (
            ledger.ask(day, at=("15:00", "16:00")) for day in (WEDNESDAY, date(2026, 11, 19))
        )
        ledger.leave("staff@koriyama", "sick", "2026-11-18T08:30", "2026-11-18T17:15")
        ledger.pattern("staff@koriyama", "2026-11-19", *["08:30-17:15"] * 3, *[""] * 4)
        said = []
        for request in (leave, free_day):
            with pytest.raises(NoWorkThen) as refused:
                ledger.agree(request)
            said.append((str(refused.value), refused.value.field, refused.value.params))
        assert said == [(NoWorkThen.text, "", {})] * 2

    def test_how_much_of_today_is_left_is_not_told(self, ledger):
        request = ledger.ask(date(2026, 11, 10), 60)
        ledger.now(11, 10, 17)
        with pytest.raises(TooLate) as refused:
            ledger.agree(request)
        assert refused.value.params == {}

    def test_a_lower_base_leaves_entries_and_stops_new_ones(self, ledger):
        ledger.agreed(WEDNESDAY, 1000)
        waiting = ledger.ask(NEXT_WEEK, 465)
        ledger.leave("staff@koriyama", "annual", "2026-11-02T08:30", "2026-11-14T00:00")
        assert ledger.balance().cap == 10 * 93
        assert ledger.amounts() == (0, 1000, -70)
        with pytest.raises(OverFree) as raised:
            ledger.agree(waiting)
        assert raised.value.params == {"free": 0}

    def test_recording_goes_on_where_the_base_fell(self, ledger):
        request = ledger.agreed(WEDNESDAY, 1000)
        ledger.leave("staff@koriyama", "annual", "2026-11-02T08:30", "2026-11-14T00:00")
        ledger.now(11, 18, 17)
        ledger.record(request, 1000)
        assert ledger.amounts() == (1000, 0, -70)


class TestAlreadyDecided:
    """L2: the second approver is told so."""

    @pytest.mark.parametrize("second", ["agree", "return_", "decline"])
    @pytest.mark.parametrize("first", ["agree", "return_", "decline"])
    def test_a_second_answer(self, ledger, first, second):
        request = ledger.ask(WEDNESDAY, 120)
        getattr(ledger, first)(request)
        before = ledger.journal(), Request.get_by_id(request.id).__data__
        with pytest.raises(AlreadyDecided) as raised:
            getattr(ledger, second)(request)
        assert raised.value.rule == "L2"
        assert (ledger.journal(), Request.get_by_id(request.id).__data__) == before

    def test_what_was_withdrawn(self, ledger):
        request = ledger.ask(WEDNESDAY, 120)
        ledger.withdraw(request)
        with pytest.raises(AlreadyDecided):
            ledger.agree(request)


class TestOneClickOneAnswer:
    """L2: the same key again is the same answer."""

    def test_agreeing(self, ledger):
        request, head = ledger.ask(WEDNESDAY, 120), ledger.ctx("head@koriyama")
        for _click in range(2):
            again = decisions.agree(head, request.id, key="click", minutes=90)
            assert (again.state, again.agreed_minutes) == (State.PARTLY_AGREED, 90)
        assert len(ledger.journal()) == 1

    def test_also_after_the_person_went_on(self, ledger):
        request, head = ledger.ask(TODAY, 60), ledger.ctx("head@koriyama")
        decisions.agree(head, request.id, key="click")
        ledger.record(request, 60)
        assert decisions.agree(head, request.id, key="click").state == State.RECORDED
        assert len(ledger.journal()) == 2

    @pytest.mark.parametrize("answer", [decisions.return_, decisions.decline])
    def test_returning_and_declining(self, ledger, answer):
        request, head = ledger.ask(WEDNESDAY, 120), ledger.ctx("head@koriyama")
        first = answer(head, request.id, key="click", note="来週に")
        rows = AuditEntry.select().count()
        assert answer(head, request.id, key="click", note="来週に").state == first.state
        assert AuditEntry.select().count() == rows

    def test_another_answer_from_the_same_page_is_no_double_click(self, ledger):
        request, head = ledger.ask(WEDNESDAY, 120), ledger.ctx("head@koriyama")
        decisions.agree(head, request.id, key="page")
        with pytest.raises(AlreadyDecided):
            decisions.decline(head, request.id, key="page", note="やはり")
        with pytest.raises(AlreadyDecided):
            decisions.return_(head, request.id, key="page", note="やはり")
        with pytest.raises(AlreadyDecided):
            decisions.agree(head, request.id, key="page", minutes=60)

    def test_one_key_for_two_requests_answers_both(self, ledger):
        head = ledger.ctx("head@koriyama")
        for request in (ledger.ask(WEDNESDAY, 60), ledger.ask(NEXT_WEEK, 60)):
            assert decisions.agree(head, request.id, key="page").state == State.AGREED


class TestReturnAndDecline:
    @pytest.mark.parametrize("answer", [decisions.return_, decisions.decline])
    @pytest.mark.parametrize("note", ["", "  ", "あ" * 401])
    def test_a_word_is_needed(self, ledger, answer, note):
        request = ledger.ask(WEDNESDAY, 120)
        with pytest.raises(Invalid) as raised:
            answer(ledger.ctx("head@koriyama"), request.id, key="x", note=note)
        assert raised.value.field == "note"

    @pytest.mark.parametrize("answer", ["return_", "decline"])
    def test_nothing_is_reserved(self, ledger, answer):
        getattr(ledger, answer)(ledger.ask(WEDNESDAY, 120))
        assert ledger.amounts() == (0, 0, 1767)
        assert ledger.journal() == []


class TestWhoMayAnswer:
    """L9; what one may not see is not there."""

    def test_not_oneself(self, ledger):
        request = ledger.ask(WEDNESDAY, 60, by="head@koriyama")
        with pytest.raises(OwnRequest) as raised:
            ledger.agree(request, by="head@koriyama")
        assert raised.value.rule == "L9"

    @pytest.mark.parametrize(
        "other", ["head2@koriyama", "director@koriyama", "staff2@koriyama", "head@sukagawa"]
    )
    @pytest.mark.parametrize("answer", ["agree", "return_", "decline"])
    def test_not_somebody_elses_head(self, ledger, other, answer):
        request = ledger.ask(WEDNESDAY, 60)
        with pytest.raises(NotFound):
            getattr(ledger, answer)(request, by=other)

    def test_who_answered_once_and_heads_it_no_more_is_told_why(self, ledger, town):
        town("072036").appoint("acting@x", "税務課", head=True, end=date(2026, 11, 12))
        town("072036").appoint("member@x", "税務課")
        town("072036").appoint("next@x", "税務課", head=True, start=date(2026, 11, 13))
        town("072036").appoint("acting@x", "会計課", start=date(2026, 11, 13))
        request = ledger.ask(WEDNESDAY, 60, by="member@x")
        ledger.agree(request, by="acting@x")
        ledger.now(11, 13, 9)
        with pytest.raises(NotTheApprover):
            ledger.decline(request, by="acting@x")
