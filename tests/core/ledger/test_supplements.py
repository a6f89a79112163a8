"""A record beyond its agreement, within the tolerance: counted at once, accepted or refused (rule L17)."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory.clerks import name_clerk
from niwari.directory.models import Person
from niwari.errors import Invalid, NotFound
from niwari.ledger.asking import entering
from niwari.ledger.closing.closing import close
from niwari.ledger.deciding import supplementing, supplements
from niwari.ledger.deciding.waiting_list import waiting_counts
from niwari.ledger.errors import (
    AlreadyDecided,
    ClosedPeriod,
    DayFull,
    NothingToCorrect,
    OverAgreement,
    OverFree,
    OwnRequest,
    OwnSupplement,
)
from niwari.ledger.explain import explain
from niwari.ledger.models import JournalEntry, Supplement
from niwari.ledger.recording import approving, correcting
from niwari.ledger.recording.correcting import Wanted
from niwari.ledger.subjects import records
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.specs.contributions import Subject
from niwari.testing.told import told

from .conftest import OFFERED, WEDNESDAY
from .test_entering import COOK, enter, nursery
from .test_entering import line as clerk_line
from .test_standing_in import delegate

__all__ = ["nursery"]

STAFF, HEAD, HR = "staff@koriyama", "head@koriyama", "hr@koriyama"
TODAY = date(2026, 11, 10)
NOVEMBER = period_of(PeriodKind.MONTH, WEDNESDAY)
AGREED = ("agreement", 0, 0, 120)


def beyond():
    """Return the one supplement that was made last."""
    return Supplement.select().order_by(Supplement.id.desc()).first()


def accept(ledger, by=HEAD, key=None, one=None):
    """Accept it with a new key."""
    return supplementing.accept(ledger.ctx(by), (one or beyond()).id, key=key or ledger.key())


def refuse(ledger, by=HEAD, key=None, note="業務ではありません。"):
    """Refuse it with a new key."""
    return supplementing.refuse(ledger.ctx(by), beyond().id, key=key or ledger.key(), note=note)


def correct(ledger, request, minutes, key=None):
    """Correct the only record of a request."""
    wanted = Wanted(minutes, "数え間違い", key or ledger.key())
    return correcting.correct(ledger.ctx(STAFF), request.id, wanted)


@pytest.fixture
def agreed(ledger, tolerate):
    """An agreement to 120 minutes of today, where the tolerance is 15."""
    tolerate(15)
    return ledger.agreed(TODAY, 120)


@pytest.fixture
def longer(ledger, agreed):
    """Of which 130 are recorded."""
    return ledger.record(agreed, 130)


# tolerance, recorded of 120, then what the head says: used, reserved, free; what is posted at the end
NUMBERS = (
    (0, 120, "", (120, 0, 1_647), [("record", 120, 120, -120)]),
    (15, 120, "", (120, 0, 1_647), [("record", 120, 120, -120)]),
    (15, 100, "", (100, 0, 1_667), [("record", 100, 100, -120)]),
    (15, 130, "", (130, 0, 1_637), [("record", 120, 120, -120), ("record", 10, 10, 0)]),
    (15, 135, "", (135, 0, 1_632), [("record", 120, 120, -120), ("record", 15, 15, 0)]),
    (15, 130, "accept", (130, 0, 1_637), [("record", 120, 120, -120), ("record", 10, 10, 0)]),
    (
        *(15, 130, "refuse", (120, 0, 1_647)),
        [("record", 120, 120, -120), ("record", 10, 10, 0), ("reversal", -10, -10, 0)],
    ),
)


@pytest.mark.parametrize(("tolerance", "recorded", "answer", "amounts", "posted"), NUMBERS)
def test_the_worked_numbers(ledger, tolerate, tolerance, recorded, answer, amounts, posted):
    tolerate(tolerance)
    ledger.record(ledger.agreed(TODAY, 120), recorded)
    acts = {"accept": accept, "refuse": refuse}
    if answer:
        acts[answer](ledger)
    assert ledger.amounts() == amounts
    assert ledger.journal() == [AGREED, *posted]
    found = explain(STAFF, "2026-11")
    assert (found.used, found.reserved, found.free) == amounts


class TestRecording:
    def test_without_a_tolerance_nothing_is_beyond(self, ledger):
        request = ledger.agreed(TODAY, 120)
        with pytest.raises(OverAgreement) as raised:
            ledger.record(request, 121)
        assert (raised.value.rule, raised.value.params) == ("L17", {"agreed": 120})
        assert ledger.journal() == [AGREED]

    def test_beyond_the_tolerance_it_is_refused_with_the_most(self, ledger, agreed):
        with pytest.raises(OverAgreement) as raised:
            ledger.record(agreed, 136)
        assert (raised.value.field, raised.value.params) == (
            "minutes",
            {"agreed": 120, "most": 135},
        )
        assert ledger.journal() == [AGREED]

    def test_it_is_within_what_is_left(self, ledger, tolerate):
        """L3: never silently over, also by what the head has not seen."""
        tolerate(60)
        request = ledger.agreed(TODAY, 120)
        ledger.agreed(WEDNESDAY, 1_640)
        with pytest.raises(OverFree) as raised:
            ledger.record(request, 128)
        assert (raised.value.rule, raised.value.params) == ("L3", {"free": 7})
        ledger.record(request, 127)
        assert ledger.amounts() == (127, 1_640, 0)

    def test_the_days_hours_hold_it(self, ledger, agreed):
        """L10: what is outside scheduled hours does not count."""
        ledger.agreed(TODAY, 340)
        with pytest.raises(DayFull) as raised:
            ledger.record(agreed, 126)
        assert (raised.value.rule, raised.value.field) == ("L10", "minutes")
        ledger.record(agreed, 125)
        assert Supplement.get().minutes == 5

    def test_what_does_not_count_moves_nothing(self, ledger, tolerate):
        tolerate(15)
        activity = next(one.code for one in OFFERED.values() if not one.counts)
        ledger.record(ledger.agreed(TODAY, 120, activity=activity), 130)
        refuse(ledger)
        assert ledger.amounts() == (0, 0, 1_767)
        assert ledger.journal()[-1] == ("reversal", -10, 0, 0)

    def test_the_same_again_is_the_same_record_and_another_is_not(self, ledger, longer):
        ledger.record(longer, 130)
        assert (JournalEntry.select().count(), Supplement.select().count()) == (3, 1)
        with pytest.raises(AlreadyDecided):
            ledger.record(longer, 125)

    def test_the_heads_are_told(self, longer):
        assert [(one.login, one.code) for one in told()][-1] == (HEAD, "ledger.supplement")


class TestAnswering:
    def test_the_head_finds_it_in_the_list(self, ledger, longer):
        (found,) = supplements.to_accept(ledger.ctx(HEAD))
        assert (found.request.id, found.supplement.minutes) == (longer.id, 10)
        counts = waiting_counts(ledger.ctx(HEAD))
        assert (counts.beyond, counts.total) == (1, 1)
        for other in (STAFF, HR, "head@sukagawa", "head2@koriyama"):
            assert supplements.to_accept(ledger.ctx(other)) == []
            assert waiting_counts(ledger.ctx(other)).beyond == 0
        accept(ledger)
        assert supplements.to_accept(ledger.ctx(HEAD)) == []
        assert waiting_counts(ledger.ctx(HEAD)).total == 0

    @pytest.mark.parametrize(
        ("act", "state", "action"),
        [
            (accept, "accepted", "ledger.accept_supplement"),
            (refuse, "refused", "ledger.refuse_supplement"),
        ],
    )
    def test_the_person_is_told_and_the_audit_says_who(self, ledger, longer, act, state, action):
        act(ledger)
        assert beyond().state == state
        last = told()[-1]
        assert (last.login, last.code) == (STAFF, "ledger.supplement_answered")
        acted = AuditEntry.select().where(AuditEntry.action == action).get()
        assert acted.actor_id == ledger.ctx(HEAD).acting.id

    def test_a_double_click_is_one_answer(self, ledger, longer):
        for _ in range(2):
            refuse(ledger, key="click")
        assert ledger.amounts() == (120, 0, 1_647)
        assert (
            AuditEntry.select().where(AuditEntry.action == "ledger.refuse_supplement").count() == 1
        )

    @pytest.mark.parametrize(("first", "second"), [(accept, refuse), (refuse, accept)])
    def test_the_second_is_told_that_it_is_decided(self, ledger, longer, first, second):
        first(ledger)
        before = ledger.journal()
        with pytest.raises(AlreadyDecided) as raised:
            second(ledger)
        assert raised.value.rule == "L2"
        assert ledger.journal() == before

    def test_a_refusal_needs_a_word(self, ledger, longer):
        for note in ("", "\u3000", "長" * 401):
            with pytest.raises(Invalid) as raised:
                refuse(ledger, note=note)
            assert raised.value.field == "note"
        assert beyond().state == "pending"

    def test_nobody_decides_their_own(self, ledger, tolerate, office):
        tolerate(15)
        request = ledger.agree(ledger.ask(TODAY, 60, by="head@x"), by="director@x")
        ledger.record(request, 70, by="head@x")
        with pytest.raises(OwnRequest):
            accept(ledger, by="head@x")
        accept(ledger, by="director@x")

    @pytest.mark.parametrize("who", ["staff2@koriyama", "head@sukagawa", HR])
    def test_nobody_else_finds_it(self, ledger, longer, who):
        with pytest.raises(NotFound):
            accept(ledger, by=who)

    def test_there_is_none(self, ledger):
        with pytest.raises(NotFound):
            supplementing.accept(ledger.ctx(HEAD), 1, key="click")

    def test_who_entered_it_for_somebody_does_not_accept_it(self, ledger, tolerate, nursery):
        """Entering is never agreeing (L9)."""
        tolerate(15)
        hr = ledger.ctx(HR)
        name_clerk(hr, nursery.id, login="head@x", starts_on=hr.today, ends_on=None)
        (entered,) = enter(ledger, clerk_line(ledger, COOK, 60, day=TODAY), by="head@x")
        ledger.agree(entered)
        entering.enter_records(ledger.ctx("head@x"), {entered.id: 70})
        with pytest.raises(OwnSupplement) as raised:
            accept(ledger, by="head@x")
        assert raised.value.rule == "L9"
        refuse(ledger, by="head@x")
        assert ledger.amounts(COOK) == (60, 0, 1_707)


class TestInAPlace:
    def test_a_stand_in_answers_and_the_head_sees_it_later(self, ledger, tolerate, head_away):
        tolerate(15)
        request = ledger.agree(ledger.ask(TODAY, 60, by="member@x"), by="first@x")
        ledger.record(request, 70, by="member@x")
        accept(ledger, by="first@x")
        first, head = head_away["first"], head_away["head"]
        answered = beyond()
        assert (answered.decided_by_id, answered.on_behalf_of_id) == (first.id, head.id)
        ledger.now(11, 12, 9)
        (seen,) = supplements.answered_in_my_place(ledger.ctx("head@x"))
        assert seen.supplement.id == answered.id
        assert waiting_counts(ledger.ctx("head@x")).beyond_answered == 1
        with pytest.raises(NotFound):
            supplements.mark_seen(ledger.ctx("second@x"), answered.id)
        for _ in range(2):
            supplements.mark_seen(ledger.ctx("head@x"), answered.id)
        assert supplements.answered_in_my_place(ledger.ctx("head@x")) == []
        assert AuditEntry.select().where(AuditEntry.action == "ledger.review").count() == 1

    def test_so_does_a_delegate(self, ledger, tolerate, office):
        tolerate(15)
        request = ledger.agree(ledger.ask(TODAY, 60, by="second@x"), by="head@x")
        delegate(ledger, login="member@x")
        ledger.record(request, 70, by="second@x")
        refuse(ledger, by="member@x")
        assert beyond().on_behalf_of_id == office["head"].id
        assert ledger.amounts("second@x") == (60, 0, 1_707)


class TestCorrecting:
    def test_beyond_the_agreement_it_makes_a_supplement_anew(self, ledger, agreed):
        ledger.record(agreed, 120)
        correct(ledger, agreed, 130)
        assert ledger.journal()[2:] == [
            ("reversal", -120, -120, 0),
            ("record", 120, 120, 0),
            ("record", 10, 10, 0),
        ]
        assert (beyond().state, ledger.amounts()) == ("pending", (130, 0, 1_637))

    def test_a_reversed_record_takes_its_supplement_with_it(self, ledger, longer):
        waited = beyond()
        correct(ledger, longer, 100)
        assert ledger.journal()[3:] == [
            ("reversal", -120, -120, 0),
            ("reversal", -10, -10, 0),
            ("record", 100, 100, 0),
        ]
        assert Supplement.get_by_id(waited.id).taken_back_at is not None
        assert supplements.to_accept(ledger.ctx(HEAD)) == []
        with pytest.raises(AlreadyDecided):
            accept(ledger, one=waited)
        correct(ledger, longer, 0)
        assert ledger.amounts() == (0, 0, 1_767)

    def test_another_excess_replaces_the_first(self, ledger, longer):
        first = beyond()
        correct(ledger, longer, 135)
        assert (beyond().minutes, beyond().state, ledger.amounts()[0]) == (15, "pending", 135)
        new = JournalEntry.get_by_id(beyond().entry_id)
        assert (new.replaces_id, JournalEntry.select().count()) == (first.entry_id, 7)

    @pytest.mark.parametrize(("minutes", "state"), [(125, "accepted"), (135, "pending")])
    def test_no_more_than_was_accepted_stays_accepted(self, ledger, longer, minutes, state):
        accept(ledger)
        correct(ledger, longer, minutes)
        assert (beyond().minutes, beyond().state) == (minutes - 120, state)
        assert (beyond().decided_by_id is None) == (state == "pending")

    def test_what_the_head_refused_does_not_come_again(self, ledger, longer):
        refuse(ledger)
        with pytest.raises(NothingToCorrect):
            correct(ledger, longer, 120)
        with pytest.raises(OverAgreement) as raised:
            correct(ledger, longer, 125)
        assert raised.value.text == OverAgreement.was_refused
        correct(ledger, longer, 110)
        correct(ledger, longer, 120)
        assert ledger.amounts() == (120, 0, 1_647)

    def test_beyond_the_tolerance_or_what_is_left_it_is_refused(self, ledger, longer):
        with pytest.raises(OverAgreement):
            correct(ledger, longer, 136)
        ledger.agreed(WEDNESDAY, 1_634)
        with pytest.raises(OverFree) as raised:
            correct(ledger, longer, 134)
        assert raised.value.params == {"free": 3}
        assert beyond().minutes == 10

    def test_a_second_click_is_the_same_correction(self, ledger, longer):
        for _ in range(2):
            correct(ledger, longer, 135, key="click")
        assert Supplement.select().count() == 2


class TestClosing:
    @pytest.fixture
    def closed(self, ledger, longer):
        ledger.now(12, 2, 9)
        close(ledger.ctx(HR), NOVEMBER)
        return longer

    def test_what_waits_stays_used_and_unconfirmed(self, ledger, closed):
        assert ledger.amounts() == (130, 0, 1_637)
        assert supplements.seen_supplement(closed, answers=True).state == "unconfirmed"
        assert supplements.to_accept(ledger.ctx(HEAD)) == []
        for act in (accept, refuse):
            with pytest.raises(ClosedPeriod) as raised:
                act(ledger)
            assert raised.value.rule == "L7"
        assert beyond().state == "pending"

    def test_hr_corrects_it_afterwards(self, ledger, closed):
        asked = correct(ledger, closed, 120)
        approving.approve(ledger.ctx(HR), asked.id)
        assert ledger.amounts() == (120, 0, 1_647)
        assert beyond().taken_back_at is not None
        assert ledger.account().corrected_at is not None

    def test_hr_answers_for_an_excess_that_it_approves(self, ledger, closed):
        asked = correct(ledger, closed, 125)
        approving.approve(ledger.ctx(HR), asked.id)
        assert (beyond().minutes, beyond().state) == (5, "accepted")
        assert beyond().decided_by_id == ledger.ctx(HR).acting.id
        assert ledger.amounts() == (125, 0, 1_642)


def test_it_is_handed_out_with_the_heads_word(ledger, longer):
    refuse(ledger, note="会議は17時まででした。")
    person = Person.get(Person.login == STAFF)
    handed = [
        one for one in records(Subject(person_id=person.id)) if one.kind == "ledger.supplement"
    ]
    assert [one.data for one in handed] == [
        {"minutes": 10, "state": "refused", "note": "会議は17時まででした。"}
    ]
