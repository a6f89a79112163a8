"""Leave and hours that arrive late: a closed base stays (L7), an open one falls, entries stay (L8)."""

from datetime import date

import pytest

from niwari.directory.system import system_context
from niwari.errors import NotFound
from niwari.ledger.closing import late
from niwari.ledger.closing.closing import close
from niwari.ledger.errors import OverFree
from niwari.ledger.importing import import_roster
from niwari.ledger.models import Account, LateBase
from niwari.ledger.worktime import PeriodKind, period_of

from .conftest import WEDNESDAY

STAFF, HR = "staff@koriyama", "hr@koriyama"
DAY = ("2026-11-20T08:30", "2026-11-20T17:15")


@pytest.fixture
def closed(ledger):
    ledger.now(12, 2, 9)
    close(ledger.ctx(HR), period_of(PeriodKind.MONTH, WEDNESDAY))
    return ledger


def seen(ledger):
    return [(one.stored, one.would_be) for one in late.unsettled(ledger.ctx(HR))]


class TestAClosedMonth:
    def test_leave_leaves_the_base_and_is_listed(self, closed):
        closed.leave(STAFF, "annual", *DAY)
        assert closed.account().base == 8835
        assert seen(closed) == [(8835, 8370)]
        assert late.unsettled_count(closed.ctx(HR)) == 1

    def test_so_do_patterns_and_roster(self, closed):
        morning = ["08:30-12:00"] * 5
        closed.pattern(STAFF, "2026-11-01", *morning, "", "")
        assert seen(closed) == [(8835, 19 * 210)]
        ctx = system_context(closed.world.clock(), "test")
        import_roster(
            ctx, b"login,date,intervals,kind\nstaff2@koriyama,2026-11-21,08:30-12:00,work\n"
        )
        assert seen(closed) == [(8835, 19 * 210), (8835, 9045)]

    def test_the_same_file_again_changes_nothing(self, closed):
        for _twice in range(2):
            closed.leave(STAFF, "annual", *DAY)
        assert len(seen(closed)) == 1

    def test_what_changes_nothing_is_not_listed(self, closed):
        closed.leave(STAFF, "annual", "2026-11-21T08:30", "2026-11-21T17:15")  # a Saturday
        closed.leave(STAFF, "annual", "2026-12-21T08:30", "2026-12-21T17:15")
        assert seen(closed) == []

    def test_what_is_taken_back_is_listed_no_more(self, closed):
        closed.leave(STAFF, "annual", *DAY)
        closed.leave(STAFF, "annual", DAY[0], "2026-11-20T08:31")
        assert seen(closed) == [(8835, 8834)]
        closed.pattern(STAFF, "2026-11-20", *["08:31-12:00 13:00-17:16"] * 5, "", "")
        assert LateBase.select().count() == 0

    def test_hr_has_seen_it(self, closed):
        closed.leave(STAFF, "annual", *DAY)
        (one,) = late.unsettled(closed.ctx(HR))
        for _click in range(2):
            late.settle(closed.ctx(HR), one.id)
        assert seen(closed) == []
        row = LateBase.get()
        assert row.settled_by_id == closed.ctx(HR).acting.id

    def test_something_else_afterwards_is_listed_again(self, closed):
        closed.leave(STAFF, "annual", *DAY)
        late.settle(closed.ctx(HR), late.unsettled(closed.ctx(HR))[0].id)
        closed.leave(STAFF, "annual", "2026-11-24T08:30", "2026-11-24T12:00")
        assert seen(closed) == [(8835, 8160)]

    def test_another_town_sees_nothing(self, closed):
        closed.leave(STAFF, "annual", *DAY)
        (one,) = late.unsettled(closed.ctx(HR))
        other = closed.ctx("head@sukagawa")
        assert late.unsettled(other) == []
        with pytest.raises(NotFound):
            late.settle(other, one.id)


class TestAnOpenMonth:
    def test_entries_stay_and_new_agreements_wait(self, ledger):
        """L8: the base falls to 465 after 120 were agreed to; the state is over by 27."""
        ledger.agreed(WEDNESDAY, 120)
        waits = ledger.ask(date(2026, 11, 30), 10)
        ledger.leave(STAFF, "annual", "2026-11-01T00:00", "2026-11-18T00:00")
        ledger.leave(STAFF, "sick", "2026-11-19T00:00", "2026-11-30T00:00")
        account = ledger.account()
        assert (account.base, account.cap, account.reserved) == (930, 186, 120)
        ledger.leave(STAFF, "special", "2026-11-30T08:30", "2026-11-30T17:00")
        assert ledger.amounts() == (0, 120, -24)
        assert late.over_count(ledger.ctx(HR)) is None
        with pytest.raises(OverFree):
            ledger.agree(waits)
        assert LateBase.select().count() == 0

    def test_nobody_is_over_by_itself(self, ledger):
        ledger.agreed(WEDNESDAY, 1767)
        assert late.over_count(ledger.ctx(HR)) == 0
        ledger.leave(STAFF, "annual", *DAY)
        assert late.over_count(ledger.ctx(HR)) is None
        assert late.over_count(ledger.ctx("head@sukagawa")) == 0

    def test_one_to_four_are_told_alike_and_five_are_counted(self, ledger, town, client_for):
        """L15: a number under five would tell of whose leave it is."""
        client = client_for(HR)
        for number in range(1, 6):
            login = f"over{number}@x"
            post = town("072036").appoint(login, "市民部/市民課")
            Account.create(
                person=post.person_id,
                municipality=post.municipality_id,
                starts_on=date(2026, 11, 1),
                ends_on=date(2026, 11, 30),
                base=100,
                cap=20,
                used=21,
            )
            counted = late.over_count(ledger.ctx(HR))
            assert counted == (None if number < 5 else 5)
            if number in (1, 4):
                assert "超えている職員：5人未満" in client.get("/ledger/closing/late").text
        assert "超えている職員：5人</p>" in client.get("/ledger/closing/late").text

    def test_what_tolerance_let_be_recorded_is_within_what_is_left(self, ledger, town, tolerate):
        """L17: it makes nobody over by itself, and hides nobody whose base fell."""
        tolerate(10)
        people = [f"over{number}@x" for number in range(5)]
        for login in people:
            town("072036").appoint(login, "市民部/市民課")
            request = ledger.agreed(date(2026, 11, 10), 1700, by=login)
            ledger.record(request, 1710, by=login)
            assert ledger.amounts(login) == (1710, 0, 57)
        assert late.over_count(ledger.ctx(HR)) == 0
        for login in people:
            ledger.leave(login, "annual", "2026-11-17T08:30", "2026-11-17T17:15")
        assert late.over_count(ledger.ctx(HR)) == 5
