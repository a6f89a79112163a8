"""A month closes on the 10th working day by itself, or earlier by HR (L7)."""

import json
from datetime import date, datetime

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.db import transaction
from niwari.errors import Invalid
from niwari.events.models import Event
from niwari.host.settings import save_settings
from niwari.ledger.accounts import check_open, open_account
from niwari.ledger.asking.requests import withdraw
from niwari.ledger.closing import closing as closing_module
from niwari.ledger.closing.closing import close, close_due
from niwari.ledger.closing.due import closes_on, over_and_open
from niwari.ledger.closing.preview import next_to_close
from niwari.ledger.errors import AlreadyDecided, ClosedPeriod, EarlierOpen, StillOpen
from niwari.ledger.explain import explain
from niwari.ledger.models import Account, Closing, JournalEntry, Request, State
from niwari.ledger.worktime import PeriodKind, parse_period, period_of
from niwari.notices.models import Notice, Received

from .conftest import WEDNESDAY

NOVEMBER = period_of(PeriodKind.MONTH, WEDNESDAY)
STAFF, HR = "staff@koriyama", "hr@koriyama"
SOON = date(2026, 11, 24)


def close_november(ledger, by=HR):
    ledger.now(12, 2, 9)
    return close(ledger.ctx(by), NOVEMBER)


def states():
    return [one.state for one in Request.select().order_by(Request.id)]


def told(kind="ledger.lapsed"):
    """Return who was told: (login's id, the sentence's values)."""
    rows = Received.select().join(Notice).where(Notice.kind == kind)
    return sorted((row.person_id, row.notice.data) for row in rows)


class TestWhatItEnds:
    def test_what_is_agreed_and_not_recorded_lapses_and_returns_its_minutes(self, ledger):
        ledger.agreed(WEDNESDAY, 120)
        ledger.agree(ledger.ask(SOON, 120), 60)
        closed = close_november(ledger)
        assert states() == [State.LAPSED, State.LAPSED]
        assert ledger.journal()[-2:] == [("release", 0, 0, -120), ("release", 0, 0, -60)]
        assert ledger.amounts() == (0, 0, 1767)
        assert closed.lapsed == 2
        request = Request.select().first()
        assert (request.ended_at, request.ended_by_id) == (closed.closed_at, closed.closed_by_id)

    def test_nothing_is_agreed_to_by_itself(self, ledger):
        """What waits for an answer, or was to be talked over, ends too; nothing was reserved."""
        ledger.ask(WEDNESDAY, 60)
        ledger.return_(ledger.ask(SOON, 60))
        close_november(ledger)
        assert states() == [State.LAPSED, State.LAPSED]
        assert ledger.journal() == []

    def test_the_rest_stays(self, ledger):
        recorded = ledger.agreed(date(2026, 11, 10), 60)
        ledger.record(recorded, 50)
        ledger.decline(ledger.ask(SOON, 60))
        ledger.withdraw(ledger.ask(SOON, 60))
        december = ledger.agreed(date(2026, 12, 9), 60)
        close_november(ledger)
        assert states() == [State.RECORDED, State.DECLINED, State.WITHDRAWN, State.AGREED]
        assert ledger.amounts() == (50, 0, 1717)
        assert ledger.amounts(day=december.work_date)[1] == 60

    def test_what_an_allowance_did_not_draw_returns(self, ledger):
        request = ledger.agreed(date(2026, 11, 10), 120)
        Request.update(allowance=True).where(Request.id == request.id).execute()
        account = ledger.account()
        JournalEntry.create(
            account=account.id,
            request=request.id,
            kind="record",
            work_date=request.work_date,
            minutes=50,
            used_delta=50,
            reserved_delta=-50,
            posted_at=ledger.ctx(STAFF).now,
        )
        Account.update(used=50, reserved=70).where(Account.id == account.id).execute()
        close_november(ledger)
        assert ledger.journal()[-1] == ("release", 0, 0, -70)
        assert ledger.amounts() == (50, 0, 1717)

    def test_each_person_is_told_once(self, ledger):
        ledger.agreed(WEDNESDAY, 60)
        ledger.agreed(SOON, 60)
        ledger.ask(SOON, 30, by="staff2@koriyama")
        close_november(ledger)
        people = {ledger.ctx(one).person_id for one in (STAFF, "staff2@koriyama")}
        assert {person for person, _values in told()} == people
        assert len(told()) == 2
        assert '"count":2' in dict(told())[ledger.ctx(STAFF).person_id]

    def test_whoever_waits_in_a_plugin_hears_of_it(self, ledger):
        ledger.agreed(SOON, 60)
        waited = ledger.ask(WEDNESDAY, 60)
        source = {"source_kind": "gatherings.gathering", "source_id": 7}
        Request.update(source).where(Request.id == waited.id).execute()
        close_november(ledger)
        (event,) = Event.select().where(Event.name == "ledger.RequestLapsed")
        told_of = {"request_id": waited.id, "person_id": waited.person_id}
        assert json.loads(event.data) == {**told_of, **source}

    def test_the_audit_says_what_lapsed_and_that_it_closed(self, ledger):
        ledger.agreed(WEDNESDAY, 60)
        close_november(ledger)
        acts = [row.action for row in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)]
        assert acts == ["ledger.close", "ledger.lapse"]

    def test_oral_ones_that_nobody_confirmed_stay_flagged(self, ledger):
        request = ledger.agreed(date(2026, 11, 10), 60)
        Request.update(oral_answer="waiting").where(Request.id == request.id).execute()
        ledger.record(request, 60)
        close_november(ledger)
        kept = Request.get_by_id(request.id)
        assert (kept.oral_answer, kept.state) == ("waiting", State.RECORDED)


class TestTheBase:
    def test_everybody_with_a_main_post_gets_an_account(self, ledger, town):
        koriyama = town("072036")
        koriyama.appoint("gone@x", "市民部/市民課", end=date(2026, 10, 31))
        koriyama.appoint("half@x", "市民部/市民課", start=date(2026, 11, 16))
        koriyama.appoint("beside@x", "市民部/市民課", main=False)
        koriyama.appoint("next@x", "市民部/市民課", start=date(2026, 12, 1))
        closed = close_november(ledger)
        bases = {row.person.login: (row.base, row.cap) for row in Account.select()}
        assert bases["half@x"] == (4650, 930)
        assert bases["staff3@koriyama"] == (8835, 1767)
        assert not bases.keys() & {"gone@x", "beside@x", "next@x", "staff@sukagawa"}
        assert closed.people == len(bases)
        assert Account.select().where(Account.closed_at.is_null()).count() == 0

    def test_it_is_frozen(self, ledger):
        close_november(ledger)
        ledger.leave(STAFF, "annual", "2026-11-20T08:30", "2026-11-20T17:15")
        assert ledger.account().base == 8835
        balance = ledger.balance()
        assert (balance.base, balance.cap) == (8835, 1767)
        explained = explain(STAFF, "2026-11")
        assert (explained.base, explained.cap) == (8835, 1767)
        assert explain(STAFF, "FY2026").cap == 22413

    def test_someone_entered_later_finds_the_month_closed(self, ledger, town):
        close_november(ledger)
        town("072036").appoint("late@x", "市民部/市民課", start=date(2026, 11, 2))
        ctx = ledger.ctx("late@x")
        with transaction(ctx):
            opened = open_account(ctx, ctx.person_id, ctx.municipality.id, WEDNESDAY)
            with pytest.raises(ClosedPeriod):
                check_open(opened)
        assert ledger.account("late@x").base == 8835


class TestAfterwards:
    def test_nothing_is_recorded_or_withdrawn_any_more(self, ledger):
        request = ledger.agreed(WEDNESDAY, 60)
        close_november(ledger)
        with pytest.raises(ClosedPeriod):
            ledger.record(request, 60)
        with pytest.raises(AlreadyDecided):
            withdraw(ledger.ctx(STAFF), request.id)

    def test_nor_answered(self, ledger):
        request = ledger.ask(WEDNESDAY, 60)
        close_november(ledger)
        with pytest.raises(AlreadyDecided):
            ledger.agree(request)

    def test_closing_twice_changes_nothing(self, ledger):
        ledger.agreed(WEDNESDAY, 60)
        first = close_november(ledger)
        journal, said = ledger.journal(), told()
        ledger.now(12, 3, 9)
        assert close(ledger.ctx(HR), NOVEMBER).id == first.id
        assert close_due(ledger.world.clock().replace(day=20)) > 0  # the other towns'
        assert (ledger.journal(), told()) == (journal, said)
        koriyama = Closing.municipality == ledger.ctx(HR).municipality.id
        assert Closing.select().where(koriyama).count() == 1

    def test_another_town_stays_open(self, ledger):
        request = ledger.ask(WEDNESDAY, 60, by="staff@sukagawa")
        close_november(ledger)
        assert Request.get_by_id(request.id).state == State.REQUESTED


class TestWhen:
    def test_the_tenth_working_day(self, ledger):
        """November 2026 closes on 14 December."""
        assert closes_on(ledger.ctx(HR), NOVEMBER) == date(2026, 12, 14)

    @pytest.mark.parametrize(("number", "day"), [(1, 1), (3, 3), (20, 28)])
    def test_the_municipality_chooses(self, ledger, number, day):
        save_settings(ledger.ctx(HR), "ledger", "municipality", {"closing_workday": number})
        assert closes_on(ledger.ctx(HR), NOVEMBER) == date(2026, 12, day)

    def test_the_job_waits_for_that_day(self, ledger):
        ledger.ask(WEDNESDAY, 60)
        close_due(datetime(2026, 12, 13, 23, 50, tzinfo=TOKYO))
        assert not Closing.select().where(Closing.starts_on == NOVEMBER.starts_on).exists()
        close_due(datetime(2026, 12, 14, 0, 0, tzinfo=TOKYO))
        november = list(Closing.select().where(Closing.starts_on == NOVEMBER.starts_on))
        assert len(november) >= 3
        assert {one.closed_by_id for one in november} == {None}
        assert states() == [State.LAPSED]

    def test_a_month_that_was_missed_is_closed_too(self, ledger):
        ledger.ask(WEDNESDAY, 60)
        now = datetime(2027, 2, 20, 9, tzinfo=TOKYO)
        close_due(now)
        ledger.world.clock.set(now)
        ctx = ledger.ctx(HR)
        closed = Closing.select().where(Closing.municipality == ctx.municipality.id)
        assert [one.starts_on.month for one in closed.order_by(Closing.starts_on)] == [11, 12, 1]
        assert over_and_open(ctx) == []

    def test_not_before_it_is_over(self, ledger):
        ledger.now(11, 30, 23, 59)
        with pytest.raises(StillOpen):
            close(ledger.ctx(HR), NOVEMBER)
        ledger.now(12, 1, 0)
        assert close(ledger.ctx(HR), NOVEMBER).people > 0

    def test_an_earlier_one_whose_day_has_come_closes_first(self, ledger):
        ledger.ask(WEDNESDAY, 60)
        ledger.world.clock.set(datetime(2027, 1, 4, 9, tzinfo=TOKYO))
        close(ledger.ctx(HR), parse_period("2026-12"))
        assert [one.starts_on.month for one in Closing.select().order_by(Closing.id)] == [11, 12]
        assert states() == [State.LAPSED]

    def test_an_earlier_one_whose_day_has_not_come_is_named(self, ledger):
        save_settings(ledger.ctx(HR), "ledger", "municipality", {"closing_workday": 20})
        ledger.ask(date(2027, 1, 13), 60)
        ledger.world.clock.set(datetime(2027, 3, 1, 9, tzinfo=TOKYO))
        hr = ledger.ctx(HR)
        with pytest.raises(EarlierOpen) as refused:
            close(hr, parse_period("2027-02"))
        assert refused.value.params == {"earlier": "2027-01"}
        assert not Closing.select().exists()
        assert next_to_close(hr).period == parse_period("2027-01")
        close(hr, parse_period("2027-01"))
        assert next_to_close(hr).period == parse_period("2027-02")

    def test_only_what_accounts_are_kept_by(self, ledger):
        with pytest.raises(Invalid):
            close(ledger.ctx(HR), parse_period("FY2025"))

    def test_no_month_long_past_that_waits_for_nothing(self, ledger):
        with pytest.raises(Invalid):
            close(ledger.ctx(HR), parse_period("2012-05"))
        assert not Closing.select().exists()
        assert not Account.select().where(Account.starts_on < date(2026, 1, 1)).exists()

    def test_a_month_long_past_of_which_somebody_has_an_account_closes_late(self, ledger):
        ledger.agreed(WEDNESDAY, 120)
        ledger.world.clock.set(datetime(2032, 4, 5, 9, tzinfo=TOKYO))
        ctx = ledger.ctx(HR)
        here = Closing.municipality == ctx.municipality.id
        close_due(ctx.now)
        closed = [one.starts_on for one in Closing.select().where(here).order_by(Closing.id)]
        assert closed[0] == NOVEMBER.starts_on
        assert closed[1] == date(2031, 3, 1)
        assert closed[-1] == date(2032, 2, 1)
        assert over_and_open(ctx) == [parse_period("2032-03")]
        assert states() == [State.LAPSED]
        assert ledger.amounts() == (0, 0, 1767)

    def test_so_does_one_whose_only_account_was_closed_by_a_move(self, ledger):
        ledger.agreed(WEDNESDAY, 120)
        Account.update(closed_at=ledger.world.clock()).execute()
        ledger.world.clock.set(datetime(2032, 4, 5, 9, tzinfo=TOKYO))
        assert over_and_open(ledger.ctx(HR))[0] == NOVEMBER


class TestCutOff:
    """Each batch is whole; the row of the month is written last."""

    @pytest.fixture(autouse=True)
    def two_at_a_time(self, monkeypatch):
        monkeypatch.setattr(closing_module, "BATCH", 2)

    def test_it_goes_on_where_it_was_cut_off(self, ledger):
        for login in (STAFF, "staff2@koriyama", "staff3@koriyama"):
            ledger.ask(WEDNESDAY, 60, by=login)
        ledger.now(12, 2, 9)
        seen = []

        def cut(done, people):
            seen.append((done, people))
            if done >= 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            close(ledger.ctx(HR), NOVEMBER, cut)
        assert not Closing.select().exists()
        assert Account.select().where(Account.closed_at.is_null(False)).count() == 4
        closed = close(ledger.ctx(HR), NOVEMBER)
        assert seen == [(2, seen[0][1]), (4, seen[0][1])]
        assert (closed.people, closed.lapsed) == (seen[0][1], 3)
        assert len(told()) == 3

    def test_a_batch_is_whole_or_nothing(self, ledger, monkeypatch):
        ledger.agreed(WEDNESDAY, 60)
        ledger.now(12, 2, 9)

        def fail(*_given):
            raise RuntimeError("cut off")

        with monkeypatch.context() as patch:
            patch.setattr(closing_module, "_write", fail)
            with pytest.raises(RuntimeError):
                close(ledger.ctx(HR), NOVEMBER)
        assert states() == [State.AGREED]
        assert ledger.amounts()[1] == 60
        assert told() == []
