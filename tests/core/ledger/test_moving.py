"""On a transfer the new head agrees anew; another municipality begins at 0 (rule L11)."""

import json
from datetime import date, timedelta

import pytest

from niwari.audit.models import AuditEntry, AuditValue
from niwari.db import database
from niwari.directory.events import PersonLeft, PersonTransferred
from niwari.directory.models import Appointment
from niwari.directory.movements import announce
from niwari.errors import Invalid, NotFound
from niwari.events.models import Event
from niwari.ledger.deciding import decisions, reagreeing
from niwari.ledger.deciding.moving import left, transferred
from niwari.ledger.errors import AlreadyDecided, NotTheApprover, OwnRequest
from niwari.ledger.models import Account, Request, Standing, State
from niwari.ledger.standing import drawing, ending
from niwari.ledger.standing.terms import Terms

from . import test_standing_agreements as standings
from .conftest import WEDNESDAY
from .test_entering import told, who

MOVER, OLD_HEAD, NEW_HEAD = "mover@x", "old@x", "new@x"
BEFORE, NEXT = date(2026, 11, 11), date(2026, 11, 19)
MOVE = date(2026, 11, 16)


@pytest.fixture
def office(ledger, town):
    """Two sections with a head each, and somebody in the first."""
    here = town("072036")
    here.appoint(OLD_HEAD, "移動部/旧課", head=True)
    here.appoint(NEW_HEAD, "移動部/新課", head=True)
    here.appoint(MOVER, "移動部/旧課")
    ledger.head = OLD_HEAD
    return here


def move(ledger, town, path, *, on=MOVE, login=MOVER):
    """Let the person's main post be another one from ``on`` on, and let the worker say so."""
    Appointment.update(ends_on=on - timedelta(days=1)).where(
        (Appointment.person == who(login)) & Appointment.ends_on.is_null()
    ).execute()
    post = town.appoint(login, path, start=on)
    ledger.now(on.month, on.day, 9)
    hear(ledger)
    return post


def hear(ledger):
    """Let the worker announce movements and deliver them."""
    announce(ledger.world.clock())
    ledger.world.deliver()
    database.connect(reuse_if_open=True)


def sourced(request):
    """Let somebody wait for the person in a plugin."""
    source = {"source_kind": "gatherings.gathering", "source_id": 7}
    Request.update(source).where(Request.id == request.id).execute()


def of_source():
    """Return what was published of requests, as (name, request), oldest first."""
    found = Event.select().where(Event.name.startswith("ledger.Request")).order_by(Event.id)
    return [(one.name, json.loads(one.data)["request_id"]) for one in found]


def waits_for(ledger, login=NEW_HEAD):
    """Return the ids in a head's list 異動してきた職員の予定."""
    return [one.request.id for one in reagreeing.brought_along(ledger.ctx(login))]


class TestInsideTheMunicipality:
    @pytest.fixture
    def moved(self, ledger, office):
        """One agreed request before the move, two after it, and one that waits for an answer."""
        past = ledger.agreed(BEFORE, 30, by=MOVER)
        future = [ledger.agreed(day, 60, by=MOVER) for day in (WEDNESDAY, NEXT)]
        asked = ledger.ask(date(2026, 11, 20), 45, by=MOVER)
        post = move(ledger, office, "移動部/新課")
        return past, future, asked, post

    def test_the_future_part_waits_for_the_new_head_and_the_reservation_stands(self, ledger, moved):
        past, future, asked, post = moved
        assert waits_for(ledger) == [one.id for one in future]
        assert waits_for(ledger, OLD_HEAD) == []
        for one in future:
            stored = Request.get_by_id(one.id)
            assert (stored.reagree_since, stored.state) == (MOVE, State.AGREED)
            assert (stored.appointment_id, stored.section_id) == (post.id, post.section_id)
        assert ledger.amounts(MOVER)[1] == 30 + 60 + 60
        assert Request.get_by_id(past.id).reagree_since is None
        waiting = Request.get_by_id(asked.id)
        assert (waiting.reagree_since, waiting.section_id) == (None, post.section_id)
        assert told(NEW_HEAD) == ["ledger.transferred"]

    def test_hearing_of_it_again_changes_nothing(self, ledger, moved):
        _past, future, *_ = moved
        reagreeing.reagree(ledger.ctx(NEW_HEAD))
        (event,) = [
            one
            for one in ledger.world.published()
            if isinstance(one, PersonTransferred) and one.person_id == who(MOVER)
        ]
        transferred(ledger.ctx("hr@koriyama"), event)
        assert waits_for(ledger) == []
        assert Request.get_by_id(future[0].id).reagree_since is None

    def test_one_tap_each(self, ledger, moved):
        _past, (first, second), *_ = moved
        former = Request.get_by_id(first.id)
        assert reagreeing.reagree(ledger.ctx(NEW_HEAD), first.id) == 1
        stored = Request.get_by_id(first.id)
        assert stored.decided_by_id == ledger.ctx(NEW_HEAD).acting.id
        assert (stored.state, stored.agreed_minutes) == (State.AGREED, 60)
        assert stored.decided_at == ledger.ctx(NEW_HEAD).now
        assert waits_for(ledger) == [second.id]
        entry = AuditEntry.get(AuditEntry.action == "ledger.reagree")
        assert f'"former": {former.decided_by_id}' in entry.details
        assert ledger.amounts(MOVER)[1] == 150
        assert told(MOVER)[-1] == "ledger.reagreed"

    def test_one_tap_for_all_and_a_second_is_none(self, ledger, moved):
        head = ledger.ctx(NEW_HEAD)
        assert [reagreeing.reagree(head), reagreeing.reagree(head)] == [2, 0]
        assert told(MOVER).count("ledger.reagreed") == 1

    def test_the_same_tap_twice_is_one(self, ledger, moved):
        _past, (first, _), *_ = moved
        head = ledger.ctx(NEW_HEAD)
        assert [reagreeing.reagree(head, first.id) for _ in range(2)] == [1, 0]

    def test_a_word_of_the_former_head_is_kept_in_the_audit(self, ledger, office):
        asked = ledger.ask(WEDNESDAY, 60, by=MOVER)
        decisions.agree(ledger.ctx(OLD_HEAD), asked.id, key="k", minutes=45, note="短めに。")
        move(ledger, office, "移動部/新課")
        reagreeing.reagree(ledger.ctx(NEW_HEAD), asked.id)
        stored = Request.get_by_id(asked.id)
        assert (stored.decision_note, stored.agreed_minutes) == ("", 45)
        entry = AuditEntry.get(AuditEntry.action == "ledger.reagree")
        assert "短めに。" in AuditValue.get_by_id(entry.id).content

    def test_calling_off_returns_the_minutes_and_tells(self, ledger, moved):
        _past, (first, second), *_ = moved
        head = ledger.ctx(NEW_HEAD)
        for _ in range(2):
            stored = reagreeing.call_off(head, first.id, reason="窓口が忙しいため")
        assert (stored.state, stored.ended_reason) == (State.REVOKED, "窓口が忙しいため")
        assert stored.ended_by_id == head.acting.id
        assert ledger.amounts(MOVER)[1] == 90
        assert [one[0] for one in ledger.journal(MOVER)].count("release") == 1
        assert told(MOVER)[-1] == "ledger.revoked"
        assert waits_for(ledger) == [second.id]

    def test_whoever_waits_in_a_plugin_hears_that_it_is_called_off(self, ledger, moved):
        _past, (first, _), *_ = moved
        sourced(first)
        reagreeing.call_off(ledger.ctx(NEW_HEAD), first.id, reason="窓口が忙しいため")
        assert of_source() == [("ledger.RequestRevoked", first.id)]

    def test_it_needs_a_reason(self, ledger, moved):
        _past, (first, _), *_ = moved
        with pytest.raises(Invalid):
            reagreeing.call_off(ledger.ctx(NEW_HEAD), first.id, reason=" ")

    def test_what_was_agreed_anew_is_not_called_off_here(self, ledger, moved):
        _past, (first, _), *_ = moved
        reagreeing.reagree(ledger.ctx(NEW_HEAD), first.id)
        with pytest.raises(AlreadyDecided):
            reagreeing.call_off(ledger.ctx(NEW_HEAD), first.id, reason="業務都合のため")

    @pytest.mark.parametrize("login", [OLD_HEAD, "head@koriyama", "head@sukagawa"])
    def test_nobody_else_answers(self, ledger, moved, login):
        _past, (first, _), *_ = moved
        for act in (
            lambda: reagreeing.reagree(ledger.ctx(login), first.id),
            lambda: reagreeing.call_off(ledger.ctx(login), first.id, reason="業務都合のため"),
        ):
            with pytest.raises(NotFound):
                act()
        assert reagreeing.reagree(ledger.ctx(login)) == 0
        assert waits_for(ledger) == [one.id for one in moved[1]]

    def test_what_has_begun_meanwhile_stands(self, ledger, moved):
        _past, (first, second), *_ = moved
        ledger.now(11, 19, 9)
        assert waits_for(ledger) == [second.id]
        assert ledger.record(first, 60, by=MOVER).state == State.RECORDED

    def test_under_the_same_head_nobody_agrees_anew(self, ledger, office):
        request = ledger.agreed(WEDNESDAY, 60, by=MOVER)
        office.section("移動部/旧課/係")
        post = move(ledger, office, "移動部/旧課/係")
        stored = Request.get_by_id(request.id)
        assert (stored.reagree_since, stored.section_id) == (None, post.section_id)

    def test_a_new_heads_own_future_part_goes_to_the_superior(self, ledger, office):
        office.appoint("director@x", "移動部", head=True)
        request = ledger.agreed(WEDNESDAY, 60, by=MOVER)
        Appointment.update(ends_on=date(2026, 11, 15)).where(
            (Appointment.person == who(MOVER)) & Appointment.ends_on.is_null()
        ).execute()
        office.appoint(MOVER, "移動部/第三課", head=True, start=MOVE)
        ledger.now(11, 16, 9)
        hear(ledger)
        with pytest.raises(OwnRequest):
            reagreeing.reagree(ledger.ctx(MOVER), request.id)
        assert waits_for(ledger, MOVER) == []
        assert waits_for(ledger, "director@x") == [request.id]


class TestStandingAgreements:
    """What was agreed to for longer goes over too, and of an allowance the month that runs."""

    @pytest.fixture
    def allowance(self, ledger, office):
        """Two hours a month since 10 November, of which 30 minutes were used; then the move."""
        terms = Terms("allowance", date(2026, 11, 10), date(2027, 3, 31), 120)
        standing = standings.agreed(ledger, terms, by=MOVER, head=OLD_HEAD)
        november = standings.occurrences(standing)[0]
        ledger.now(11, 12, 17)
        drawing.draw(ledger.ctx(MOVER), november.id, day=BEFORE, minutes=30, seen=0)
        post = move(ledger, office, "移動部/新課")
        return standing, november, post

    def test_the_rest_of_the_month_that_runs_waits_for_the_new_head_too(self, ledger, allowance):
        standing, november, post = allowance
        times = [one.id for one in standings.occurrences(standing)]
        assert waits_for(ledger) == times
        stored = Request.get_by_id(november.id)
        assert (stored.reagree_since, stored.section_id) == (MOVE, post.section_id)
        assert ledger.amounts(MOVER)[:2] == (30, 90)
        assert reagreeing.reagree(ledger.ctx(NEW_HEAD)) == len(times)
        assert Request.get_by_id(november.id).decided_by_id == ledger.ctx(NEW_HEAD).acting.id

    def test_the_agreement_itself_is_of_the_new_section_and_its_head_ends_it(
        self, ledger, allowance
    ):
        standing, _november, post = allowance
        stored = Standing.get_by_id(standing.id)
        assert (stored.appointment_id, stored.section_id) == (post.id, post.section_id)
        acts = AuditEntry.select().where(AuditEntry.object_kind == "ledger_standing")
        handed = acts.where(AuditEntry.action == "ledger.hand_over")
        assert [one.object_id for one in handed] == [standing.id]
        with pytest.raises(NotTheApprover):
            ending.revoke(ledger.ctx(OLD_HEAD), standing.id)
        ending.revoke(ledger.ctx(NEW_HEAD), standing.id)
        assert ledger.amounts(MOVER)[:2] == (30, 0)

    def test_called_off_what_was_used_of_the_month_stays(self, ledger, allowance):
        _standing, november, _post = allowance
        for _ in range(2):
            reagreeing.call_off(ledger.ctx(NEW_HEAD), november.id, reason="窓口が忙しいため")
        assert Request.get_by_id(november.id).state == State.RECORDED
        assert ledger.amounts(MOVER)[:2] == (30, 0)

    def test_one_that_waits_goes_to_the_new_head(self, ledger, office):
        standing = standings.ask(ledger, by=MOVER)
        post = move(ledger, office, "移動部/新課")
        stored = Standing.get_by_id(standing.id)
        assert (stored.state, stored.section_id) == (State.REQUESTED, post.section_id)

    def test_one_that_has_ended_stays_where_it_was(self, ledger, office):
        standing = standings.ask(ledger, by=MOVER)
        ending.withdraw(ledger.ctx(MOVER), standing.id)
        move(ledger, office, "移動部/新課")
        assert Standing.get_by_id(standing.id).section_id == standing.section_id


class TestToAnotherMunicipality:
    def test_the_future_part_ends_the_past_stays_and_the_new_account_begins_at_0(
        self, ledger, office, town
    ):
        past = ledger.agreed(BEFORE, 30, by=MOVER)
        future = ledger.agreed(WEDNESDAY, 60, by=MOVER)
        asked = ledger.ask(NEXT, 45, by=MOVER)
        there = town("072079")
        there.appoint("there@x", "来訪部/来訪課", head=True)
        move(ledger, there, "来訪部/来訪課")
        states = [Request.get_by_id(one.id).state for one in (past, future, asked)]
        assert states == [State.AGREED, State.LAPSED, State.LAPSED]
        (old,) = Account.select().where(Account.person == who(MOVER))
        assert (old.used, old.reserved) == (0, 30)
        assert ledger.amounts(MOVER)[:2] == (0, 0)
        assert ledger.record(past, 30, by=MOVER).state == State.RECORDED
        assert ledger.amounts(MOVER)[:2] == (0, 0)
        assert told(MOVER).count("ledger.let_go") == 1

    def test_whoever_waits_in_a_plugin_hears_that_it_ended(self, ledger, office, town):
        future, asked = ledger.agreed(WEDNESDAY, 60, by=MOVER), ledger.ask(NEXT, 45, by=MOVER)
        sourced(future)
        sourced(asked)
        there = town("072079")
        there.appoint("there@x", "来訪部/来訪課", head=True)
        move(ledger, there, "来訪部/来訪課")
        lapsed = "ledger.RequestLapsed"
        assert of_source() == [(lapsed, future.id), (lapsed, asked.id)]

    def test_both_events_of_one_move_release_once(self, ledger, office, town):
        ledger.agreed(WEDNESDAY, 60, by=MOVER)
        there = town("072079")
        there.appoint("there@x", "来訪部/来訪課", head=True)
        move(ledger, there, "来訪部/来訪課")
        ledger.now(11, 17, 9)
        hear(ledger)
        assert [one[0] for one in ledger.journal(MOVER)] == ["agreement", "release"]

    def test_whoever_leaves_for_good_holds_nothing(self, ledger, office):
        future = ledger.agreed(WEDNESDAY, 60, by=MOVER)
        Appointment.update(ends_on=date(2026, 11, 15)).where(
            Appointment.person == who(MOVER)
        ).execute()
        ledger.now(11, 16, 9)
        hear(ledger)
        assert Request.get_by_id(future.id).state == State.LAPSED
        assert Account.get(Account.person == who(MOVER)).reserved == 0

    def test_whoever_is_back_by_then_keeps_it(self, ledger, office):
        """An import ended the post by mistake, and the mend came before the worker."""
        future = ledger.agreed(WEDNESDAY, 60, by=MOVER)
        left(ledger.ctx("hr@koriyama"), PersonLeft(who(MOVER), "2026-11-09"))
        assert Request.get_by_id(future.id).state == State.AGREED
