"""Correcting a record (L6): at once while the month is open, with HR's approval once it is closed (L7)."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.errors import Invalid, NotFound
from niwari.ledger.closing.closing import close
from niwari.ledger.errors import (
    AlreadyAsked,
    AlreadyDecided,
    CorrectionWaits,
    HasLeft,
    NothingToCorrect,
    NotRecorded,
    NotReversible,
    OverAgreement,
    OverFree,
    OwnCorrection,
    RecordChanged,
)
from niwari.ledger.models import Account, Correction, JournalEntry, Request, State
from niwari.ledger.recording import approving, correcting, recording
from niwari.ledger.recording.correcting import Wanted
from niwari.ledger.recording.postings import postings_of, reverse
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.notices.models import Notice, Received

from .conftest import WEDNESDAY

NOVEMBER = period_of(PeriodKind.MONTH, WEDNESDAY)
STAFF, HR = "staff@koriyama", "hr@koriyama"


@pytest.fixture
def recorded(ledger):
    """120 minutes agreed for 18 November, of which 100 are recorded."""
    request = ledger.agreed(WEDNESDAY, 120)
    ledger.now(11, 18, 17)
    return ledger.record(request, 100)


@pytest.fixture
def closed(ledger, recorded):
    """The same, and November is closed."""
    ledger.now(12, 2, 9)
    close(ledger.ctx(HR), NOVEMBER)
    return recorded


def correct(ledger, request, minutes, *, reason="", by=STAFF, key="", entry=None):
    wanted = Wanted(minutes, reason, key or ledger.key(), entry)
    return correcting.correct(ledger.ctx(by), request.id, wanted)


def asked(ledger, request, minutes=90):
    return correct(ledger, request, minutes, reason="終わりの時刻を間違えました。")


class TestWhileTheMonthIsOpen:
    def test_it_is_a_reversal_of_the_whole_and_a_new_entry(self, ledger, recorded):
        ledger.now(11, 20, 9)
        made = correct(ledger, recorded, 90)
        original, reversal, new = postings_of(recorded.id)
        assert [(e.kind, e.minutes) for e in (original, reversal, new)] == [
            ("record", 100),
            ("reversal", -100),
            ("record", 90),
        ]
        assert (reversal.reverses_id, new.replaces_id) == (original.id, original.id)
        assert {original.work_date, reversal.work_date, new.work_date} == {WEDNESDAY}
        assert reversal.posted_at == new.posted_at > original.posted_at
        assert ledger.amounts() == (90, 0, 1677)
        assert (made.state, made.former, made.minutes) == ("posted", 100, 90)
        assert (made.entry_id, made.original_id) == (reversal.id, original.id)
        assert not made.after_closing
        assert ledger.account().corrected_at is None

    def test_again_and_again(self, ledger, recorded):
        for minutes in (90, 110, 20):
            correct(ledger, recorded, minutes)
        assert ledger.amounts()[0] == 20
        assert recording.recorded_minutes(recorded) == 20

    def test_taken_back_whole_it_is_the_reversal_alone_and_recorded_with_0(self, ledger, recorded):
        correct(ledger, recorded, 0)
        assert [entry.kind for entry in postings_of(recorded.id)] == ["record", "reversal"]
        assert ledger.amounts() == (0, 0, 1767)
        assert Request.get_by_id(recorded.id).state == State.RECORDED

    def test_what_was_taken_back_may_be_corrected_again(self, ledger, recorded):
        correct(ledger, recorded, 0)
        correct(ledger, recorded, 60)
        original, _reversal, new = postings_of(recorded.id)
        assert (new.minutes, new.replaces_id) == (60, original.id)
        assert ledger.amounts() == (60, 0, 1707)

    def test_more_than_was_agreed_is_refused(self, ledger, recorded):
        with pytest.raises(OverAgreement) as raised:
            correct(ledger, recorded, 121)
        assert raised.value.rule == "L17"
        assert correct(ledger, recorded, 120).state == "posted"

    def test_more_than_is_left_is_refused(self, ledger, recorded):
        """The 20 minutes that came back are agreed to again meanwhile: the cap holds."""
        ledger.agreed(date(2026, 11, 19), 1667)
        with pytest.raises(OverFree) as raised:
            correct(ledger, recorded, 101)
        assert raised.value.rule == "L3"
        assert correct(ledger, recorded, 99).state == "posted"

    def test_the_same_number_is_no_correction(self, ledger, recorded):
        with pytest.raises(NothingToCorrect):
            correct(ledger, recorded, 100)

    def test_a_double_click_is_one(self, ledger, recorded):
        first = correct(ledger, recorded, 90, key="click")
        assert correct(ledger, recorded, 90, key="click").id == first.id
        assert JournalEntry.select().where(JournalEntry.kind == "reversal").count() == 1
        with pytest.raises(AlreadyAsked):
            correct(ledger, recorded, 80, key="click")

    @pytest.mark.parametrize("minutes", [-1, 1441])
    def test_bad_minutes(self, ledger, recorded, minutes):
        with pytest.raises(Invalid) as raised:
            correct(ledger, recorded, minutes)
        assert raised.value.field == "minutes"

    def test_a_long_reason(self, ledger, recorded):
        with pytest.raises(Invalid) as raised:
            correct(ledger, recorded, 90, reason="あ" * 401)
        assert raised.value.field == "reason"

    def test_only_what_is_recorded(self, ledger):
        with pytest.raises(NotRecorded):
            correct(ledger, ledger.agreed(WEDNESDAY, 60), 50)

    @pytest.mark.parametrize("other", ["staff2@koriyama", "head@koriyama", HR, "staff@sukagawa"])
    def test_only_by_the_person(self, ledger, recorded, other):
        with pytest.raises(NotFound):
            correct(ledger, recorded, 90, by=other)

    def test_what_does_not_count_moves_nothing(self, ledger):
        request = ledger.agreed(WEDNESDAY, 120, activity="training")
        ledger.now(11, 18, 17)
        correct(ledger, ledger.record(request, 100), 90)
        assert ledger.amounts() == (0, 0, 1767)
        assert recording.recorded_minutes(request) == 90

    def test_a_reversal_is_not_reversed_and_nothing_twice(self, ledger, recorded):
        correct(ledger, recorded, 90)
        original, reversal, _new = postings_of(recorded.id)
        ctx = ledger.ctx(STAFF)
        for entry in (reversal, original):
            with pytest.raises(NotReversible), transaction(ctx):
                reverse(ctx, ledger.account(), recorded, entry)


class TestAnAllowance:
    """Several records draw on one reservation (L12): each is corrected for itself."""

    @pytest.fixture
    def drawn(self, ledger):
        from niwari.ledger import accounts
        from niwari.ledger.asking.requests import own_locked

        request = ledger.agreed(date(2026, 11, 10), 120)
        Request.update(allowance=True).where(Request.id == request.id).execute()
        ctx = ledger.ctx(STAFF)
        with transaction(ctx):
            opened, locked = own_locked(ctx, request.id)
            for minutes in (30, 30):
                accounts.post(
                    ctx, opened.account, locked, "record", minutes=minutes, reserved=-minutes
                )
        return request

    def test_the_record_has_to_be_named(self, ledger, drawn):
        with pytest.raises(NotRecorded):
            correct(ledger, drawn, 20)
        second = postings_of(drawn.id)[1]
        correct(ledger, drawn, 50, entry=second.id)
        assert ledger.amounts() == (80, 40, 1647)

    def test_together_no_more_than_agreed(self, ledger, drawn):
        second = postings_of(drawn.id)[1]
        with pytest.raises(OverAgreement):
            correct(ledger, drawn, 91, entry=second.id)
        correct(ledger, drawn, 90, entry=second.id)
        assert ledger.amounts() == (120, 0, 1647)

    def test_another_requests_record_is_not_this_ones(self, ledger, drawn):
        other = ledger.record(ledger.agreed(date(2026, 11, 10), 60), 60)
        with pytest.raises(NotRecorded):
            correct(ledger, drawn, 10, entry=postings_of(other.id)[0].id)


class TestOnceItIsClosed:
    """The worked journey: 100 recorded, HR closes, −100 / +90 with HR's approval."""

    def test_hr_approves(self, ledger, closed):
        made = asked(ledger, closed)
        assert (made.state, made.after_closing) == ("asked", True)
        assert ledger.amounts() == (100, 0, 1667)
        ledger.now(12, 3, 9)
        approving.approve(ledger.ctx(HR), made.id)
        assert [entry[:3] for entry in ledger.journal()][-2:] == [
            ("reversal", -100, -100),
            ("record", 90, 90),
        ]
        assert ledger.amounts() == (90, 0, 1677)
        account = ledger.account()
        assert account.corrected_at == ledger.ctx(HR).now
        assert account.closed_at < account.corrected_at
        december = Account.select().where(Account.starts_on == date(2026, 12, 1))
        assert not december.exists()
        acts = [row.action for row in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)]
        assert set(acts) == {"ledger.approve_correction", "ledger.ask_correction"}

    def test_it_waits_in_its_own_municipality_until_it_is_answered(self, ledger, closed):
        def waiting():  # here, and for the neighbours
            return [approving.waiting_count(ledger.ctx(one)) for one in (HR, "head@sukagawa")]

        assert waiting() == [0, 0]
        made = asked(ledger, closed)
        assert waiting() == [1, 0]
        approving.approve(ledger.ctx(HR), made.id)
        assert waiting() == [0, 0]

    def test_the_person_is_told(self, ledger, closed):
        made = asked(ledger, closed)
        approving.approve(ledger.ctx(HR), made.id)
        notice = Notice.get(Notice.kind == "ledger.correction")
        told = Received.get(Received.notice == notice.id)
        assert told.person_id == ledger.ctx(STAFF).person_id

    def test_hr_refuses_with_a_word(self, ledger, closed):
        made = asked(ledger, closed)
        with pytest.raises(Invalid):
            approving.refuse(ledger.ctx(HR), made.id, note=" ")
        refused = approving.refuse(ledger.ctx(HR), made.id, note="退庁の記録と合いません。")
        assert refused.state == "refused"
        assert ledger.amounts() == (100, 0, 1667)
        assert ledger.account().corrected_at is None

    def test_a_reason_is_needed(self, ledger, closed):
        with pytest.raises(Invalid) as raised:
            correct(ledger, closed, 90, reason="　")
        assert raised.value.field == "reason"

    def test_a_double_click_is_one_answer(self, ledger, closed):
        made = asked(ledger, closed)
        for _click in range(2):
            approving.approve(ledger.ctx(HR), made.id)
        assert ledger.amounts() == (90, 0, 1677)

    def test_twice_decided(self, ledger, closed):
        made = asked(ledger, closed)
        approving.approve(ledger.ctx(HR), made.id)
        with pytest.raises(AlreadyDecided):
            approving.refuse(ledger.ctx(HR), made.id, note="やはり")
        with pytest.raises(AlreadyDecided):
            approving.approve(ledger.ctx("head@koriyama"), made.id)

    def test_another_town_finds_nothing(self, ledger, closed):
        made = asked(ledger, closed)
        for act in (approving.approve, lambda ctx, one: approving.refuse(ctx, one, note="x")):
            with pytest.raises(NotFound):
                act(ledger.ctx("head@sukagawa"), made.id)
        assert approving.waiting(ledger.ctx("head@sukagawa")) == []

    def test_nobody_approves_their_own(self, ledger):
        """L9, also for HR."""
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by=HR), by=_head_of(ledger, HR))
        ledger.now(11, 18, 17)
        ledger.record(request, 60, by=HR)
        ledger.now(12, 2, 9)
        close(ledger.ctx(HR), NOVEMBER)
        made = correct(ledger, request, 30, reason="間違い", by=HR)
        with pytest.raises(OwnCorrection):
            approving.approve(ledger.ctx(HR), made.id)

    def test_one_waits_at_a_time_and_may_be_taken_back(self, ledger, closed):
        made = asked(ledger, closed)
        with pytest.raises(CorrectionWaits):
            asked(ledger, closed, 80)
        with pytest.raises(NotFound):
            correcting.withdraw(ledger.ctx("staff2@koriyama"), made.id)
        for _click in range(2):
            assert correcting.withdraw(ledger.ctx(STAFF), made.id).state == "withdrawn"
        assert asked(ledger, closed, 80).state == "asked"
        with pytest.raises(AlreadyDecided):
            approving.approve(ledger.ctx(HR), made.id)

    def test_an_answered_one_is_not_taken_back(self, ledger, closed):
        made = asked(ledger, closed)
        approving.approve(ledger.ctx(HR), made.id)
        with pytest.raises(AlreadyDecided):
            correcting.withdraw(ledger.ctx(STAFF), made.id)

    def test_the_second_correction_builds_on_the_first(self, ledger, closed):
        approving.approve(ledger.ctx(HR), asked(ledger, closed).id)
        approving.approve(ledger.ctx(HR), asked(ledger, closed, 0).id)
        assert ledger.amounts() == (0, 0, 1767)

    def test_what_changed_meanwhile_is_not_overwritten(self, ledger, closed):
        made = asked(ledger, closed)
        Correction.update(former=95).where(Correction.id == made.id).execute()
        with pytest.raises(RecordChanged):
            approving.approve(ledger.ctx(HR), made.id)

    def test_hr_sees_no_purpose_and_no_discreet_class(self, ledger):
        request = ledger.agreed(WEDNESDAY, 60, activity="consult", purpose="介護の相談")
        ledger.now(11, 18, 17)
        ledger.record(request, 60)
        ledger.now(12, 2, 9)
        close(ledger.ctx(HR), NOVEMBER)
        asked(ledger, request, 30)
        (seen,) = approving.waiting(ledger.ctx(HR))
        assert (seen.activity, seen.former, seen.minutes) == ("general", 60, 30)
        assert "介護" not in repr(seen)


class TestRecording:
    def test_one_tap_records_what_was_agreed(self, ledger):
        request = ledger.agree(ledger.ask(date(2026, 11, 10), 60), 45)
        ctx = ledger.ctx(STAFF)
        for _click in range(2):
            recording.record(ctx, request.id)
        assert ledger.amounts() == (45, 0, 1722)

    def test_not_on_a_day_on_which_the_person_has_left(self, ledger):
        request = ledger.agreed(WEDNESDAY, 60)
        post = ledger.ctx(STAFF)
        Appointment.update(ends_on=date(2026, 11, 17)).where(
            Appointment.id == post.acting.id
        ).execute()
        with pytest.raises(HasLeft):
            recording.record(post.at(ledger.world.clock().replace(day=18)), request.id)


def _head_of(ledger, login):
    from niwari.ledger.deciding.approvers import posts_answering

    ctx = ledger.ctx(login)
    posts = list(posts_answering(ctx, ctx.person_id, ctx.acting.section_id))
    return Appointment.get_by_id(posts[0]).person.login
