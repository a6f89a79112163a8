"""Standing agreements (包括了承, rule L12): dated ones, and what can be held of them."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from niwari.clock import TOKYO
from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.errors import Invalid, NotFound
from niwari.events.models import Event
from niwari.host.settings import save_settings
from niwari.ledger import subjects
from niwari.ledger.arranging import freezing
from niwari.ledger.errors import (
    AlreadyAsked,
    Frozen,
    HeldChanged,
    NothingHeld,
    TooLate,
    UnknownActivity,
)
from niwari.ledger.models import JournalEntry, Standing
from niwari.ledger.plans import plans_between
from niwari.ledger.standing import asking, ending, sight
from niwari.ledger.standing.planning import NotHeld
from niwari.ledger.standing.terms import Terms
from niwari.specs.contributions import Subject
from niwari.specs.contributions.rules import BadDates

from .conftest import OFFERED
from .standing import (
    DAYS,
    HEAD,
    STAFF,
    THIRD_WEDNESDAYS,
    agree,
    agreed,
    ask,
    occurrences,
    plan_of,
    reserved,
    why_not,
    wish,
)


class TestTheThirdWednesdayUntil31March:
    def test_60_minutes_are_300_minutes_on_five_days(self, ledger):
        said = agree(ledger, ask(ledger))
        assert (said.held, said.minutes, said.left_out) == (5, 300, 0)
        times = occurrences(said.standing)
        assert [one.work_date for one in times] == DAYS
        assert [one.minutes for one in times] == [60] * 5
        assert reserved(ledger, 11, 12, 1, 2, 3) == [60] * 5

    def test_the_preview_names_the_same_before_anybody_asked(self, ledger):
        plan = asking.look_ahead(ledger.ctx(STAFF), wish(ledger), OFFERED)
        assert [one.day for one in plan.held] == DAYS
        assert plan.minutes == 300
        assert Standing.select().count() == 0

    def test_asking_reserves_nothing(self, ledger):
        ask(ledger)
        assert reserved(ledger, 11, 12) == [0, 0]

    def test_the_part_outside_hours_does_not_count(self, ledger):
        terms = replace(THIRD_WEDNESDAYS, starts=time(17), ends=time(18))
        assert [one.minutes for one in plan_of(ledger, ask(ledger, terms)).held] == [15] * 5

    def test_minutes_alone_name_no_hour(self, ledger):
        standing = agreed(ledger, replace(THIRD_WEDNESDAYS, starts=None, ends=None, minutes=90))
        times = [(one.starts_at, one.minutes) for one in occurrences(standing)]
        assert times == [(None, 90)] * 5

    def test_every_time_stands_in_the_persons_calendar(self, ledger):
        agreed(ledger)
        plans = plans_between(ledger.ctx(STAFF), date(2026, 11, 1), date(2027, 3, 31))
        assert [plan.at.day for plan in plans] == DAYS


class TestWhatCannotBeHeld:
    def test_leave_holiday_and_an_overlap_are_named_and_left_out(self, ledger):
        ledger.leave(STAFF, "annual", "2026-12-16T08:30", "2026-12-16T17:15")
        ledger.ask(date(2027, 1, 20), at=("15:30", "16:30"))
        standing = ask(ledger)
        left_out = [(DAYS[1], NotHeld.LEAVE), (DAYS[2], NotHeld.OVERLAP)]
        assert why_not(plan_of(ledger, standing)) == left_out
        said = agree(ledger, standing)
        assert (said.held, said.left_out) == (3, 2)
        assert [one.work_date for one in occurrences(standing)] == [DAYS[0], *DAYS[3:]]
        after = sight.see(ledger.ctx(STAFF), standing.id).left_out
        assert [(one.day, one.reason) for one in after] == left_out

    def test_a_holiday_is_skipped_and_named(self, ledger):
        terms = replace(THIRD_WEDNESDAYS, rule="FREQ=WEEKLY;BYDAY=MO", last_day=date(2026, 11, 30))
        plan = plan_of(ledger, ask(ledger, terms))
        assert why_not(plan) == [(date(2026, 11, 23), NotHeld.HOLIDAY)]
        assert [one.day.day for one in plan.held] == [16, 30]

    @pytest.mark.parametrize(("shift", "day"), [("before", 20), ("after", 24), ("next_week", 30)])
    def test_a_holiday_is_moved(self, ledger, shift, day):
        terms = replace(
            THIRD_WEDNESDAYS,
            rule="FREQ=MONTHLY;BYDAY=4MO",
            last_day=date(2026, 11, 30),
            on_holiday=shift,
        )
        plan = plan_of(ledger, ask(ledger, terms))
        assert [one.day.day for one in plan.held] == [day]
        assert plan.left_out == ()

    def test_what_would_be_moved_beyond_the_last_day_is_named(self, ledger):
        terms = replace(
            THIRD_WEDNESDAYS,
            rule="FREQ=WEEKLY;BYDAY=MO",
            last_day=date(2026, 11, 23),
            on_holiday="after",
        )
        plan = plan_of(ledger, ask(ledger, terms))
        assert why_not(plan) == [(date(2026, 11, 23), NotHeld.HOLIDAY)]

    def test_what_would_be_moved_before_the_first_day_is_named(self, ledger):
        ledger.now(11, 21, 9)
        terms = replace(
            THIRD_WEDNESDAYS,
            rule="FREQ=WEEKLY;BYDAY=MO",
            first_day=date(2026, 11, 21),
            last_day=date(2026, 11, 30),
            on_holiday="before",
        )
        plan = plan_of(ledger, ask(ledger, terms))
        assert why_not(plan) == [(date(2026, 11, 23), NotHeld.HOLIDAY)]
        assert [one.day.day for one in plan.held] == [30]

    def test_a_period_that_holds_part_holds_nothing_of_that_time(self, ledger):
        """November has 1,767: 1,000 and a time of 400 fit, a second of 400 is left out whole."""
        ledger.agreed(date(2026, 11, 12), 1000)
        terms = replace(
            THIRD_WEDNESDAYS, rule="FREQ=WEEKLY;BYDAY=MO", starts=None, ends=None, minutes=400,
            last_day=date(2026, 11, 30), on_holiday="after",
        )  # fmt: skip
        plan = plan_of(ledger, ask(ledger, terms))
        assert [one.day.day for one in plan.held] == [16]
        assert [(one.day.day, one.reason, one.free) for one in plan.left_out] == [
            (24, NotHeld.OVER_FREE, 367),
            (30, NotHeld.OVER_FREE, 367),
        ]

    def test_a_period_of_full_leave_has_no_base(self, ledger):
        ledger.leave(STAFF, "childcare", "2026-12-01T00:00", "2027-01-01T00:00")
        plan = plan_of(ledger, ask(ledger))
        assert why_not(plan) == [(DAYS[1], NotHeld.NO_BASE)]

    def test_nothing_at_all_is_refused(self, ledger):
        ledger.leave(STAFF, "childcare", "2026-11-01T00:00", "2027-04-01T00:00")
        with pytest.raises(NothingHeld):
            ask(ledger)

    def test_what_is_not_counted_is_not_measured_by_the_allowance(self, ledger):
        ledger.agreed(date(2026, 11, 12), 1767)
        plan = plan_of(ledger, ask(ledger, activity="training"))
        # It still needs its hours: the day's work beside what was asked before.
        assert NotHeld.OVER_FREE not in [one.reason for one in plan.left_out]

    def test_never_silently_fewer_than_the_head_saw(self, ledger):
        standing = ask(ledger)
        seen = plan_of(ledger, standing).mark
        ledger.leave(STAFF, "annual", "2026-12-16T08:30", "2026-12-16T17:15")
        with pytest.raises(HeldChanged):
            agree(ledger, standing, seen=seen)
        assert (occurrences(standing), JournalEntry.select().count()) == ([], 0)
        assert agree(ledger, standing).held == 4


class TestWhatIsFilledIn:
    @pytest.mark.parametrize(
        ("changes", "error", "field"),
        [
            ({"first_day": date(2026, 11, 9)}, TooLate, "first_day"),
            ({"last_day": date(2027, 4, 1)}, Invalid, "last_day"),
            ({"last_day": date(2026, 11, 9)}, Invalid, "last_day"),
            ({"ends": None}, Invalid, "starts"),
            ({"ends": time(14)}, Invalid, "ends"),
            ({"starts": None, "ends": None, "minutes": 0}, Invalid, "minutes"),
            ({"starts": None, "ends": None, "minutes": 1441}, Invalid, "minutes"),
            (
                {"kind": "allowance", "minutes": 10**9, "starts": None, "ends": None},
                Invalid,
                "minutes",
            ),
            ({"rule": "FREQ=HOURLY"}, BadDates, "rule"),
            ({"rule": "'; DROP TABLE"}, BadDates, "rule"),
            ({"last_day": date(2026, 11, 12)}, BadDates, "until"),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_field(self, ledger, changes, error, field):
        with pytest.raises(error) as raised:
            ask(ledger, replace(THIRD_WEDNESDAYS, **changes))
        assert raised.value.field == field
        assert Standing.select().count() == 0

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"activity": "none"}, UnknownActivity),
            ({"purpose": " "}, Invalid),
            ({"purpose": "あ" * 401}, Invalid),
            ({"place": "moon"}, Invalid),
        ],
    )
    def test_the_other_fields(self, ledger, changes, error):
        with pytest.raises(error):
            ask(ledger, **changes)

    def test_where_a_municipality_does_not_use_them_there_is_no_such_form(self, ledger, client_for):
        save_settings(ledger.ctx("it@koriyama"), "ledger", "municipality", {"standing": False})
        with pytest.raises(NotFound):
            ask(ledger)
        assert client_for(STAFF).get("/ledger/standing/new").status_code == 404

    def test_a_double_click_is_one_and_another_wish_is_refused(self, ledger):
        one = wish(ledger)
        first, again = (asking.ask(ledger.ctx(STAFF), one, OFFERED) for _ in range(2))
        assert first.id == again.id
        with pytest.raises(AlreadyAsked):
            asking.ask(ledger.ctx(STAFF), replace(one, purpose="別のこと"), OFFERED)

    def test_a_source_is_kept_and_of_a_discreet_class_not(self, ledger):
        ctx = ledger.ctx(STAFF)
        source = ("consult.desk", 7)
        kept = asking.ask(ctx, wish(ledger), OFFERED, source)
        hidden = asking.ask(ctx, wish(ledger, activity="consult"), OFFERED, source)
        assert (kept.source_kind, kept.source_id) == source
        assert (hidden.source_kind, hidden.source_id) == (None, None)
        agree(ledger, kept)
        assert {(one.source_kind, one.source_id) for one in occurrences(kept)} == {source}

    def test_whoever_waits_there_hears_of_each_time_and_of_the_whole(self, ledger):
        standing = asking.ask(ledger.ctx(STAFF), wish(ledger), OFFERED, ("consult.desk", 7))
        agree(ledger, standing)
        ending.revoke(ledger.ctx(HEAD), standing.id)
        names = [one.name for one in Event.select().order_by(Event.id)]
        whole, agreed_to = "ledger.StandingAnswered", "ledger.RequestAgreed"
        assert names == [whole, *[agreed_to] * 5, *["ledger.RequestRevoked"] * 5, whole]
        agreed(ledger, activity="consult")
        assert Event.select().count() == len(names)


def test_the_own_list_says_what_is_held_in_each_period(ledger):
    standing = agreed(ledger)
    ledger.now(11, 18, 16)
    ledger.record(occurrences(standing)[0], 45)
    (mine,) = sight.own_list(ledger.ctx(STAFF))
    held = [(one.first_day.month, one.reserved, one.used) for one in mine.periods]
    assert held == [(11, 0, 45), (12, 60, 0), (1, 60, 0), (2, 60, 0), (3, 60, 0)]
    assert sight.own_list(ledger.ctx(HEAD)) == []


def test_what_was_left_out_goes_with_the_words_of_whoever_has_left(ledger):
    """It may tell of leave, so it is handed out with the agreement and erased with it."""
    ledger.leave(STAFF, "annual", "2026-12-16T08:30", "2026-12-16T17:15")
    standing = agreed(ledger)
    ctx = ledger.ctx(STAFF)
    subject = Subject(person_id=ctx.person_id)
    (record,) = [one for one in subjects.records(subject) if one.kind == "ledger.standing"]
    assert "2026-12-16" in record.data["left_out"]
    Appointment.update(ends_on=date(2026, 11, 9)).where(
        Appointment.person == ctx.person_id
    ).execute()
    with transaction(ctx):
        subjects.erase(ctx, subject)
    assert Standing.get_by_id(standing.id).left_out == ""


class TestWhileAFreezeHolds:
    """L13: what begins in a freeze is not held, and named; nothing at all is refused with the reason."""

    def freeze(self, ledger, from_at=None):
        made = freezing.freeze(ledger.ctx("hr@koriyama"), from_at=from_at, reason="台風の災害対応")
        ledger.world.work()
        return made

    def test_from_a_moment_on_the_times_after_it_are_left_out_and_named(self, ledger):
        standing = ask(ledger)
        self.freeze(ledger, datetime(2026, 12, 16, 15, tzinfo=TOKYO))
        assert why_not(plan_of(ledger, standing)) == [(day, NotHeld.FROZEN) for day in DAYS[1:]]
        assert agree(ledger, standing).held == 1
        assert reserved(ledger, 11, 12, 1) == [60, 0, 0]
        after = sight.see(ledger.ctx(STAFF), standing.id).left_out
        assert {one.reason for one in after} == {NotHeld.FROZEN}

    def test_an_allowance_holds_the_month_that_begins_before_it(self, ledger):
        self.freeze(ledger, datetime(2026, 11, 25, 8, 30, tzinfo=TOKYO))
        allowance = Terms("allowance", date(2026, 11, 10), date(2027, 3, 31), 120)
        plan = plan_of(ledger, ask(ledger, allowance))
        assert [one.day.month for one in plan.held] == [11]
        assert {one.reason for one in plan.left_out} == {NotHeld.FROZEN}

    def test_asking_in_it_is_refused_with_its_reason(self, ledger):
        self.freeze(ledger)
        with pytest.raises(Frozen, match="台風の災害対応"):
            ask(ledger)

    def test_agreeing_in_it_is_refused_and_goes_on_once_it_is_lifted(self, ledger):
        standing = ask(ledger)
        seen = plan_of(ledger, standing).mark
        made = self.freeze(ledger)
        with pytest.raises(Frozen, match="台風の災害対応"):
            agree(ledger, standing, seen=seen)
        assert (occurrences(standing), JournalEntry.select().count()) == ([], 0)
        freezing.lift(ledger.ctx("hr@koriyama"), made.id)
        assert agree(ledger, standing).held == 5
