"""L13: a municipality's freeze suspends what lies ahead, minutes return; lifting asks to revive it."""

import json
from datetime import date, datetime

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.errors import Invalid, NotFound
from niwari.events.models import Event
from niwari.ledger.arranging import freezing, suspending
from niwari.ledger.arranging.suspending import suspend_all
from niwari.ledger.asking.refusals import NoWorkThen
from niwari.ledger.deciding import decisions, reviving
from niwari.ledger.errors import (
    AlreadyDecided,
    AlreadyFrozen,
    Frozen,
    OverFree,
    Overlap,
    OwnRequest,
    TooLate,
)
from niwari.ledger.events import RequestRevived, RequestSuspended
from niwari.ledger.models import Account, Freeze, JournalEntry, Request, State
from niwari.ledger.standing import drawing
from niwari.ledger.standing.terms import Terms
from niwari.testing.told import told

from . import test_standing_agreements as standings
from .conftest import WEDNESDAY

HR, HEAD, STAFF = "hr@koriyama", "head@koriyama", "staff@koriyama"
REASON = "台風の災害対応"


@pytest.fixture
def freeze(ledger):
    """A function that freezes Koriyama as HR and lets the worker suspend; returns the freeze."""

    def by(from_at=None, reason=REASON, login=HR):
        made = freezing.freeze(ledger.ctx(login), from_at=from_at, reason=reason)
        ledger.world.work()
        return made

    return by


def state(request):
    """Return the state of a request as it is stored."""
    return Request.get_by_id(request.id).state


def said(event):
    """Return the events of a type, as they were published."""
    rows = Event.select().where(Event.name == f"ledger.{event.__name__}").order_by(Event.id)
    return [event(**json.loads(row.data)) for row in rows]


def heard(code):
    """Return who was told of a kind, each time."""
    return sorted(one.login for one in told() if one.code == code)


class TestSuspending:
    def test_what_lies_ahead_is_suspended_and_its_minutes_return(self, ledger, freeze):
        day_alone = ledger.agreed(WEDNESDAY, 120)
        timed = ledger.agreed(date(2026, 11, 19), at=("15:00", "16:00"))
        made = freeze()
        assert (state(day_alone), state(timed)) == (State.SUSPENDED, State.SUSPENDED)
        assert ledger.amounts() == (0, 0, 1767)
        assert ledger.journal()[-2:] == [("release", 0, 0, -120), ("release", 0, 0, -60)]
        row = Request.get_by_id(timed.id)
        assert (row.freeze_id, row.ended_reason) == (made.id, REASON)
        assert row.ended_at == made.set_at

    def test_what_was_recorded_or_has_begun_stays(self, ledger, freeze):
        done = ledger.agreed(date(2026, 11, 10), at=("10:00", "11:00"))
        running = ledger.agreed(date(2026, 11, 10), at=("13:00", "14:00"))
        ledger.now(11, 10, 13, 30)
        ledger.record(done, 60)
        freeze()
        assert (state(done), state(running)) == (State.RECORDED, State.AGREED)
        assert ledger.amounts() == (60, 60, 1647)

    def test_from_a_moment_on_and_not_before(self, ledger, freeze):
        before = ledger.agreed(WEDNESDAY, at=("10:00", "11:00"))
        after = ledger.agreed(WEDNESDAY, at=("15:00", "16:00"))
        freeze(datetime(2026, 11, 18, 15, tzinfo=TOKYO))
        assert (state(before), state(after)) == (State.AGREED, State.SUSPENDED)

    def test_what_does_not_count_is_suspended_too(self, ledger, freeze):
        training = ledger.agreed(WEDNESDAY, 60, activity="training")
        freeze()
        assert state(training) == State.SUSPENDED
        assert ledger.amounts() == (0, 0, 1767)

    def test_what_only_waits_stays_as_it_is(self, ledger, freeze):
        asked = ledger.ask(WEDNESDAY, 60)
        freeze()
        assert state(asked) == State.REQUESTED

    def test_the_other_town_notices_nothing(self, ledger, freeze):
        ledger.head = "head@sukagawa"
        elsewhere = ledger.agreed(WEDNESDAY, 60, by="staff@sukagawa")
        freeze()
        assert state(elsewhere) == State.AGREED
        ledger.agree(ledger.ask(date(2026, 11, 19), 60, by="staff@sukagawa"))

    def test_the_sums_of_the_journal_are_the_balances(self, ledger, freeze, town):
        for number in range(5):
            login = f"many{number}@x"
            town("072036").appoint(login, "市民部/市民課")
            ledger.agreed(WEDNESDAY, 30 + number, by=login)
            ledger.agreed(date(2026, 12, 2), 60, by=login)
        freeze()
        for account in Account.select():
            sums = [one.reserved_delta for one in account.entries]
            assert (account.reserved, sum(sums)) == (0, 0)

    def test_in_portions_each_person_once(self, ledger, freeze, town, monkeypatch):
        monkeypatch.setattr(suspending, "PORTION", 2)
        for number in range(5):
            town("072036").appoint(f"many{number}@x", "市民部/市民課")
            for day in (18, 19):
                ledger.agreed(date(2026, 11, day), 30, by=f"many{number}@x")
        freeze()
        assert Request.select().where(Request.state == State.SUSPENDED).count() == 10
        assert heard("ledger.suspended") == [f"many{number}@x" for number in range(5)]

    def test_a_worker_that_goes_on_finds_the_rest(self, ledger, freeze):
        made = freezing.freeze(ledger.ctx(HR), from_at=None, reason=REASON)
        Request.update(state=State.AGREED).execute()
        assert suspend_all(ledger.ctx(HR), made.id) == 0
        ledger.world.work()
        assert suspend_all(ledger.ctx(HR), made.id) == 0

    def test_the_statements_do_not_grow_with_the_people(self, ledger, town, queries):
        def cost(people):
            for number in people:
                town("072036").appoint(f"many{number}@x", "市民部/市民課")
                ledger.agreed(WEDNESDAY, 30, by=f"many{number}@x")
            made = freezing.freeze(ledger.ctx(HR), from_at=None, reason=REASON)
            with queries() as log:
                suspend_all(ledger.ctx(HR), made.id)
            freezing.lift(ledger.ctx(HR), made.id)
            return len(log)

        assert cost(range(2)) == cost(range(2, 12))

    def test_people_are_told_once_and_so_are_heads(self, ledger, freeze):
        ledger.agreed(WEDNESDAY, 60)
        ledger.agreed(date(2026, 11, 19), 60)
        freeze()
        assert heard("ledger.suspended") == [STAFF]
        assert heard("ledger.frozen").count(HEAD) == 1
        assert "head@sukagawa" not in heard("ledger.frozen")

    def test_who_waits_in_a_plugin_hears_of_it(self, ledger, freeze):
        plain = ledger.agreed(WEDNESDAY, 60)
        Request.update(source_kind="gatherings.gathering", source_id=7).where(
            Request.id == plain.id
        ).execute()
        made = freeze()
        freezing.lift(ledger.ctx(HR), made.id)
        reviving.revive(ledger.ctx(HEAD), plain.id, key=ledger.key())
        told_of = (plain.id, plain.person_id)
        assert said(RequestSuspended) == [RequestSuspended(*told_of, "gatherings.gathering", 7)]
        assert said(RequestRevived) == [RequestRevived(*told_of, 60, "gatherings.gathering", 7)]


class TestWhileItHolds:
    def test_asking_is_refused_with_the_reason(self, ledger, freeze):
        freeze()
        with pytest.raises(Frozen, match=REASON):
            ledger.ask(WEDNESDAY, 60)

    def test_time_before_its_moment_can_be_asked_for(self, ledger, freeze):
        freeze(datetime(2026, 11, 25, 8, 30, tzinfo=TOKYO))
        ledger.agreed(WEDNESDAY, 60)
        with pytest.raises(Frozen):
            ledger.ask(date(2026, 11, 25), 60)

    def test_agreeing_is_refused_and_declining_is_not(self, ledger, freeze):
        asked = ledger.ask(WEDNESDAY, 60)
        freezing.freeze(ledger.ctx(HR), from_at=None, reason=REASON)
        with pytest.raises(Frozen):
            ledger.agree(asked)
        assert ledger.decline(asked).state == State.DECLINED

    def test_once_lifted_all_goes_on(self, ledger, freeze):
        asked = ledger.ask(WEDNESDAY, 60)
        made = freeze()
        freezing.lift(ledger.ctx(HR), made.id)
        assert ledger.agree(asked).state == State.AGREED


class TestAnAllowanceWithoutDates:
    """What was used of it stays, and the rest of the month that runs rests too (rule L12)."""

    @pytest.fixture
    def november(self, ledger):
        """Two hours of November, of which 30 minutes were used on the 11th; it is the 12th."""
        terms = Terms("allowance", date(2026, 11, 10), date(2027, 3, 31), 120)
        (november, *_) = standings.occurrences(standings.agreed(ledger, terms))
        ledger.now(11, 12, 9)
        drawing.draw(ledger.ctx(STAFF), november.id, day=date(2026, 11, 11), minutes=30, seen=0)
        return november

    def test_the_rest_of_the_month_that_runs_is_suspended(self, ledger, november, freeze):
        freeze()
        assert state(november) == State.SUSPENDED
        assert ledger.amounts()[:2] == (30, 0)
        released = [reserved for kind, *_, reserved in ledger.journal() if kind == "release"]
        assert sorted(released) == [*[-120] * 4, -90]
        assert Request.select().where(Request.state == State.SUSPENDED).count() == 5

    def test_revived_it_is_the_rest_that_can_be_used_again(self, ledger, november, freeze):
        freezing.lift(ledger.ctx(HR), freeze().id)
        assert november.id in [one.request.id for one in reviving.to_revive(ledger.ctx(HEAD))]
        reviving.revive(ledger.ctx(HEAD), november.id, key=ledger.key())
        assert ledger.amounts()[:2] == (30, 90)
        drawing.draw(ledger.ctx(STAFF), november.id, day=date(2026, 11, 12), minutes=90, seen=1)
        assert ledger.amounts()[:2] == (120, 0)

    def test_it_is_not_revived_while_another_freeze_holds(self, ledger, november, freeze):
        freezing.lift(ledger.ctx(HR), freeze().id)
        freeze(reason="余震")
        with pytest.raises(Frozen, match="余震"):
            reviving.revive(ledger.ctx(HEAD), november.id, key=ledger.key())

    def test_until_the_moment_comes_it_can_be_used(self, ledger, november, freeze):
        freeze(datetime(2026, 11, 25, 8, 30, tzinfo=TOKYO))
        assert state(november) == State.AGREED
        assert Request.select().where(Request.state == State.SUSPENDED).count() == 4
        drawing.draw(ledger.ctx(STAFF), november.id, day=date(2026, 11, 12), minutes=30, seen=1)
        ledger.now(11, 25, 8, 30)
        ledger.world.work()
        assert state(november) == State.SUSPENDED
        assert ledger.amounts()[:2] == (60, 0)

    def test_a_month_that_is_over_stays_for_its_records(self, ledger, november, freeze):
        ledger.now(12, 1, 9)
        freeze()
        assert state(november) == State.AGREED


class TestHr:
    def test_two_clicks_are_one_freeze(self, ledger, freeze):
        assert freeze().id == freeze().id
        assert Freeze.select().count() == 1
        assert heard("ledger.frozen").count(HEAD) == 1

    def test_a_second_one_of_hr_is_told_that_it_is_frozen(self, ledger, freeze):
        freeze()
        with pytest.raises(AlreadyFrozen, match=REASON):
            freeze(reason="地震")

    def test_lifting_twice_changes_nothing(self, ledger, freeze):
        made = freeze()
        freezing.lift(ledger.ctx(HR), made.id)
        ledger.now(11, 10, 10)
        again = freezing.lift(ledger.ctx(HR), made.id)
        assert again.lifted_at == Freeze.get_by_id(made.id).lifted_at < ledger.ctx(HR).now
        assert AuditEntry.select().where(AuditEntry.action == "ledger.lift_freeze").count() == 1

    def test_another_towns_freeze_is_not_there(self, ledger, freeze):
        made = freeze()
        with pytest.raises(NotFound):
            freezing.lift(ledger.ctx("head@sukagawa"), made.id)

    @pytest.mark.parametrize("reason", ["", "　", "あ" * 201])
    def test_it_needs_a_reason(self, freeze, reason):
        with pytest.raises(Invalid):
            freeze(reason=reason)

    def test_a_moment_that_is_over_is_refused(self, freeze):
        with pytest.raises(Invalid):
            freeze(datetime(2026, 11, 10, 8, 59, tzinfo=TOKYO))
        assert not Freeze.select().exists()

    def test_what_was_not_suspended_yet_stays_when_it_is_lifted(self, ledger):
        agreed = ledger.agreed(WEDNESDAY, 60)
        made = freezing.freeze(ledger.ctx(HR), from_at=None, reason=REASON)
        freezing.lift(ledger.ctx(HR), made.id)
        ledger.world.work()
        assert state(agreed) == State.AGREED

    def test_hr_sees_how_far_it_is(self, ledger):
        ledger.agreed(WEDNESDAY, 60)
        freezing.freeze(ledger.ctx(HR), from_at=None, reason=REASON)
        before = freezing.freezes(ledger.ctx(HR))
        ledger.world.work()
        after = freezing.freezes(ledger.ctx(HR))
        assert (before.now.suspended, before.ahead) == (0, 1)
        assert (after.now.suspended, after.ahead) == (1, 0)


class TestReviving:
    @pytest.fixture
    def rest(self, ledger, freeze):
        """A request of 120 minutes that rests after a freeze that was lifted."""
        agreed = ledger.agreed(WEDNESDAY, 120)
        freezing.lift(ledger.ctx(HR), freeze().id)
        return agreed

    def test_the_heads_are_asked(self, rest):
        assert heard("ledger.revive") == [HEAD]

    def test_nobody_is_asked_where_nothing_rests(self, ledger, freeze):
        freezing.lift(ledger.ctx(HR), freeze().id)
        assert heard("ledger.revive") == []

    def test_it_is_agreement_anew(self, ledger, rest):
        revived = reviving.revive(ledger.ctx(HEAD), rest.id, key="k")
        assert (revived.state, revived.decision_key) == (State.AGREED, "k")
        assert ledger.amounts() == (0, 120, 1647)
        assert ledger.journal()[-1] == ("agreement", 0, 0, 120)
        assert Request.get_by_id(rest.id).ended_at is None
        assert heard("ledger.decided") == [STAFF, STAFF]

    def test_what_was_agreed_to_for_less_comes_back_as_that(self, ledger, freeze):
        less = ledger.agree(ledger.ask(WEDNESDAY, 120), 90)
        freezing.lift(ledger.ctx(HR), freeze().id)
        revived = reviving.revive(ledger.ctx(HEAD), less.id, key=ledger.key())
        assert (revived.state, ledger.amounts()) == (State.PARTLY_AGREED, (0, 90, 1677))

    def test_two_clicks_reserve_once(self, ledger, rest):
        for _ in range(2):
            reviving.revive(ledger.ctx(HEAD), rest.id, key="k")
        assert ledger.amounts() == (0, 120, 1647)
        with pytest.raises(AlreadyDecided):
            reviving.revive(ledger.ctx(HEAD), rest.id, key="another")

    def test_free_is_read_again(self, ledger, rest):
        for day in (16, 17, 19, 20):
            ledger.agreed(date(2026, 11, day), 430)
        assert ledger.amounts()[2] == 47
        with pytest.raises(OverFree):
            reviving.revive(ledger.ctx(HEAD), rest.id, key=ledger.key())
        assert state(rest) == State.SUSPENDED

    def test_time_that_something_else_took_is_taken(self, ledger, freeze):
        timed = ledger.agreed(WEDNESDAY, at=("15:00", "16:00"))
        freezing.lift(ledger.ctx(HR), freeze().id)
        ledger.agreed(WEDNESDAY, at=("15:30", "16:30"))
        with pytest.raises(Overlap):
            reviving.revive(ledger.ctx(HEAD), timed.id, key=ledger.key())

    def test_what_is_over_is_neither_listed_nor_revived(self, ledger, rest):
        assert [one.request.id for one in reviving.to_revive(ledger.ctx(HEAD))] == [rest.id]
        ledger.now(11, 19, 9)
        assert reviving.to_revive(ledger.ctx(HEAD)) == []
        with pytest.raises(TooLate):
            reviving.revive(ledger.ctx(HEAD), rest.id, key=ledger.key())

    def test_not_while_a_freeze_holds(self, ledger, freeze):
        agreed = ledger.agreed(WEDNESDAY, 60)
        freeze()
        assert reviving.to_revive(ledger.ctx(HEAD)) == []
        with pytest.raises(Frozen):
            reviving.revive(ledger.ctx(HEAD), agreed.id, key=ledger.key())

    def test_nobody_revives_the_own(self, ledger, rest):
        with pytest.raises(OwnRequest):
            reviving.revive(ledger.ctx(STAFF), rest.id, key=ledger.key())

    @pytest.mark.parametrize("login", ["head@sukagawa", HR])
    def test_others_see_nothing(self, ledger, rest, login):
        assert reviving.to_revive(ledger.ctx(login)) == []
        with pytest.raises(NotFound):
            reviving.revive(ledger.ctx(login), rest.id, key=ledger.key())

    def test_a_discreet_class_is_learning_and_consulting_to_the_head(self, ledger, freeze):
        ledger.agreed(WEDNESDAY, 60, activity="consult")
        freezing.lift(ledger.ctx(HR), freeze().id)
        (one,) = reviving.to_revive(ledger.ctx(HEAD))
        assert one.request.activity == "general"

    def test_all_at_once_and_what_cannot_be_is_named(self, ledger, freeze):
        fits = ledger.agreed(WEDNESDAY, at=("9:00".zfill(5), "10:00"))
        clashes = ledger.agreed(WEDNESDAY, at=("15:00", "16:00"))
        freezing.lift(ledger.ctx(HR), freeze().id)
        ledger.agreed(WEDNESDAY, at=("15:30", "16:30"))
        revived = reviving.revive_all(ledger.ctx(HEAD), key="k")
        assert (revived.count, state(fits)) == (1, State.AGREED)
        assert isinstance(revived.refused[clashes.id], Overlap)
        assert reviving.revive_all(ledger.ctx(HEAD), key="k").count == 0

    def test_it_can_be_recorded_afterwards(self, ledger, rest):
        reviving.revive(ledger.ctx(HEAD), rest.id, key=ledger.key())
        ledger.now(11, 18, 17)
        ledger.record(rest, 100)
        assert ledger.amounts() == (100, 0, 1667)

    def test_a_second_freeze_suspends_it_again(self, ledger, rest, freeze):
        reviving.revive(ledger.ctx(HEAD), rest.id, key=ledger.key())
        freeze(reason="余震")
        assert state(rest) == State.SUSPENDED
        assert JournalEntry.select().where(JournalEntry.request == rest.id).count() == 4


def test_the_same_answer_again_after_a_freeze_does_not_agree(ledger, freeze):
    agreed = ledger.ask(WEDNESDAY, 60)
    decisions.agree(ledger.ctx(HEAD), agreed.id, key="first")
    freeze()
    with pytest.raises(AlreadyDecided):
        decisions.agree(ledger.ctx(HEAD), agreed.id, key="second")


def test_a_head_who_revives_reads_nothing_of_leave(ledger, freeze):
    request = ledger.agreed(WEDNESDAY, 60)
    made = freeze()
    freezing.lift(ledger.ctx(HR), made.id)
    ledger.world.work()
    ledger.leave(STAFF, "sick", "2026-11-18T08:30", "2026-11-18T17:15")
    with pytest.raises(NoWorkThen):
        reviving.revive(ledger.ctx(HEAD), request.id, key=ledger.key())
    (refused,) = reviving.revive_all(ledger.ctx(HEAD), key=ledger.key()).refused.values()
    assert type(refused) is NoWorkThen
