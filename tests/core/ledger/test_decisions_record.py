"""Recording, what does not count, and that each act is whole with its audit row."""

from datetime import date

import pytest
from peewee import IntegrityError

from niwari.audit.models import AuditEntry
from niwari.db import database, is_postgresql, transaction
from niwari.errors import DomainError, NotFound
from niwari.ledger.errors import (
    AlreadyDecided,
    BadMinutes,
    NotAgreed,
    OverAgreement,
    TooEarlyToRecord,
)
from niwari.ledger.models import Request, State
from niwari.ledger.recording import recording

from .conftest import WEDNESDAY

TODAY = date(2026, 11, 10)
NEXT_WEEK = date(2026, 11, 24)


class TestRecord:
    def test_all_of_it(self, ledger):
        request = ledger.agreed(TODAY, 60)
        assert ledger.record(request, 60).state == State.RECORDED
        assert recording.recorded_minutes(request) == 60

    def test_the_same_again_changes_nothing(self, ledger):
        request = ledger.agreed(TODAY, 60)
        ledger.record(request, 50)
        ledger.record(request, 50)
        assert ledger.amounts() == (50, 0, 1717)
        assert len(ledger.journal()) == 2

    def test_something_else_is_refused(self, ledger):
        request = ledger.agreed(TODAY, 60)
        ledger.record(request, 50)
        with pytest.raises(AlreadyDecided):
            ledger.record(request, 60)

    def test_more_than_was_agreed_is_refused(self, ledger):
        """L17 with the tolerance of 0."""
        request = ledger.agree(ledger.ask(TODAY, 60), 40)
        with pytest.raises(OverAgreement) as raised:
            ledger.record(request, 41)
        assert (raised.value.rule, raised.value.params) == ("L17", {"agreed": 40})

    @pytest.mark.parametrize("minutes", [0, -1])
    def test_at_least_a_minute(self, ledger, minutes):
        with pytest.raises(BadMinutes):
            ledger.record(ledger.agreed(TODAY, 60), minutes)

    def test_not_before_the_day(self, ledger):
        with pytest.raises(TooEarlyToRecord):
            ledger.record(ledger.agreed(WEDNESDAY, 60), 60)

    def test_not_before_the_hour(self, ledger):
        request = ledger.agreed(TODAY, at=("15:00", "16:00"))
        ledger.now(11, 10, 14, 59)
        with pytest.raises(TooEarlyToRecord):
            ledger.record(request, 60)
        ledger.now(11, 10, 15)
        assert ledger.record(request, 60).state == State.RECORDED

    @pytest.mark.parametrize("answer", [None, "return_", "decline"])
    def test_only_what_was_agreed(self, ledger, answer):
        """L1: nothing is recorded that nobody agreed to."""
        request = ledger.ask(TODAY, 60)
        if answer:
            getattr(ledger, answer)(request)
        with pytest.raises(NotAgreed) as raised:
            ledger.record(request, 60)
        assert raised.value.rule == "L1"

    def test_not_what_was_withdrawn(self, ledger):
        request = ledger.agreed(TODAY, 60)
        ledger.withdraw(request)
        with pytest.raises(NotAgreed):
            ledger.record(request, 60)

    @pytest.mark.parametrize("other", ["staff2@koriyama", "head@koriyama", "staff@sukagawa"])
    def test_only_by_the_person(self, ledger, other):
        request = ledger.agreed(TODAY, 60)
        with pytest.raises(NotFound):
            ledger.record(request, 60, by=other)


class TestWhatDoesNotCount:
    """A class that does not count leaves a row, and the allowance alone."""

    def test_ordered_training(self, ledger):
        request = ledger.agreed(TODAY, 120, activity="training")
        assert ledger.amounts() == (0, 0, 1767)
        ledger.record(request, 100)
        assert ledger.amounts() == (0, 0, 1767)
        assert ledger.journal() == [("agreement", 0, 0, 0), ("record", 100, 0, 0)]
        assert recording.recorded_minutes(request) == 100

    def test_it_needs_nothing_left(self, ledger):
        ledger.agreed(WEDNESDAY, 1767)
        assert ledger.agreed(NEXT_WEEK, 120, activity="training").state == State.AGREED

    def test_it_can_be_withdrawn(self, ledger):
        request = ledger.agreed(WEDNESDAY, 120, activity="training")
        ledger.withdraw(request)
        assert ledger.journal() == [("agreement", 0, 0, 0), ("release", 0, 0, 0)]


class TestAllOrNothing:
    """One transaction with its audit row: where one fails, neither is there."""

    @pytest.fixture
    def no_audit(self, ledger):
        """A database that takes no more audit rows."""
        if is_postgresql():
            database.execute_sql(
                "CREATE FUNCTION no_audit() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'check_violation'; END $$"
            )
            action = "EXECUTE FUNCTION no_audit()"
        else:
            action = "BEGIN SELECT RAISE(ABORT, 'full'); END"
        scope = "FOR EACH ROW" if is_postgresql() else ""
        return lambda: database.execute_sql(
            f"CREATE TRIGGER no_audit BEFORE INSERT ON audit_entry {scope} {action}"
        )

    @pytest.mark.parametrize("act", ["agree", "return_", "decline", "withdraw", "record"])
    def test_no_act_without_its_audit_row(self, ledger, no_audit, act):
        agreed = act == "record"
        request = ledger.ask(TODAY, 60)
        if agreed:
            ledger.agree(request)
        before = ledger.journal(), Request.get_by_id(request.id).__data__, ledger.amounts()
        no_audit()
        with pytest.raises(IntegrityError, match="full"):
            getattr(ledger, act)(request, *((60,) if act == "record" else ()))
        after = ledger.journal(), Request.get_by_id(request.id).__data__, ledger.amounts()
        assert after == before

    def test_no_request_without_its_audit_row(self, ledger, no_audit):
        no_audit()
        with pytest.raises(IntegrityError, match="full"):
            ledger.ask(TODAY, 60)
        assert Request.select().count() == 0
        assert ledger.account() is None

    def test_no_audit_row_without_its_act(self, ledger):
        request, rows = ledger.ask(WEDNESDAY, 60), AuditEntry.select().count()
        with pytest.raises(DomainError), transaction(ledger.ctx("head@koriyama")):
            ledger.agree(request)
            raise DomainError
        assert AuditEntry.select().count() == rows
        assert ledger.amounts() == (0, 0, 1767)
        assert ledger.account().reserved == 0
