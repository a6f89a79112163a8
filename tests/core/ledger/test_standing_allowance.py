"""An allowance without dates (rule L12): drawn by the day, until it is used up."""

from dataclasses import replace
from datetime import date

import pytest

from niwari.ledger import accounts
from niwari.ledger.arranging import freezing
from niwari.ledger.deciding import reviving
from niwari.ledger.errors import (
    AlreadyDecided,
    BadMinutes,
    DayFull,
    InsideLeave,
    NoScheduledTime,
    NotAgreed,
    NotDrawable,
    OverAgreement,
    OverAllowance,
)
from niwari.ledger.models import Request, State
from niwari.ledger.plans import plans_between
from niwari.ledger.recording import correcting, recording
from niwari.ledger.recording.correcting import Wanted
from niwari.ledger.standing import drawing, ending, sight
from niwari.ledger.standing.planning import NotHeld
from niwari.ledger.standing.terms import Terms

from .standing import STAFF, agree, agreed, ask, occurrences, plan_of, reserved

TWO_HOURS = Terms("allowance", date(2026, 11, 10), date(2027, 3, 31), 120)
MONDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 18)


@pytest.fixture
def november(ledger):
    """Two hours a month are agreed to; it is 20 November; returns November's request."""
    standing = agreed(ledger, TWO_HOURS)
    ledger.now(11, 20, 18)
    return occurrences(standing)[0]


def draw(ledger, request, day=WEDNESDAY, minutes=30, *, seen=None, by=STAFF):
    has = drawing.allowance_of(Request.get_by_id(request.id))
    seen = len(has.records) if seen is None else seen
    return drawing.draw(ledger.ctx(by), request.id, day=day, minutes=minutes, seen=seen)


class TestAgreeing:
    def test_two_hours_a_month_are_reserved_in_every_month(self, ledger):
        standing = agreed(ledger, TWO_HOURS)
        assert reserved(ledger, 11, 12, 1, 2, 3) == [120] * 5
        first_days = [one.work_date for one in occurrences(standing)]
        assert first_days == [date(2026, 11, 10), *[date(2026, 12, 1)], *[
            date(2027, month, 1) for month in (1, 2, 3)
        ]]  # fmt: skip
        assert {(one.minutes, one.allowance) for one in occurrences(standing)} == {(120, True)}

    def test_a_month_that_holds_less_holds_nothing(self, ledger):
        ledger.agreed(date(2026, 11, 12), 1700)
        plan = plan_of(ledger, ask(ledger, TWO_HOURS))
        assert [(one.day, one.reason, one.free) for one in plan.left_out] == [
            (date(2026, 11, 10), NotHeld.OVER_FREE, 67)
        ]
        assert len(plan.held) == 4

    def test_a_month_with_less_work_than_that_holds_nothing(self, ledger):
        plan = plan_of(ledger, ask(ledger, replace(TWO_HOURS, minutes=1000)))
        assert plan.left_out == ()
        ledger.leave(STAFF, "childcare", "2026-12-02T00:00", "2027-01-01T00:00")
        plan = plan_of(ledger, ask(ledger, replace(TWO_HOURS, minutes=1000)))
        assert [(one.day.month, one.reason) for one in plan.left_out] == [
            (12, NotHeld.OUTSIDE_HOURS)
        ]

    def test_it_has_no_place_in_the_calendar_and_takes_no_day(self, ledger):
        agreed(ledger, TWO_HOURS)
        assert plans_between(ledger.ctx(STAFF), date(2026, 11, 1), date(2027, 3, 31)) == []
        # The whole first day is free for something else.
        assert ledger.agreed(date(2026, 11, 11), 465).state == State.AGREED


class TestDrawing:
    def test_parts_of_several_days_until_it_is_used_up(self, ledger, november):
        for day, minutes, left in ((MONDAY, 30, 90), (WEDNESDAY, 45, 45), (WEDNESDAY, 45, 0)):
            request = draw(ledger, november, day, minutes)
            assert ledger.amounts()[:2] == (120 - left, left)
        assert request.state == State.RECORDED
        assert ledger.journal()[-3:] == [
            ("record", 30, 30, -30),
            ("record", 45, 45, -45),
            ("record", 45, 45, -45),
        ]

    def test_the_records_carry_their_own_days(self, ledger, november):
        draw(ledger, november, MONDAY, 30)
        has = drawing.allowance_of(november)
        assert (has.records, has.drawn, has.left) == ((drawing.Drawn(MONDAY, 30),), 30, 90)

    def test_a_double_click_is_one_record_and_a_second_tab_is_refused(self, ledger, november):
        for _twice in range(2):
            draw(ledger, november, WEDNESDAY, 30, seen=0)
        with pytest.raises(AlreadyDecided):
            draw(ledger, november, MONDAY, 30, seen=0)
        assert ledger.amounts()[:2] == (30, 90)

    def test_never_more_than_is_left(self, ledger, november):
        draw(ledger, november, MONDAY, 100)
        with pytest.raises(OverAllowance) as raised:
            draw(ledger, november, WEDNESDAY, 21)
        assert raised.value.params == {"left": 20}
        draw(ledger, november, WEDNESDAY, 20)
        with pytest.raises(NotAgreed):
            draw(ledger, november, WEDNESDAY, 1)

    @pytest.mark.parametrize(
        ("day", "error"),
        [
            (date(2026, 11, 21), NotDrawable),  # ahead
            (date(2026, 11, 9), NotDrawable),  # before the agreement
            (date(2026, 10, 30), NotDrawable),  # another month
            (date(2026, 11, 14), NoScheduledTime),  # a Saturday
        ],
    )
    def test_the_day_is_a_work_day_of_the_period_that_is_not_ahead(
        self, ledger, november, day, error
    ):
        with pytest.raises(error) as raised:
            draw(ledger, november, day)
        assert raised.value.field == "day"
        assert ledger.amounts()[:2] == (0, 120)

    def test_not_on_a_day_of_leave(self, ledger, november):
        ledger.leave(STAFF, "annual", "2026-11-18T08:30", "2026-11-18T17:15")
        with pytest.raises(InsideLeave):
            draw(ledger, november)

    def test_no_more_than_the_day_holds_beside_what_else_is_taken(self, ledger):
        request = occurrences(agreed(ledger, replace(TWO_HOURS, minutes=600)))[0]
        ledger.agreed(WEDNESDAY, 400)
        ledger.now(11, 20, 18)
        with pytest.raises(DayFull):
            draw(ledger, request, WEDNESDAY, 66)
        draw(ledger, request, WEDNESDAY, 65)
        with pytest.raises(DayFull):
            draw(ledger, request, WEDNESDAY, 1)
        with pytest.raises(DayFull):
            draw(ledger, request, MONDAY, 466)

    def test_what_was_drawn_takes_its_day_from_others(self, ledger, november):
        draw(ledger, november, date(2026, 11, 20), 100)
        ledger.now(11, 20, 8)
        with pytest.raises(DayFull):
            ledger.ask(date(2026, 11, 20), 400)

    def test_bad_minutes(self, ledger, november):
        with pytest.raises(BadMinutes):
            draw(ledger, november, minutes=0)

    def test_the_one_tap_of_other_requests_does_not_record_it(self, ledger, november):
        with pytest.raises(NotAgreed):
            recording.record(ledger.ctx(STAFF), november.id, minutes=30)

    def test_another_request_is_not_drawn(self, ledger):
        request = ledger.agreed(WEDNESDAY, 60)
        ledger.now(11, 20, 18)
        with pytest.raises(NotAgreed):
            draw(ledger, request)


class TestTheRest:
    def test_what_is_reserved_is_what_was_not_drawn(self, ledger, november):
        draw(ledger, november, WEDNESDAY, 50)
        assert accounts.reserved_of(Request.get_by_id(november.id)) == 70
        assert accounts.reserved_of(ledger.agreed(date(2026, 11, 24), 45)) == 45
        assert accounts.reserved_of(ledger.ask(date(2026, 11, 25), 45)) == 0

    def test_withdrawn_the_rest_returns_and_what_was_drawn_stays(self, ledger, november):
        draw(ledger, november, WEDNESDAY, 50)
        assert ledger.withdraw(november).state == State.RECORDED
        journal = ledger.journal()
        assert ledger.withdraw(november).state == State.RECORDED  # a second click
        assert ledger.journal() == journal
        assert ledger.amounts()[:2] == (50, 0)

    def test_withdrawn_untouched_it_is_withdrawn(self, ledger, november):
        assert ledger.withdraw(november).state == State.WITHDRAWN
        assert ledger.amounts()[:2] == (0, 0)

    def test_called_off_the_rest_of_all_months_returns(self, ledger, november):
        draw(ledger, november, WEDNESDAY, 50)
        ending.revoke(ledger.ctx("head@koriyama"), november.standing_id)
        assert reserved(ledger, 11, 12, 3) == [0, 0, 0]
        assert ledger.amounts()[0] == 50
        states = [one.state for one in occurrences(november.standing)]
        assert states == [State.RECORDED, *[State.REVOKED] * 4]

    def test_agreed_to_later_it_is_drawn_from_that_day_on(self, ledger):
        standing = ask(ledger, TWO_HOURS)
        ledger.now(11, 17, 9)
        agree(ledger, standing)
        request = occurrences(standing)[0]
        assert request.work_date == date(2026, 11, 17)
        with pytest.raises(NotDrawable):
            draw(ledger, request, MONDAY)

    def test_the_list_shows_planned_and_used(self, ledger, november):
        draw(ledger, november, WEDNESDAY, 50)
        (mine,) = sight.own_list(ledger.ctx(STAFF))
        assert (mine.periods[0].reserved, mine.periods[0].used) == (70, 50)


class TestFreezing:
    """What a freeze suspended comes back as what is left of the agreement then (L12, L13)."""

    @pytest.mark.parametrize(("corrected", "left"), [(45, 75), (30, 90)])
    def test_what_was_corrected_meanwhile_counts(self, ledger, corrected, left):
        standing = agreed(ledger, TWO_HOURS)
        ledger.now(12, 1, 18)
        request = occurrences(standing)[1]
        draw(ledger, request, date(2026, 12, 1), 45)
        hr, head = ledger.ctx("hr@koriyama"), ledger.ctx("head@koriyama")
        frozen = freezing.freeze(hr, from_at=None, reason="台風")
        ledger.world.work()
        if corrected != 45:
            correcting.correct(ledger.ctx(STAFF), request.id, Wanted(corrected, "", "click"))
        freezing.lift(hr, frozen.id)
        revived = reviving.revive(head, request.id, key="again")
        assert (revived.state, accounts.reserved_of(revived)) == (State.AGREED, left)
        assert drawing.allowance_of(revived).left == left
        assert reserved(ledger, 12) == [left]

    def test_while_it_rests_no_more_of_it_is_used(self, ledger):
        standing = agreed(ledger, TWO_HOURS)
        ledger.now(12, 1, 18)
        request = occurrences(standing)[1]
        draw(ledger, request, date(2026, 12, 1), 45)
        frozen = freezing.freeze(ledger.ctx("hr@koriyama"), from_at=None, reason="台風")
        ledger.world.work()
        with pytest.raises(OverAgreement):
            correcting.correct(ledger.ctx(STAFF), request.id, Wanted(120, "", "click"))
        freezing.lift(ledger.ctx("hr@koriyama"), frozen.id)
        revived = reviving.revive(ledger.ctx("head@koriyama"), request.id, key="again")
        assert (revived.state, reserved(ledger, 12)) == (State.AGREED, [75])
