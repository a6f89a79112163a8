"""What HR chooses (L23): long leave only, the kind of period; and what that does to the numbers."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry, AuditValue
from niwari.db import transaction
from niwari.errors import Invalid
from niwari.host.settings import BadSetting
from niwari.ledger import overview
from niwari.ledger.accounts import open_account
from niwari.ledger.arranged import kind_on, period_for
from niwari.ledger.arranging import rules
from niwari.ledger.errors import OverCap, OverFree
from niwari.ledger.explain import explain
from niwari.ledger.models import Account
from niwari.ledger.settings import choices_of
from niwari.ledger.worktime import PeriodKind

from .conftest import WEDNESDAY

HR, STAFF = "hr@koriyama", "staff@koriyama"


def choose(ledger, **values):
    """Choose as HR of Koriyama."""
    return rules.choose(ledger.ctx(HR), values)


@pytest.fixture
def weekly(ledger):
    """Weeks from 1 April 2026 on, chosen in March; back on 10 September."""
    ledger.now(3, 10, 9)
    assert rules.choose_period(ledger.ctx(HR), "week", 2026)
    ledger.now(9, 10, 9)


class TestChoosing:
    def test_it_holds_at_once_and_is_in_the_audit_with_before_and_after(self, ledger):
        assert choose(ledger, closing_workday=5, oral=True) == ["closing_workday"]
        assert choices_of(ledger.ctx(HR)).closing_workday == 5
        (entry,) = AuditEntry.select().where(AuditEntry.action == "ledger.choose")
        said = AuditValue.get_by_id(entry.id).content
        assert "closing_workday" in said
        assert "10" in said
        assert "5" in said

    def test_the_same_again_changes_nothing(self, ledger):
        assert choose(ledger, closing_workday=10) == []
        assert not AuditEntry.select().where(AuditEntry.action == "ledger.choose").exists()

    def test_the_other_town_keeps_its_own(self, ledger):
        choose(ledger, oral=False)
        assert choices_of(ledger.ctx("staff@sukagawa")).oral

    def test_a_number_outside_its_bounds_changes_nothing(self, ledger):
        with pytest.raises(BadSetting):
            choose(ledger, oral=False, closing_workday=21)
        assert choices_of(ledger.ctx(HR)).oral

    def test_november_closes_on_14_december(self, ledger):
        assert rules.closing_days(ledger.ctx(HR), 10)[1] == (date(2026, 11, 1), date(2026, 12, 14))


class TestLongLeaveOnly:
    @pytest.fixture
    def away(self, ledger):
        ledger.leave(STAFF, "annual", "2026-11-20T08:30", "2026-11-20T17:15")

    def test_short_leave_leaves_the_base_as_it_is(self, ledger, away):
        assert ledger.balance().cap == 1674
        choose(ledger, long_leave_only=True)
        assert (ledger.balance().base, ledger.balance().cap) == (8835, 1767)

    @pytest.mark.parametrize("kind", ["sick", "maternity", "childcare", "partial", "care", "study"])
    def test_long_leave_is_taken_off_all_the_same(self, ledger, kind):
        ledger.leave(STAFF, kind, "2026-11-20T08:30", "2026-11-20T17:15")
        choose(ledger, long_leave_only=True)
        assert ledger.balance().cap == 1674

    def test_explain_says_so(self, ledger, away):
        assert explain(STAFF, "2026-11").leave == "all"
        choose(ledger, long_leave_only=True)
        found = explain(STAFF, "2026-11")
        assert (found.leave, found.cap) == ("long", 1767)

    def test_agreeing_reckons_with_it(self, ledger, away):
        choose(ledger, long_leave_only=True)
        for day in (16, 17, 18):
            ledger.agreed(date(2026, 11, day), 465)
        ledger.agreed(date(2026, 11, 19), 372)
        assert ledger.amounts() == (0, 1767, 0)

    def test_a_closed_account_keeps_its_base(self, ledger, away):
        ledger.agreed(WEDNESDAY, 60)
        Account.update(closed_at=ledger.world.clock()).execute()
        choose(ledger, long_leave_only=True)
        ctx = ledger.ctx(STAFF)
        with transaction(ctx):
            account = open_account(ctx, ctx.person_id, ctx.municipality.id, WEDNESDAY).account
        assert (account.base, account.cap) == (8370, 1674)

    def test_hr_sees_what_it_does(self, ledger, away):
        effect = rules.leave_effect(ledger.ctx(HR))
        assert (effect.people, effect.subtracted, effect.kept) == (1, 1674, 1767)

    def test_other_towns_and_long_leave_are_no_effect(self, ledger):
        ledger.leave("staff@sukagawa", "annual", "2026-11-20T08:30", "2026-11-20T17:15")
        ledger.leave(STAFF, "sick", "2026-11-20T08:30", "2026-11-20T17:15")
        assert rules.leave_effect(ledger.ctx(HR)).people == 0

    def test_off_again_the_state_is_over_and_nothing_new_is_agreed_to(self, ledger, away):
        """L8: entries stay, free is negative, new agreements wait."""
        choose(ledger, long_leave_only=True)
        for day in (16, 17, 18):
            ledger.agreed(date(2026, 11, day), 465)
        last = ledger.agreed(date(2026, 11, 19), 300)
        choose(ledger, long_leave_only=False)
        assert ledger.amounts() == (0, 1695, -21)
        waiting = ledger.ask(date(2026, 11, 25), 15)
        with pytest.raises(OverFree):
            ledger.agree(waiting)
        ledger.withdraw(last)
        assert ledger.agree(waiting).agreed_minutes == 15


class TestPeriods:
    def test_a_month_where_hr_chose_nothing(self, ledger):
        assert kind_on(ledger.ctx(HR).municipality, WEDNESDAY) is PeriodKind.MONTH

    def test_a_week_of_three_holidays(self, ledger, weekly):
        """Weekly period 21-25 Sep 2026: base 930, cap 186."""
        week = overview.month_of(ledger.ctx(STAFF), date(2026, 9, 24))
        assert (week.period.starts_on, week.period.ends_on) == (
            date(2026, 9, 21),
            date(2026, 9, 27),
        )
        assert (week.balance.base, week.balance.cap) == (930, 186)
        with pytest.raises(OverCap, match="この期間"):
            ledger.ask(date(2026, 9, 24), 187)
        ledger.agreed(date(2026, 9, 24), 186)
        assert ledger.balance(day=date(2026, 9, 25)).free == 0
        assert ledger.balance(day=date(2026, 9, 28)).reserved == 0

    def test_the_fiscal_year_stands_beside_it(self, ledger, weekly):
        ledger.agreed(date(2026, 9, 24), 100)
        year = overview.month_of(ledger.ctx(STAFF), date(2026, 9, 24))
        assert (year.year_balance.base, year.year_balance.reserved) == (112065, 100)
        assert year.year_balance.cap == explain(STAFF, "FY2026").cap

    def test_a_week_ends_on_31_march(self, ledger, weekly):
        town = ledger.ctx(HR).municipality
        assert period_for(town, date(2027, 3, 31)).ends_on == date(2027, 3, 31)
        assert period_for(town, date(2027, 4, 1)).starts_on == date(2027, 4, 1)

    @pytest.mark.parametrize(("kind", "cap"), [("quarter", 5580), ("fiscal_year", 22413)])
    def test_longer_periods_are_rounded_once(self, ledger, kind, cap):
        ledger.now(3, 10, 9)
        rules.choose_period(ledger.ctx(HR), kind, 2026)
        ledger.now(11, 10, 9)
        assert ledger.balance().cap == cap
        ledger.agreed(WEDNESDAY, 60)
        assert ledger.balance(day=date(2026, 12, 1)).reserved == 60

    def test_the_years_before_stay_months(self, ledger, weekly):
        assert kind_on(ledger.ctx(HR).municipality, date(2026, 3, 31)) is PeriodKind.MONTH

    def test_an_account_that_is_there_keeps_its_days(self, ledger):
        ledger.now(3, 10, 9)
        ledger.agreed(date(2026, 3, 30), 60)
        rules.choose_period(ledger.ctx(HR), "week", 2026)
        ledger.agreed(date(2026, 3, 31), 60)
        (account,) = Account.select()
        assert (account.starts_on, account.reserved) == (date(2026, 3, 1), 120)

    def test_not_over_accounts_of_another_kind(self, ledger):
        ledger.now(3, 10, 9)
        ledger.agreed(date(2026, 4, 1), 60)
        with pytest.raises(rules.PeriodInUse):
            rules.choose_period(ledger.ctx(HR), "week", 2026)
        assert rules.choose_period(ledger.ctx(HR), "week", 2027)

    @pytest.mark.parametrize(("kind", "year"), [("day", 2027), ("week", 2026), ("week", 2029)])
    def test_bad_input(self, ledger, kind, year):
        with pytest.raises(Invalid):
            rules.choose_period(ledger.ctx(HR), kind, year)

    def test_the_same_again_changes_nothing(self, ledger):
        assert rules.choose_period(ledger.ctx(HR), "week", 2027)
        assert not rules.choose_period(ledger.ctx(HR), "week", 2027)

    def test_the_other_town_keeps_its_months(self, ledger, weekly):
        assert kind_on(ledger.ctx("staff@sukagawa").municipality, WEDNESDAY) is PeriodKind.MONTH

    def test_no_query_while_the_revision_stands(self, ledger, weekly, queries):
        town = ledger.ctx(HR).municipality
        period_for(town, WEDNESDAY)
        with queries() as log:
            period_for(town, WEDNESDAY)
        assert len(log) == 0
