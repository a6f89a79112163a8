"""Taking a request back, changing it, and asking from more than one post."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import NotFound
from niwari.ledger.asking import requests
from niwari.ledger.errors import (
    AlreadyAsked,
    AlreadyDecided,
    NotAppointed,
    NotMainPost,
    Overlap,
    TooLate,
)
from niwari.ledger.models import Account, State

from .conftest import OFFERED, WEDNESDAY

THURSDAY = date(2026, 11, 19)
TODAY = date(2026, 11, 10)


class TestWithdraw:
    """Only the requester withdraws, before the start."""

    def test_agreed_minutes_return_at_once(self, ledger):
        request = ledger.agreed(WEDNESDAY, 120)
        assert ledger.amounts() == (0, 120, 1647)
        assert ledger.withdraw(request).state == State.WITHDRAWN
        assert ledger.amounts() == (0, 0, 1767)
        assert ledger.journal() == [("agreement", 0, 0, 120), ("release", 0, 0, -120)]

    def test_again_changes_nothing(self, ledger):
        request = ledger.agreed(WEDNESDAY, 120)
        ledger.withdraw(request)
        ledger.withdraw(request)
        assert len(ledger.journal()) == 2

    def test_not_after_the_start(self, ledger):
        request = ledger.agreed(at=("15:00", "16:00"))
        ledger.now(11, 18, 15)
        with pytest.raises(TooLate) as raised:
            ledger.withdraw(request)
        assert raised.value.rule == "L1"
        assert ledger.amounts() == (0, 60, 1707)

    def test_a_date_and_minutes_until_the_day_is_over(self, ledger):
        request = ledger.agreed(WEDNESDAY, 120)
        ledger.now(11, 19, 0)
        with pytest.raises(TooLate):
            ledger.withdraw(request)
        ledger.now(11, 18, 23, 59)
        assert ledger.withdraw(request).state == State.WITHDRAWN

    def test_what_was_never_answered_may_be_withdrawn_later_too(self, ledger):
        request = ledger.ask(WEDNESDAY, 120)
        ledger.now(11, 30, 9)
        assert ledger.withdraw(request).state == State.WITHDRAWN

    def test_not_what_is_recorded(self, ledger):
        request = ledger.agreed(TODAY, 60)
        ledger.record(request, 60)
        with pytest.raises(AlreadyDecided):
            ledger.withdraw(request)

    @pytest.mark.parametrize("other", ["staff2@koriyama", "head@koriyama", "staff@sukagawa"])
    def test_nobody_else(self, ledger, other):
        request = ledger.agreed(WEDNESDAY, 120)
        with pytest.raises(NotFound):
            ledger.withdraw(request, by=other)


class TestAskAgain:
    """A returned request goes to the head once more, as it is now."""

    def again(self, ledger, request, *args, **kwargs):
        return requests.ask_again(
            ledger.ctx("staff@koriyama"), request.id, ledger.wish(*args, **kwargs), OFFERED
        )

    def returned(self, ledger, *args, **kwargs):
        request = ledger.ask(*args, **kwargs)
        ledger.return_(request)
        return request

    def test_with_another_day_and_length(self, ledger):
        request = self.returned(ledger, WEDNESDAY, 120)
        changed = self.again(ledger, request, date(2026, 12, 2), 90)
        assert (changed.id, changed.state) == (request.id, State.REQUESTED)
        assert (changed.work_date, changed.minutes) == (date(2026, 12, 2), 90)
        assert changed.decided_at is None
        ledger.agree(changed)
        assert ledger.amounts(day=date(2026, 12, 1)) == (0, 90, 1770)
        assert ledger.amounts() == (0, 0, 1767)

    def test_the_own_time_is_no_overlap(self, ledger):
        request = self.returned(ledger, at=("15:00", "16:00"))
        assert self.again(ledger, request, at=("15:30", "16:30")).minutes == 60

    def test_other_times_are(self, ledger):
        request = self.returned(ledger, at=("15:00", "16:00"))
        ledger.ask(at=("16:00", "17:00"))
        with pytest.raises(Overlap):
            self.again(ledger, request, at=("15:30", "16:30"))

    def test_a_double_click_is_one(self, ledger):
        request = self.returned(ledger, WEDNESDAY, 120)
        self.again(ledger, request, WEDNESDAY, 90, form_key="again")
        rows = AuditEntry.select().count()
        assert self.again(ledger, request, WEDNESDAY, 90, form_key="again").minutes == 90
        assert AuditEntry.select().count() == rows

    @pytest.mark.parametrize("answer", ["agree", "decline"])
    def test_only_what_was_returned(self, ledger, answer):
        request = ledger.ask(WEDNESDAY, 120)
        getattr(ledger, answer)(request)
        with pytest.raises(AlreadyDecided):
            self.again(ledger, request, WEDNESDAY, 90)

    def test_the_key_of_another_request_is_refused(self, ledger):
        request = self.returned(ledger, WEDNESDAY, 120)
        ledger.ask(THURSDAY, 60, form_key="taken")
        with pytest.raises(AlreadyAsked):
            self.again(ledger, request, WEDNESDAY, 90, form_key="taken")

    def test_not_by_another(self, ledger):
        request = self.returned(ledger, WEDNESDAY, 120)
        with pytest.raises(NotFound):
            requests.ask_again(
                ledger.ctx("staff2@koriyama"), request.id, ledger.wish(WEDNESDAY, 90), OFFERED
            )


class TestMoreThanOnePost:
    """L9, L11: time is given once, by the main post."""

    def test_a_move_to_another_municipality_opens_an_account_at_zero(self, ledger, town):
        old = town("072036").appoint("moving@x", "市民部/市民課", end=date(2026, 11, 15))
        town("072079").appoint("moving@x", "総務部/人事課", start=date(2026, 11, 16))
        assert ledger.balance("moving@x").cap == 9 * 93
        with pytest.raises(NotAppointed):
            ledger.ask(WEDNESDAY, 60, by="moving@x")
        ledger.now(11, 16, 9)
        assert ledger.balance("moving@x").cap == 10 * 93
        request = ledger.ask(WEDNESDAY, 60, by="moving@x")
        assert request.municipality_id != old.municipality_id

    def test_what_was_agreed_before_a_move_is_recorded_where_it_was_done(self, ledger, town):
        town("072036").appoint("moving@x", "市民部/市民課", end=date(2026, 11, 15))
        request = ledger.agreed(date(2026, 11, 13), 60, by="moving@x")
        town("072079").appoint("moving@x", "総務部/人事課", start=date(2026, 11, 16))
        ledger.now(11, 16, 9)
        ledger.record(request, 60, by="moving@x")
        account = Account.get(Account.person == request.person_id)
        assert (account.used, account.municipality_id) == (60, request.municipality_id)
        audit = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
        assert audit.municipality_id == request.municipality_id
        assert ledger.amounts("moving@x") == (0, 0, 930)

    def test_a_concurrent_post_elsewhere_gives_no_time_of_its_own(self, ledger, town):
        town("072036").appoint("two@x", "市民部/市民課")
        town("072079").appoint("two@x", "総務部/人事課", main=False)
        assert ledger.balance("two@x").cap == 1767
        ctx = ledger.acting_in("two@x", "072079")
        with pytest.raises(NotMainPost) as raised:
            requests.ask(ctx, ledger.wish(WEDNESDAY, 60), OFFERED)
        assert raised.value.rule == "L9"

    def test_the_main_post_is_asked_from_whichever_one_acts_in(self, ledger, town):
        main = town("072036").appoint("two@x", "市民部/市民課")
        town("072036").appoint("two@x", "こども部/保育課", main=False)
        ctx = ledger.acting_in("two@x", "072036")
        request = requests.ask(ctx, ledger.wish(WEDNESDAY, 60), OFFERED)
        assert (request.section_id, request.appointment_id) == (main.section_id, main.id)
        assert ledger.agree(request, by="head@koriyama").state == State.AGREED

    def test_where_the_main_post_has_ended_the_other_holds(self, ledger, town):
        town("072036").appoint("two@x", "市民部/市民課", end=date(2026, 11, 10))
        town("072036").appoint("two@x", "こども部/保育課", main=False)
        assert ledger.balance("two@x").cap == 1767
