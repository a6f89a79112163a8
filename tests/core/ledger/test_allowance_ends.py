"""How an allowance without dates ends, rests and comes back (rules L4, L6, L12): what was drawn stays."""

from dataclasses import replace
from datetime import date

import pytest

from niwari.db import transaction
from niwari.ledger.arranging import freezing
from niwari.ledger.asking import requests
from niwari.ledger.closing.closing import close
from niwari.ledger.deciding import reviving, revoking
from niwari.ledger.deciding.releasing import release
from niwari.ledger.errors import (
    AlreadyDecided,
    DayFull,
    InsideLeave,
    OverAgreement,
    OverFree,
    TooLate,
)
from niwari.ledger.models import LeaveSpan, Request, Standing, State
from niwari.ledger.recording import correcting
from niwari.ledger.recording.correcting import Wanted
from niwari.ledger.recording.postings import postings_of
from niwari.ledger.sight import see
from niwari.ledger.standing import drawing, ending
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.testing.told import told

from .test_freezing import HR, freeze
from .test_standing_agreements import HEAD, STAFF, agreed, occurrences
from .test_standing_allowance import TWO_HOURS
from .test_standing_opening import WEDNESDAYS, away, open_december

__all__ = ["freeze"]

MONDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 18)
NOVEMBER = period_of(PeriodKind.MONTH, WEDNESDAY)


@pytest.fixture
def november(ledger):
    """Two hours a month are agreed to, 30 minutes of 18 November are drawn; it is 20 November."""
    request = occurrences(agreed(ledger, TWO_HOURS))[0]
    ledger.now(11, 20, 10)
    draw(ledger, request, 30)
    return request


def draw(ledger, request, minutes, day=WEDNESDAY):
    seen = len(drawing.allowance_of(stored(request)).records)
    drawing.draw(ledger.ctx(STAFF), request.id, day=day, minutes=minutes, seen=seen)


def correct(ledger, request, minutes, which=-1):
    entry = [one for one in postings_of(request.id) if one.kind == "record"][which]
    wanted = Wanted(minutes, "長さを間違えました。", ledger.key(), entry.id)
    return correcting.correct(ledger.ctx(STAFF), request.id, wanted)


def stored(request):
    return Request.get_by_id(request.id)


def state(request):
    return stored(request).state


def withdraw_it(ledger, request):
    requests.withdraw(ledger.ctx(STAFF), request.id)


def withdraw_all(ledger, request):
    ending.withdraw(ledger.ctx(STAFF), request.standing_id)


def revoke_it(ledger, request):
    revoking.revoke(ledger.ctx(HEAD), request.id, key=ledger.key())


def revoke_all(ledger, request):
    ending.revoke(ledger.ctx(HEAD), request.standing_id)


def let_go(ledger, request):
    ctx = ledger.ctx(HEAD)
    with transaction(ctx):
        opened, locked = requests.locked_with_account(ctx, request.id, Request.id == request.id)
        release(ctx, opened, locked, State.LAPSED, reason="異動", action="ledger.let_go")


ENDS = [withdraw_it, withdraw_all, revoke_it, revoke_all, let_go]


class TestEnding:
    @pytest.mark.parametrize("end", ENDS)
    def test_what_was_drawn_is_recorded_however_the_rest_ends(self, ledger, november, end):
        end(ledger, november)
        assert (state(november), ledger.amounts()[:2]) == (State.RECORDED, (30, 0))

    @pytest.mark.parametrize("end", ENDS)
    def test_and_the_rest_does_not_come_back_as_a_correction(self, ledger, november, end):
        end(ledger, november)
        with pytest.raises(OverAgreement):
            correct(ledger, november, 120)
        correct(ledger, november, 20)
        assert (state(november), ledger.amounts()[:2]) == (State.RECORDED, (20, 0))

    def test_where_nothing_was_drawn_it_ends_like_any_other(self, ledger, november):
        correct(ledger, november, 0)
        revoke_it(ledger, november)
        assert (state(november), ledger.amounts()[:2]) == (State.REVOKED, (0, 0))
        with pytest.raises(OverAgreement):
            correct(ledger, november, 120)

    def test_at_closing_it_is_recorded_and_nobody_is_told_that_it_lapsed(self, ledger, november):
        ledger.now(12, 2, 9)
        closed = close(ledger.ctx(HR), NOVEMBER)
        assert (state(november), closed.lapsed) == (State.RECORDED, 0)
        assert ledger.amounts()[:2] == (30, 0)
        assert [one for one in told() if one.code == "ledger.lapsed"] == []


class TestCorrecting:
    def test_used_up_by_a_correction_it_is_recorded(self, ledger, november):
        correct(ledger, november, 120)
        assert (state(november), ledger.amounts()[:2]) == (State.RECORDED, (120, 0))

    def test_used_up_and_corrected_down_it_goes_on(self, ledger, november):
        draw(ledger, november, 90, MONDAY)
        assert state(november) == State.RECORDED
        correct(ledger, november, 60)
        assert (state(november), ledger.amounts()[:2]) == (State.AGREED, (90, 30))
        draw(ledger, november, 30, MONDAY)
        assert (state(november), ledger.amounts()[:2]) == (State.RECORDED, (120, 0))

    def test_taken_back_whole_all_of_it_can_be_drawn_again(self, ledger, november):
        correct(ledger, november, 120)
        correct(ledger, november, 0)
        assert (state(november), ledger.amounts()[:2]) == (State.AGREED, (0, 120))

    def test_the_day_holds_no_more_than_its_hours(self, ledger, november):
        ledger.now(11, 10, 9)
        ledger.agreed(WEDNESDAY, 400)
        ledger.now(11, 20, 10)
        with pytest.raises(DayFull) as raised:
            correct(ledger, november, 66)
        assert raised.value.field == "minutes"
        correct(ledger, november, 65)  # its own 30 minutes do not stand in its way
        assert ledger.amounts()[0] == 65

    def test_not_upward_on_a_day_of_leave_that_came_since(self, ledger, november):
        ledger.leave(STAFF, "annual", "2026-11-18T00:00", "2026-11-19T00:00")
        with pytest.raises(InsideLeave):
            correct(ledger, november, 40)
        correct(ledger, november, 20)
        assert ledger.amounts()[0] == 20


class TestResting:
    """December held too little, so what was left of its allowance rests; then leave is taken back."""

    @pytest.fixture
    def december(self, ledger):
        request = occurrences(agreed(ledger, replace(TWO_HOURS, minutes=600)))[1]
        ledger.now(12, 2, 18)
        draw(ledger, request, 100, date(2026, 12, 2))
        away(ledger)
        assert open_december(ledger, day=3) == 1
        return request

    def revive(self, ledger, request):
        return reviving.revive(ledger.ctx(HEAD), request.id, key=ledger.key())

    def listed(self, ledger):
        return [one.request.id for one in reviving.to_revive(ledger.ctx(HEAD))]

    def amounts(self, ledger):
        return ledger.amounts(day=date(2026, 12, 1))[:2]

    def test_the_head_lets_it_go_on_once_enough_is_free(self, ledger, december):
        assert self.listed(ledger) == [december.id]
        with pytest.raises(OverFree):
            self.revive(ledger, december)
        LeaveSpan.delete().execute()
        self.revive(ledger, december)
        assert (state(december), self.amounts(ledger)) == (State.AGREED, (100, 500))
        assert self.listed(ledger) == []

    def test_what_comes_back_is_what_was_agreed_without_what_is_recorded(self, ledger, december):
        correct(ledger, december, 0)
        LeaveSpan.delete().execute()
        self.revive(ledger, december)
        assert self.amounts(ledger) == (0, 600)
        revoke_it(ledger, december)
        assert (state(december), self.amounts(ledger)) == (State.REVOKED, (0, 0))

    def test_while_it_rests_a_correction_takes_no_more(self, ledger, december):
        LeaveSpan.delete().execute()
        with pytest.raises(OverAgreement):
            correct(ledger, december, 101)

    def test_the_person_may_take_it_back(self, ledger, december):
        withdraw_it(ledger, december)
        assert (state(december), self.amounts(ledger)) == (State.RECORDED, (100, 0))

    @pytest.mark.parametrize("end", [withdraw_all, revoke_all])
    def test_with_its_agreement_it_ends_too_and_does_not_come_back(self, ledger, december, end):
        journal = ledger.journal()
        end(ledger, december)
        assert state(december) == State.RECORDED
        assert [one for one in ledger.journal()[len(journal) :] if one[3] > 0] == []
        LeaveSpan.delete().execute()
        assert self.listed(ledger) == []
        with pytest.raises(AlreadyDecided):
            self.revive(ledger, december)


@pytest.fixture
def wednesday(ledger):
    """One of the Wednesdays that December could not hold."""
    standing = agreed(ledger, WEDNESDAYS)
    away(ledger)
    open_december(ledger)
    return next(one for one in occurrences(standing) if one.state == State.SUSPENDED)


def test_a_time_that_rests_ends_with_its_agreement(ledger, wednesday):
    revoke_all(ledger, wednesday)
    assert state(wednesday) == State.REVOKED


def test_what_rests_of_an_agreement_that_ended_is_not_revived(ledger, wednesday):
    # It was suspended in the moment in which the agreement ended.
    Standing.update(state=State.REVOKED).where(Standing.id == wednesday.standing_id).execute()
    LeaveSpan.delete().execute()
    assert reviving.to_revive(ledger.ctx(HEAD)) == []
    with pytest.raises(AlreadyDecided):
        reviving.revive(ledger.ctx(HEAD), wednesday.id, key=ledger.key())


def test_a_time_that_rests_is_the_persons_to_take_back_before_its_start(ledger, wednesday):
    page = see(ledger.ctx(STAFF), wednesday.id)
    assert page.may_withdraw
    withdraw_it(ledger, wednesday)
    assert state(wednesday) == State.WITHDRAWN
    assert stored(wednesday).ended_reason == ""


def test_a_time_that_rests_and_is_over_is_not_taken_back(ledger, wednesday):
    ledger.now(12, 30, 9)
    with pytest.raises(TooLate):
        withdraw_it(ledger, wednesday)


def test_revived_it_belongs_to_no_freeze_any_more(ledger, freeze):
    request = ledger.agreed(WEDNESDAY, 60)
    freezing.lift(ledger.ctx(HR), freeze().id)
    reviving.revive(ledger.ctx(HEAD), request.id, key=ledger.key())
    assert stored(request).freeze_id is None


def test_the_list_says_why_it_rests(ledger, wednesday, client_for):
    text = client_for(HEAD).get("/ledger/approvals").text
    assert "再開を待つ予定" in text
    assert "止まった理由：残りが足りないため" in text


def test_the_persons_page_says_that_it_rests(ledger, wednesday, client_for):
    text = client_for(STAFF).get(f"/ledger/requests/{wednesday.id}").text
    assert "残りが足りないため、この予定は止まりました" in text
    assert "取り下げる" in text
