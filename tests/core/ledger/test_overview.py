"""What people see of the month: the numbers of the table, and what waits."""

from datetime import date, datetime

import pytest

from niwari.clock import TOKYO
from niwari.ledger import overview
from niwari.ledger.deciding import waiting_list
from niwari.ledger.models import State

from .conftest import WEDNESDAY

TABLE = [
    ("2026-04", 21, 9765, 1953),
    ("2026-05", 18, 8370, 1674),
    ("2026-06", 22, 10230, 2046),
    ("2026-07", 22, 10230, 2046),
    ("2026-08", 20, 9300, 1860),
    ("2026-09", 19, 8835, 1767),
    ("2026-10", 21, 9765, 1953),
    ("2026-11", 19, 8835, 1767),
    ("2026-12", 20, 9300, 1860),
    ("2027-01", 19, 8835, 1767),
    ("2027-02", 18, 8370, 1674),
    ("2027-03", 22, 10230, 2046),
]


@pytest.mark.parametrize(("month", "days", "base", "cap"), TABLE)
def test_the_worked_months(ledger, month, days, base, cap):
    day = date.fromisoformat(f"{month}-15")
    seen = overview.month_of(ledger.ctx("staff@koriyama"), day)
    assert (seen.work_days, seen.balance.base, seen.balance.cap) == (days, base, cap)
    assert seen.balance.free == cap


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 11, 10), date(2027, 3, 31)])
def test_the_fiscal_year_stands_beside_every_month_of_it(ledger, day):
    seen = overview.month_of(ledger.ctx("staff@koriyama"), day)
    assert (seen.year.starts_on, seen.year.ends_on) == (date(2026, 4, 1), date(2027, 3, 31))
    assert (seen.year_balance.base, seen.year_balance.cap) == (112_065, 22_413)


def test_the_year_is_the_sum_of_its_months(ledger):
    """L5: what is lost by rounding down in a month is not won back in the year."""
    for start in ("2026-11-04T08:30", "2026-12-01T08:30", "2027-01-05T08:30"):
        ledger.leave("staff@koriyama", "annual", start, f"{start[:11]}08:33")
    seen = overview.month_of(ledger.ctx("staff@koriyama"), WEDNESDAY)
    assert seen.balance.cap == 1766
    assert seen.year_balance.base == 112_065 - 9
    assert seen.year_balance.cap == 22_413 - 3


def test_used_and_reserved_of_the_year_are_those_of_its_months(ledger):
    ledger.agreed(WEDNESDAY, 120)
    ledger.agreed(date(2027, 3, 31), 60)
    ledger.agreed(date(2027, 4, 1), 30)
    request = ledger.agreed(date(2026, 11, 10), 45)
    ledger.record(request, 40)
    seen = overview.month_of(ledger.ctx("staff@koriyama"), WEDNESDAY)
    assert (seen.balance.used, seen.balance.reserved, seen.balance.free) == (40, 120, 1607)
    assert (seen.year_balance.used, seen.year_balance.reserved) == (40, 180)


def test_asked_is_what_waits_and_counts(ledger):
    ledger.ask(WEDNESDAY, 120)
    ledger.ask(WEDNESDAY, 60, activity="training")
    ledger.agreed(date(2026, 11, 19), 60)
    ledger.decline(ledger.ask(date(2026, 11, 19), 60))
    ledger.ask(date(2026, 12, 1), 60)
    assert ledger.balance().asked == 120


def test_requests_are_those_of_the_month_in_their_order(ledger):
    late = ledger.ask(date(2026, 11, 19), at=("15:00", "16:00"))
    early = ledger.ask(date(2026, 11, 19), at=("09:00", "10:00"))
    some_time = ledger.ask(date(2026, 11, 19), 30)
    first = ledger.ask(WEDNESDAY, 30)
    ledger.withdraw(ledger.ask(WEDNESDAY, 30))
    ledger.ask(date(2026, 12, 1), 30)
    ledger.ask(WEDNESDAY, 30, by="staff2@koriyama")
    seen = overview.month_of(ledger.ctx("staff@koriyama"), WEDNESDAY)
    assert [one.id for one in seen.requests] == [first.id, some_time.id, early.id, late.id]


def test_coming_is_what_waits_or_is_agreed(ledger):
    agreed = ledger.agreed(WEDNESDAY, 30)
    ledger.decline(ledger.ask(WEDNESDAY, 40))
    done = ledger.agreed(date(2026, 11, 10), 30)
    ledger.record(done, 30)
    waiting = ledger.ask(date(2026, 11, 19), 30)
    seen = overview.month_of(ledger.ctx("staff@koriyama"), WEDNESDAY)
    assert [one.id for one in seen.coming] == [agreed.id, waiting.id]
    assert {one.state for one in seen.requests} == {
        State.AGREED,
        State.DECLINED,
        State.RECORDED,
        State.REQUESTED,
    }


def test_every_day_tells_why(ledger):
    ledger.leave("staff@koriyama", "annual", "2026-11-20T08:30", "2026-11-20T12:00")
    seen = overview.month_of(ledger.ctx("staff@koriyama"), WEDNESDAY)
    assert len(seen.days) == 30
    assert all(sum(reason.minutes for reason in day.why) == day.base for day in seen.days)
    assert seen.days[19].base == 255


def test_a_month_is_read_in_three_queries_however_much_is_in_it(ledger, queries):
    ctx = ledger.ctx("staff@koriyama")
    for day in (16, 17, 18, 19, 20):
        ledger.agreed(date(2026, 11, day), 30)
        ledger.leave("staff@koriyama", "annual", f"2026-11-{day}T08:30", f"2026-11-{day}T09:00")
    with queries() as log:
        overview.month_of(ctx, WEDNESDAY)
    assert len(log) == 3


def test_looking_writes_nothing(ledger):
    overview.month_of(ledger.ctx("staff@koriyama"), WEDNESDAY)
    waiting_list.waiting_for(ledger.ctx("head@koriyama"))
    assert ledger.account() is None


class TestTheHeadsList:
    def waiting(self, ledger, head="head@koriyama"):
        return waiting_list.waiting_for(ledger.ctx(head))

    def test_the_nearest_day_first_with_what_each_person_has_left(self, ledger):
        later = ledger.ask(date(2026, 12, 2), 90)
        ledger.agreed(WEDNESDAY, 1000)
        sooner = ledger.ask(date(2026, 11, 20), 60)
        other = ledger.ask(date(2026, 11, 20), 60, by="staff2@koriyama")
        assert [(one.request.id, one.free) for one in self.waiting(ledger)] == [
            (sooner.id, 767),
            (other.id, 1767),
            (later.id, 1860),
        ]

    def test_left_falls_with_the_base(self, ledger):
        ledger.agreed(WEDNESDAY, 1000)
        ledger.ask(date(2026, 11, 20), 60)
        ledger.leave("staff@koriyama", "annual", "2026-11-02T08:30", "2026-11-14T00:00")
        assert self.waiting(ledger)[0].free == -70

    @pytest.mark.parametrize(
        ("asked", "activity", "over"),
        [(767, "general", False), (768, "general", True), (768, "training", False)],
    )
    def test_what_is_longer_than_what_is_left_is_marked(self, ledger, asked, activity, over):
        ledger.agreed(WEDNESDAY, 1000)
        ledger.ask(date(2026, 11, 20), asked, activity=activity)
        assert self.waiting(ledger)[0].over is over

    def test_a_discreet_class_shows_as_learning_and_consulting(self, ledger):
        """L14."""
        ledger.ask(WEDNESDAY, 60, activity="consult")
        assert self.waiting(ledger)[0].request.activity == "general"

    def test_what_was_answered_or_taken_back_is_gone(self, ledger):
        ledger.agreed(WEDNESDAY, 60)
        ledger.decline(ledger.ask(WEDNESDAY, 60))
        ledger.return_(ledger.ask(WEDNESDAY, 60))
        ledger.withdraw(ledger.ask(WEDNESDAY, 60))
        assert self.waiting(ledger) == []

    def test_it_is_read_in_three_queries_however_long(self, ledger, town, queries):
        for number in range(40):
            town("072036").appoint(f"many{number}@x", "市民部/市民課")
            ledger.ask(date(2026, 11 + number % 2, 18), 60, by=f"many{number}@x")
        head = ledger.ctx("head@koriyama")
        with queries() as log:
            waiting = waiting_list.waiting_for(head)
        assert (len(waiting), len(log)) == (40, 3)

    def test_fifty_at_most(self, ledger, town):
        town("072036").appoint("busy@x", "市民部/市民課")
        for number in range(52):
            ledger.ask(WEDNESDAY, 1, by="busy@x", purpose=f"学び{number}")
        assert len(self.waiting(ledger)) == waiting_list.PAGE
        assert waiting_list.waiting_counts(ledger.ctx("head@koriyama")).requested == 52


class TestOneRequest:
    """What the person and the head see of it (L10, L14)."""

    def see(self, ledger, request, login):
        from niwari.ledger import sight

        return sight.see(ledger.ctx(login), request.id)

    def test_what_does_not_count_of_a_meeting(self, ledger):
        request = ledger.ask(at=("17:00", "18:00"))
        seen = self.see(ledger, request, "head@koriyama")
        assert (seen.request.minutes, seen.uncounted) == (15, 45)
        assert self.see(ledger, ledger.ask(WEDNESDAY, 60), "staff@koriyama").uncounted == 0

    def test_a_discreet_class_is_the_persons_alone(self, ledger):
        request = ledger.ask(WEDNESDAY, 60, activity="consult")
        assert self.see(ledger, request, "staff@koriyama").request.activity == "consult"
        assert self.see(ledger, request, "head@koriyama").request.activity == "general"

    def test_what_each_may_do_next(self, ledger):
        def may(request, login):
            seen = self.see(ledger, request, login)
            return "".join(
                letter
                for letter, allowed in zip(
                    "dwra",
                    (seen.may_decide, seen.may_withdraw, seen.may_record, seen.may_ask_again),
                    strict=True,
                )
                if allowed
            )

        request = ledger.ask(at=("15:00", "16:00"))
        assert (may(request, "staff@koriyama"), may(request, "head@koriyama")) == ("w", "d")
        ledger.return_(request)
        assert (may(request, "staff@koriyama"), may(request, "head@koriyama")) == ("wa", "")
        agreed = ledger.agreed(WEDNESDAY, at=("13:00", "14:00"))
        assert (may(agreed, "staff@koriyama"), may(agreed, "head@koriyama")) == ("w", "")
        ledger.now(11, 18, 13)
        assert (may(agreed, "staff@koriyama"), may(agreed, "head@koriyama")) == ("r", "")
        ledger.record(agreed, 45)
        assert (may(agreed, "staff@koriyama"), may(agreed, "head@koriyama")) == ("", "")
        assert self.see(ledger, agreed, "head@koriyama").recorded == 45

    def test_a_day_without_an_hour_may_be_recorded_or_withdrawn_on_the_day(self, ledger):
        agreed = ledger.agreed(WEDNESDAY, 60)
        ledger.now(11, 18, 0)
        seen = self.see(ledger, agreed, "staff@koriyama")
        assert (seen.may_record, seen.may_withdraw) == (True, True)
        ledger.world.clock.set(datetime(2026, 11, 19, tzinfo=TOKYO))
        seen = self.see(ledger, agreed, "staff@koriyama")
        assert (seen.may_record, seen.may_withdraw) == (True, False)
