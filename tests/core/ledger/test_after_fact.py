"""After the fact (事後の申込み): time that is over, where the municipality takes it (rules L1, L23)."""

from dataclasses import replace
from datetime import date

import pytest

from niwari.errors import Invalid
from niwari.ledger.arranging import freezing
from niwari.ledger.asking import joint, requests
from niwari.ledger.asking.entering import LinesRefused
from niwari.ledger.asking.refusals import NotPossibleThen, NoWorkThen
from niwari.ledger.closing.closing import close
from niwari.ledger.deciding import bulk, revoking, waiting_list
from niwari.ledger.deciding.ahead import still_ahead
from niwari.ledger.errors import (
    AfterFactNotUsed,
    AlreadyAsked,
    AlwaysBefore,
    ClosedPeriod,
    DayFull,
    Frozen,
    InsideLeave,
    NoScheduledTime,
    NotAppointed,
    NothingAhead,
    NotOverYet,
    OverFree,
    Overlap,
    TooLate,
    TooLongAgo,
)
from niwari.ledger.models import Request, State
from niwari.ledger.standing import asking as standing_asking
from niwari.ledger.standing.asking import StandingWish
from niwari.ledger.standing.terms import Terms
from niwari.ledger.worktime import PeriodKind, period_of

from .conftest import OFFERED
from .test_entering import COOK, enter, line, nursery
from .test_oral import yes

__all__ = ["nursery"]  # a fixture that pytest finds here

STAFF, HEAD, HR = "staff@koriyama", "head@koriyama", "hr@koriyama"
TODAY, YESTERDAY, FIRST = date(2026, 11, 10), date(2026, 11, 9), date(2026, 11, 2)
MORNING = ("09:00", "10:00")


@pytest.fixture
def switch(world):
    """Let Koriyama take requests after the fact, or not."""

    def choose(*, on=True, **other):
        world.set_settings("it@koriyama", "ledger", after_fact=on, **other)

    return choose


@pytest.fixture
def taken(switch):
    """Koriyama takes them."""
    switch()


def ask(ledger, day=YESTERDAY, minutes=None, *, hours=None, **other):
    """Ask after the fact."""
    return ledger.ask(day, minutes, at=hours, after_fact=True, **other)


def put_again(ledger, request, day, minutes=60):
    """Put a request that was given back again, after the fact."""
    wish = ledger.wish(day, minutes, after_fact=True)
    return requests.ask_again(ledger.ctx(STAFF), request.id, wish, OFFERED)


def refused(ledger, error, *args, **kwargs):
    """Ask for what is refused with ``error``, of which no trace is left; returns the refusal."""
    before = Request.select().count()
    with pytest.raises(error) as raised:
        ask(ledger, *args, **kwargs)
    assert Request.select().count() == before
    return raised.value


def stored(request):
    """Return a request as it is in the database."""
    return Request.get_by_id(request.id)


class TestWhereItIsOff:
    def test_it_is_off_until_a_municipality_wants_it(self, ledger):
        assert refused(ledger, AfterFactNotUsed, minutes=60).rule == "L1"

    def test_another_municipality_does_not_take_it_for_that(self, ledger, taken):
        refused(ledger, AfterFactNotUsed, minutes=60, by="staff@sukagawa")
        assert ask(ledger, minutes=60).after_fact

    def test_switched_off_again_what_was_asked_stays_and_is_answered(self, ledger, taken, switch):
        asked, given_back, declined = (ask(ledger, minutes=minutes) for minutes in (60, 50, 40))
        ledger.return_(given_back)
        switch(on=False)
        refused(ledger, AfterFactNotUsed, minutes=30)
        assert ledger.agree(asked).state == State.AGREED
        assert ledger.decline(declined).state == State.DECLINED
        put = put_again(ledger, given_back, YESTERDAY, 45)
        assert (put.state, put.minutes, put.after_fact) == (State.REQUESTED, 45, True)

    def test_but_not_for_another_day(self, ledger, taken, switch):
        given_back = ask(ledger, minutes=60)
        ledger.return_(given_back)
        switch(on=False)
        with pytest.raises(AfterFactNotUsed):
            put_again(ledger, given_back, date(2026, 11, 6))
        assert stored(given_back).state == State.RETURNED


class TestAsking:
    @pytest.mark.parametrize("wanted", [{"minutes": 60}, {"hours": MORNING}])
    def test_it_waits_for_the_head_is_marked_and_reserves_nothing(self, ledger, taken, wanted):
        request = stored(ask(ledger, **wanted))
        assert (request.state, request.after_fact, request.minutes) == (State.REQUESTED, True, 60)
        assert ledger.amounts() == (0, 0, 1767)
        (waits,) = waiting_list.waiting_for(ledger.ctx(HEAD))
        assert (waits.request.after_fact, waits.is_past, waits.over) == (True, False, False)

    def test_what_is_over_today(self, ledger, taken):
        ledger.now(11, 10, 11)
        assert ask(ledger, TODAY, hours=MORNING).minutes == 60
        assert ask(ledger, TODAY, 90).minutes == 90

    def test_of_today_no_more_than_is_over(self, ledger, taken):
        """8:30 to 10:00 are 90 minutes."""
        ledger.now(11, 10, 10)
        error = refused(ledger, NotOverYet, TODAY, 91)
        assert (error.rule, error.params, error.field) == ("L1", {"passed": 90}, "minutes")
        assert ask(ledger, TODAY, 90).minutes == 90

    @pytest.mark.parametrize("hour", [9, 10])
    def test_an_interval_that_is_not_over(self, ledger, taken, hour):
        ledger.now(11, 10, hour)
        error = refused(ledger, NotOverYet, TODAY, hours=("09:30", "10:30"))
        assert (error.rule, error.field) == ("L1", "ends")
        assert refused(ledger, NotOverYet, date(2026, 11, 11), 60).field == "work_date"

    def test_what_runs_on_over_days_that_are_over(self, ledger, taken):
        """Of Friday and Monday 930 minutes; of Tuesday at 9:00 30 more."""
        friday = date(2026, 11, 6)
        assert refused(ledger, NotOverYet, friday, 961).params == {"passed": 960}
        assert ask(ledger, friday, 960).minutes == 960

    def test_without_the_tick_the_way_is_told_where_there_is_one(self, ledger, switch):
        def said(*args, **kwargs):
            with pytest.raises(TooLate) as raised:
                ledger.ask(*args, **kwargs)
            return raised.value.text

        closed = [said(YESTERDAY, 60), said(TODAY, at=("08:30", "09:30"))]
        switch()
        opened = [said(YESTERDAY, 60), said(TODAY, at=("08:30", "09:30"))]
        assert set(closed) == {TooLate.text}
        assert set(opened) == {TooLate.after_fact}

    def test_a_second_click_is_the_same_request(self, ledger, taken):
        wish = ledger.wish(YESTERDAY, 60, after_fact=True)
        first, second = (requests.ask(ledger.ctx(STAFF), wish, OFFERED) for _ in range(2))
        assert (first.id, Request.select().count()) == (second.id, 1)

    def test_the_same_form_with_another_tick_is_another_wish(self, ledger, taken):
        wish = ledger.wish(TODAY, 60)
        requests.ask(ledger.ctx(STAFF), wish, OFFERED)
        ledger.now(11, 10, 17)
        with pytest.raises(AlreadyAsked):
            requests.ask(ledger.ctx(STAFF), replace(wish, after_fact=True), OFFERED)


class TestHowLate:
    def test_five_working_days(self, ledger, taken):
        """From Monday the 2nd to Tuesday the 10th, with a holiday between."""
        error = refused(ledger, TooLongAgo, date(2026, 11, 1), 60)
        assert (error.rule, error.params) == ("L1", {"days": 5})
        assert ask(ledger, FIRST, 60).work_date == FIRST

    def test_or_what_the_municipality_chose(self, ledger, switch):
        switch(after_fact_days=1)
        refused(ledger, TooLongAgo, date(2026, 11, 6), 60)
        assert ask(ledger, YESTERDAY, 60).work_date == YESTERDAY

    @pytest.mark.parametrize("day", [date(2026, 8, 3), date(1900, 1, 1), date(1, 1, 1)])
    def test_long_ago(self, ledger, taken, day):
        assert refused(ledger, TooLongAgo, day, 60).params == {"days": 5}

    def test_what_was_given_back_can_be_put_again_for_its_day(self, ledger, taken):
        request = ask(ledger, FIRST, 60)
        ledger.return_(request)
        ledger.now(11, 20, 9)
        for day in (YESTERDAY, date(2026, 11, 3)):
            with pytest.raises(TooLongAgo):
                put_again(ledger, request, day)
        assert put_again(ledger, request, FIRST).state == State.REQUESTED

    def test_what_was_missed_can_become_one(self, ledger, taken):
        request = ledger.ask(TODAY, 60)
        ledger.return_(request)
        ledger.now(11, 11, 9)
        put = put_again(ledger, request, TODAY)
        assert (put.state, put.after_fact) == (State.REQUESTED, True)


class TestTheOtherRulesHold:
    def test_overlap(self, ledger, taken):
        ask(ledger, hours=MORNING)
        assert refused(ledger, Overlap, hours=("09:30", "10:30")).rule == "L10"

    def test_a_full_day(self, ledger, taken):
        ask(ledger, minutes=400)
        assert refused(ledger, DayFull, minutes=66).rule == "L10"

    def test_leave(self, ledger, taken):
        ledger.leave(STAFF, "annual", "2026-11-09T08:30", "2026-11-09T12:00")
        assert refused(ledger, InsideLeave, hours=MORNING).rule == "L23"

    def test_outside_hours(self, ledger, taken):
        assert refused(ledger, NoScheduledTime, hours=("18:00", "19:00")).rule == "L10"
        assert refused(ledger, NoScheduledTime, date(2026, 11, 8), 60).rule == "L10"

    def test_before_joining(self, ledger, taken, town):
        town("072036").appoint("new@koriyama", "市民部/市民課", start=TODAY)
        assert refused(ledger, NotAppointed, minutes=60, by="new@koriyama").rule == "L11"

    def test_a_closed_month(self, ledger, taken):
        ledger.now(12, 2, 9)
        last = date(2026, 11, 30)
        stays = ask(ledger, last, 60)
        close(ledger.ctx(HR), period_of(PeriodKind.MONTH, last))
        assert stored(stays).state == State.LAPSED
        assert refused(ledger, ClosedPeriod, last, 60).rule == "L7"

    def test_a_freeze(self, ledger, taken):
        """L13: of the time in which all rests nothing is asked for; of the time before it may."""
        freezing.freeze(ledger.ctx(HR), from_at=None, reason="台風")
        ledger.now(11, 11, 9)
        assert refused(ledger, Frozen, TODAY, hours=("10:00", "11:00")).rule == "L13"
        assert ask(ledger, hours=MORNING).state == State.REQUESTED

    def test_nothing_to_do(self, ledger, taken):
        assert refused(ledger, Invalid, minutes=60, purpose=" ").field == "purpose"


class TestNeverBoth:
    def test_an_oral_ok_is_before(self, ledger, taken):
        wish = replace(ledger.wish(YESTERDAY, 60, after_fact=True), oral=yes())
        with pytest.raises(AlwaysBefore) as raised:
            requests.ask(ledger.ctx(STAFF), wish, OFFERED)
        assert (raised.value.rule, raised.value.field) == ("L1", "oral")
        assert Request.select().count() == 0

    def test_several_at_once_are_before(self, ledger, switch):
        switch(joint=True)
        wish = ledger.wish(YESTERDAY, at=MORNING, after_fact=True)
        with pytest.raises(AlwaysBefore) as raised:
            joint.ask_jointly(ledger.ctx(STAFF), wish, ["staff2@koriyama"], OFFERED)
        assert (raised.value.text, raised.value.field) == (AlwaysBefore.jointly, "work_date")
        assert Request.select().count() == 0

    def test_a_standing_agreement_is_before(self, ledger, taken):
        terms = Terms("allowance", date(2026, 10, 1), date(2026, 12, 1), 60)
        wish = StandingWish("general", "学び・相談", "head_office", terms, ledger.key())
        with pytest.raises(TooLate):
            standing_asking.ask(ledger.ctx(STAFF), wish, OFFERED)


class TestAnswering:
    def test_agreed_to_it_is_reserved_and_recorded_at_once(self, ledger, taken):
        request = ledger.agree(ask(ledger, minutes=60))
        assert ledger.amounts() == (0, 60, 1707)
        ledger.record(request, 45)
        assert ledger.amounts() == (45, 0, 1722)
        assert (stored(request).state, stored(request).after_fact) == (State.RECORDED, True)

    def test_within_free_and_never_silently(self, ledger, taken):
        """L2, L3: free is read again."""
        request = ask(ledger, minutes=60)
        ledger.agreed(date(2026, 11, 18), 1740)
        with pytest.raises(OverFree):
            ledger.agree(request)
        assert ledger.agree(request, 27).state == State.PARTLY_AGREED

    def test_days_later(self, ledger, taken):
        request = ask(ledger, FIRST, 60)
        ledger.now(11, 27, 9)
        assert ledger.agree(request).state == State.AGREED

    def test_several_are_ticked_and_agreed_to_with_others(self, ledger, taken):
        past = ledger.ask(TODAY, at=("10:00", "11:00"))
        after, ahead = ask(ledger, minutes=60), ledger.ask(date(2026, 11, 18), 60)
        ledger.now(11, 10, 11)
        chosen = [past.id, after.id, ahead.id]
        outcome = bulk.agree_to_all(ledger.ctx(HEAD), chosen, key="click")
        assert [one.request.id for one in outcome.agreed] == [after.id, ahead.id]
        assert [(one.request.id, one.refusal.rule) for one in outcome.refused] == [(past.id, "L1")]

    def test_leave_that_came_meanwhile_is_not_told_to_the_head(self, ledger, taken):
        request = ask(ledger, hours=MORNING)
        ledger.leave(STAFF, "annual", "2026-11-09T08:30", "2026-11-09T12:00")
        with pytest.raises(NoWorkThen):
            ledger.agree(request)

    def test_nobody_agrees_to_the_own(self, ledger, taken):
        own = ask(ledger, minutes=60, by=HEAD)
        outcome = bulk.agree_to_all(ledger.ctx(HEAD), [own.id], key="click")
        assert outcome.refused[0].refusal.rule == "L9"


class TestWhatIsOverStays:
    @pytest.fixture
    def today(self, ledger, taken):
        """Of today's morning, agreed to at noon."""
        ledger.now(11, 10, 12)
        return ledger.agree(ask(ledger, TODAY, 60))

    def test_the_head_cannot_call_it_off(self, ledger, today):
        """L4: past minutes stay."""
        with pytest.raises(NothingAhead):
            revoking.revoke(ledger.ctx(HEAD), today.id, key=ledger.key())
        assert stored(today).state == State.AGREED

    def test_the_person_cannot_take_it_back_once_agreed_to(self, ledger, today):
        with pytest.raises(TooLate):
            ledger.withdraw(today)
        assert ledger.withdraw(ask(ledger, minutes=30)).state == State.WITHDRAWN

    def test_a_freeze_leaves_it_alone(self, ledger, today):
        """L13: what lies ahead rests, and that does not."""
        ahead = ledger.agreed(TODAY, 30)
        ledger.now(11, 10, 13)
        freezing.freeze(ledger.ctx(HR), from_at=None, reason="台風")
        ledger.world.work()
        assert [stored(one).state for one in (today, ahead)] == [State.AGREED, State.SUSPENDED]
        assert stored(today).freeze_id is None
        assert ledger.record(today, 60).state == State.RECORDED

    def test_nothing_of_it_goes_to_the_next_head(self, ledger, today):
        """L11: on a transfer the new head is asked anew of what lies ahead alone."""
        ahead = ledger.agreed(TODAY, 30)
        found = Request.select().where(still_ahead(ledger.ctx(STAFF)))
        assert [one.id for one in found] == [ahead.id]

    def test_closing_ends_what_nobody_answered_or_recorded(self, ledger, today):
        waits = ask(ledger, minutes=30)
        ledger.now(12, 2, 9)
        close(ledger.ctx(HR), period_of(PeriodKind.MONTH, TODAY))
        assert [stored(one).state for one in (today, waits)] == [State.LAPSED] * 2
        assert ledger.account().reserved == 0


class TestAClerk:
    def test_enters_it_for_others_with_the_same_mark(self, ledger, nursery, taken):
        (entered,) = enter(ledger, line(ledger, COOK, day=YESTERDAY, after_fact=True))
        assert (stored(entered).after_fact, stored(entered).state) == (True, State.REQUESTED)

    def test_is_told_what_concerns_the_town_and_nothing_of_the_person(
        self, ledger, nursery, switch
    ):
        def said(**wanted):
            with pytest.raises(LinesRefused) as raised:
                enter(ledger, line(ledger, COOK, after_fact=True, **wanted))
            return type(raised.value.refusals[0])

        assert said(day=YESTERDAY) is AfterFactNotUsed
        switch()
        assert said(day=date(2026, 11, 1)) is TooLongAgo
        assert said(day=date(2026, 11, 11)) is NotOverYet
        ledger.leave(COOK, "annual", "2026-11-09T08:30", "2026-11-09T17:15")
        assert said(day=YESTERDAY) is NotPossibleThen
        assert said(day=TODAY, minutes=120) is NotPossibleThen  # it depends on the hours
