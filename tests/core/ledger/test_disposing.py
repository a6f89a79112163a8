"""Whole closed fiscal years are disposed of by two officials, and by no other way (L6)."""

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from peewee import DatabaseError, IntegrityError

from niwari.audit.models import AuditEntry
from niwari.audit.sealing import seal
from niwari.audit.verifying import verify
from niwari.clock import TOKYO
from niwari.db import database, transaction
from niwari.directory.models import Appointment, Municipality
from niwari.errors import NotFound
from niwari.ledger.accounts import open_account
from niwari.ledger.closing.closing import close_due
from niwari.ledger.disposing import proposing, reading, removing, years
from niwari.ledger.disposing.certificate import hash_of
from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.disposing.parts import PARTS
from niwari.ledger.errors.disposing import (
    AgreedAlready,
    AlreadyProposed,
    CorrectionWaits,
    LedgerChanged,
    NoDisposalReason,
    NothingToDispose,
    OlderFirst,
    ProposalOver,
    SameOfficial,
    StillKept,
    YearDisposed,
    YearOpen,
)
from niwari.ledger.explain import explain
from niwari.ledger.importing import import_overtime
from niwari.ledger.models import (
    Account,
    Closing,
    Correction,
    Disposal,
    DisposalRecord,
    JournalEntry,
    LeaveSpan,
    Request,
)
from niwari.ledger.recording import correcting
from niwari.ledger.recording.correcting import Wanted
from niwari.tabular import ImportRefused

from .disposing import HR, HR2, LONG_AFTER, NEIGHBOUR, REASON, STAFF

KORIYAMA, SUKAGAWA = "072036", "072079"


def left(code=KORIYAMA, year=2026):
    """Return how many rows of each kind a municipality has of a year."""
    of = FiscalYear(Municipality.get(Municipality.code == code).id, year)
    return {part.code: part.model.select().where(part.of(of)).count() for part in PARTS}


def content(file):
    return b"".join(file.pieces)


class TestRefusals:
    def test_a_year_within_its_kept_years(self, old):
        old.ledger.world.clock.set(datetime(2032, 3, 31, 23, 59, tzinfo=TOKYO))
        with pytest.raises(StillKept) as refused:
            old.propose()
        assert refused.value.params == {"year": 2026, "years": 5, "since": 2032}

    def test_the_kept_years_are_the_municipalitys(self, old):
        old.ledger.world.set_settings("it@koriyama", "ledger", kept_years=6)
        with pytest.raises(StillKept):
            old.propose()

    @pytest.mark.parametrize("year", [2031, 2032])
    def test_the_last_and_the_present_year_whatever_is_kept(self, old, year):
        old.ledger.world.set_settings("it@koriyama", "ledger", kept_years=1)
        with pytest.raises(StillKept):
            old.propose(year=year)

    @pytest.mark.parametrize("year", [2025, 2033, 9999])
    def test_a_year_of_which_there_is_nothing(self, old, year):
        with pytest.raises(NothingToDispose):
            old.propose(year=year)

    def test_an_account_that_is_open(self, old):
        Account.update(closed_at=None).where(
            Account.municipality == old.ctx().municipality.id
        ).execute()
        with pytest.raises(YearOpen):
            old.propose()

    def test_a_period_that_is_not_closed(self, old):
        Closing.delete().where(Closing.municipality == old.ctx().municipality.id).execute()
        with pytest.raises(YearOpen):
            old.propose()

    def test_a_town_that_never_closed_closes_late_and_disposes(self, old):
        here = old.ctx().municipality.id
        Closing.delete().where(Closing.municipality == here).execute()
        Account.update(closed_at=None).where(Account.municipality == here).execute()
        close_due(old.ctx().now)
        number = old.dispose()
        assert reading.disposal(old.ctx(), number).state == "done"
        assert set(left().values()) == {0}

    def test_a_request_that_is_not_finished(self, old):
        Request.update(state="requested").where(Request.state == "lapsed").execute()
        with pytest.raises(YearOpen):
            old.propose()

    def test_a_correction_that_waits(self, old):
        Correction.update(state="asked").execute()
        with pytest.raises(CorrectionWaits):
            old.propose()

    def test_an_older_year_goes_first(self, old):
        Account.insert(
            person=old.ctx(STAFF).person_id,
            municipality=old.ctx().municipality.id,
            starts_on=date(2025, 4, 1),
            ends_on=date(2025, 4, 30),
            base=0,
            cap=0,
            closed_at=old.ctx().now,
        ).execute()
        with pytest.raises(OlderFirst):
            old.propose()

    @pytest.mark.parametrize("reason", ["", " 　", "あ" * 401])
    def test_a_reason_that_is_none(self, old, reason):
        with pytest.raises(NoDisposalReason):
            proposing.propose(old.ctx(), 2026, reason, "a-key")
        assert Disposal.select().count() == 0

    def test_a_second_proposal(self, old):
        old.propose()
        with pytest.raises(AlreadyProposed):
            old.propose(HR2)

    def test_whoever_proposed_does_not_agree(self, old):
        number = old.propose()
        with pytest.raises(SameOfficial):
            old.agree(number, HR)
        with pytest.raises(IntegrityError):
            Disposal.update(agreed_at=old.ctx().now, agreed_by=Disposal.proposed_by).execute()

    def test_nor_through_a_second_post(self, old):
        number = old.propose()
        ctx, post = old.ctx(HR), old.ctx(HR2).acting.id
        Appointment.update(person=ctx.person_id).where(Appointment.id == post).execute()
        other = replace(ctx, appointment=replace(ctx.acting, id=post))
        assert other.acting.id != ctx.acting.id
        with pytest.raises(SameOfficial):
            proposing.agree(other, number)
        assert Disposal.get_by_id(number).agreed_at is None

    def test_a_proposal_of_another_municipality_is_not_there(self, old):
        number = old.propose()
        there = old.ctx("head@sukagawa")
        for act in (proposing.agree, proposing.withdraw, proposing.export, reading.disposal):
            with pytest.raises(NotFound):
                act(there, number)
        assert reading.disposals(there).disposals == ()

    def test_a_proposal_lapses_after_seven_days(self, old):
        number = old.propose()
        old.ledger.world.clock.set(LONG_AFTER + timedelta(days=7))
        for act in (old.agree, lambda one: proposing.export(old.ctx(), one)):
            with pytest.raises(ProposalOver):
                act(number)
        assert reading.disposal(old.ctx(), number).state == "lapsed"
        assert old.propose() != number

    def test_a_withdrawn_one_is_over(self, old):
        number = old.propose()
        assert [proposing.withdraw(old.ctx(HR2), number) for _ in range(2)] == [True, False]
        with pytest.raises(ProposalOver):
            old.agree(number)
        assert old.propose() != number

    def test_an_agreed_one_is_neither_withdrawn_nor_agreed_to_again(self, old):
        number = old.propose()
        assert [old.agree(number), old.agree(number)] == [True, False]
        with pytest.raises(AgreedAlready):
            proposing.withdraw(old.ctx(), number)
        with pytest.raises(AgreedAlready):
            proposing.export(old.ctx(), number)

    def test_rows_that_changed_since_the_proposal(self, old):
        number = old.propose()
        Account.update(used=Account.used + 1).where(
            Account.municipality == old.ctx().municipality.id
        ).execute()
        with pytest.raises(LedgerChanged):
            old.agree(number)
        with pytest.raises(LedgerChanged):
            proposing.export(old.ctx(), number)
        assert Disposal.get_by_id(number).agreed_at is None

    def test_a_double_click_proposes_once(self, old):
        ctx = old.ctx()
        made = [proposing.propose(ctx, 2026, REASON, "a-key") for _ in range(2)]
        assert made == [made[0]] * 2
        assert Disposal.select().count() == 1


class TestTheFile:
    def test_its_checksum_is_the_proposals(self, old):
        number = old.propose()
        data = content(proposing.export(old.ctx(HR2), number))
        shown = reading.disposal(old.ctx(), number)
        assert hashlib.sha256(data).hexdigest() == shown.export_sha256
        assert len(data) == shown.export_bytes

    def test_it_has_every_row_of_the_municipality_without_names(self, old):
        data = content(proposing.export(old.ctx(), old.propose()))
        with ZipFile(BytesIO(data)) as archive:
            assert archive.testzip() is None
            lines = {
                name.removesuffix(".csv"): archive.read(name).decode("utf-8-sig").splitlines()
                for name in archive.namelist()
            }
        assert {code: len(some) - 1 for code, some in lines.items()} == left()
        whole = "\n".join(line for some in lines.values() for line in some)
        assert old.ctx(STAFF).acting.person_name not in whole
        assert "学び・相談" in whole

    def test_what_is_discreet_says_no_more_than_a_page(self, old):
        Request.update(discreet=True, activity="consult", purpose="転職の悩み").execute()
        data = content(proposing.export(old.ctx(), old.propose())).decode("utf-8", "replace")
        assert "転職の悩み" not in data
        assert "consult" not in data


class TestRemoving:
    def test_nothing_is_left_of_the_year_and_everything_elsewhere(self, old):
        before = left(SUKAGAWA)
        assert before["entries"]
        old.dispose()
        assert set(left().values()) == {0}
        assert left(SUKAGAWA) == before
        assert JournalEntry.select().count() == before["entries"]

    def test_the_worker_does_it(self, old):
        number = old.agreed()
        assert reading.disposal(old.ctx(), number).state == "running"
        old.ledger.world.work()
        assert set(left().values()) == {0}
        assert reading.disposal(old.ctx(), number).state == "done"

    def test_a_proposal_alone_removes_nothing(self, old):
        before = left()
        number = old.propose()
        assert removing.remove_all(old.ctx(), number) == 0
        assert removing.remove_all(old.ctx("head@sukagawa"), number) == 0
        assert left() == before
        assert DisposalRecord.select().count() == 0

    def test_leave_of_somebody_who_moved_stays_for_the_other_municipality(self, old):
        Account.insert(
            person=old.ctx(STAFF).person_id,
            municipality=old.ctx(NEIGHBOUR).municipality.id,
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 1, 31),
            base=0,
            cap=0,
            closed_at=old.ctx().now,
        ).execute()
        old.dispose()
        assert LeaveSpan.select().count() == 1
        assert Account.select().where(Account.person == old.ctx(STAFF).person_id).count() == 1

    def test_who_was_asked_for_together_elsewhere_stays(self, old):
        mine = Request.get(Request.person == old.ctx(STAFF).person_id)
        theirs = Request.get(Request.person == old.ctx(NEIGHBOUR).person_id)
        Request.update(joint_with=mine.id, travel_for=mine.id).where(
            Request.id == theirs.id
        ).execute()
        old.dispose()
        row = Request.get_by_id(theirs.id)
        assert (row.joint_with_id, row.travel_for_id) == (None, None)

    def test_done_again_it_changes_nothing(self, old):
        number = old.dispose()
        assert removing.remove_all(old.ctx(), number) == 0
        assert DisposalRecord.select().count() == 1
        assert AuditEntry.select().where(AuditEntry.action == "ledger.dispose").count() == 1

    def test_a_failure_between_two_portions_is_gone_on_after(self, old, monkeypatch):
        monkeypatch.setattr(removing, "PORTION", 1)
        before, number, seen = sum(left().values()), old.agreed(), []

        def stop(code, count):
            seen.append((code, count))
            if len(seen) == 3:
                raise ConnectionError

        with pytest.raises(ConnectionError):
            removing.remove_all(old.ctx(), number, stop)
        some = sum(left().values())
        assert some == before - 3
        assert DisposalRecord.select().count() == 0
        assert removing.remove_all(old.ctx(), number) == some
        record = DisposalRecord.get()
        assert sum(json.loads(record.counts).values()) == some + 3


class TestTheGate:
    """Nobody removes or changes a posting but the portion of a disposal, and only its rows."""

    def refused(self, statement):
        with pytest.raises(DatabaseError, match="append-only"), database.atomic():
            database.execute_sql(statement)

    def test_by_hand_while_a_disposal_runs(self, old):
        old.agreed()
        self.refused("DELETE FROM ledger_journal_entry")
        self.refused("UPDATE ledger_journal_entry SET minutes = 1")

    def test_other_rows_while_the_gate_is_open(self, old):
        number = old.agreed()
        there = Account.select(Account.id).where(Account.municipality != old.ctx().municipality.id)
        with pytest.raises(IntegrityError, match="append-only"), transaction(old.ctx()):
            Disposal.update(gate=0).where(Disposal.id == number).execute()
            JournalEntry.delete().where(JournalEntry.account.in_(there)).execute()
        assert left(SUKAGAWA)["entries"]

    def test_other_years_while_the_gate_is_open(self, old):
        number = old.agreed()
        Account.update(starts_on=date(2027, 4, 1), ends_on=date(2027, 4, 30)).execute()
        with pytest.raises(IntegrityError, match="append-only"), transaction(old.ctx()):
            Disposal.update(gate=0).where(Disposal.id == number).execute()
            JournalEntry.delete().execute()

    def test_no_change_is_let_through_it(self, old):
        number = old.agreed()
        with pytest.raises(IntegrityError, match="append-only"), transaction(old.ctx()):
            Disposal.update(gate=0).where(Disposal.id == number).execute()
            JournalEntry.update(minutes=0).execute()

    def test_it_cannot_be_left_open(self, old):
        number = old.agreed()
        with pytest.raises(IntegrityError), transaction(old.ctx()):
            Disposal.update(gate=0).where(Disposal.id == number).execute()
        assert Disposal.get_by_id(number).gate_id is None

    def test_it_cannot_be_opened_before_two_have_agreed(self, old):
        number = old.propose()
        with pytest.raises(IntegrityError), transaction(old.ctx()):
            Disposal.update(gate=0).where(Disposal.id == number).execute()

    def test_no_row_can_be_the_one_that_holds_it_open(self, old):
        number = old.agreed()
        with pytest.raises(IntegrityError), transaction(old.ctx()):
            Disposal.update(id=0).where(Disposal.id == number).execute()

    def test_it_is_shut_after_a_portion(self, old):
        number = old.dispose()
        assert Disposal.get_by_id(number).gate_id is None
        self.refused("DELETE FROM ledger_journal_entry")

    def test_the_record_is_never_changed(self, old):
        old.dispose()
        self.refused("UPDATE ledger_disposal_record SET number = 2")
        self.refused("DELETE FROM ledger_disposal_record")


class TestWhatStays:
    def test_the_record_says_what_who_when_and_the_anchors(self, old):
        town = old.ctx().municipality.id
        seal(town, old.ledger.world.clock())
        number = old.agreed()
        before, last = (
            left(),
            JournalEntry.select().join(Account).where(Account.municipality == town),
        )
        last_entry = max(one.id for one in last)
        removing.remove_all(old.ctx(), number)
        record = DisposalRecord.get()
        assert (record.number, record.year, record.kept_years) == (1, 2026, 5)
        assert (record.first_day, record.last_day) == (date(2026, 4, 1), date(2027, 3, 31))
        assert (record.proposed_by_id, record.agreed_by_id) == (
            old.ctx(HR).acting.id,
            old.ctx(HR2).acting.id,
        )
        assert json.loads(record.counts) == before
        assert record.last_entry == last_entry
        assert record.audit_seal == 1
        assert record.export_sha256 == Disposal.get_by_id(number).export_sha256
        assert record.hash == hash_of(record)

    def test_it_stands_in_the_audits_chain_which_stays_sound(self, old):
        town = old.ctx().municipality.id
        seal(town, old.ledger.world.clock())
        old.dispose()
        seal(town, old.ledger.world.clock())
        found = verify(town, old.ledger.world.clock())
        assert (found.seals, found.fault_count, found.unsealed) == (2, 0, 0)
        entry = AuditEntry.get(AuditEntry.action == "ledger.dispose")
        assert json.loads(entry.details)["hash"] == DisposalRecord.get().hash

    def test_the_next_record_carries_the_one_before(self, old):
        old.dispose()
        Account.insert(
            person=old.ctx(STAFF).person_id,
            municipality=old.ctx().municipality.id,
            starts_on=date(2027, 4, 1),
            ends_on=date(2027, 4, 30),
            base=0,
            cap=0,
            closed_at=old.ctx().now,
        ).execute()
        Closing.insert(
            municipality=old.ctx().municipality.id,
            starts_on=date(2027, 4, 1),
            ends_on=date(2027, 4, 30),
            closed_at=old.ctx().now,
        ).execute()
        old.ledger.world.clock.set(datetime(2033, 4, 4, 9, tzinfo=TOKYO))
        number = old.propose(year=2027)
        old.agree(number)
        removing.remove_all(old.ctx(), number)
        first, second = DisposalRecord.select().order_by(DisposalRecord.number)
        assert (second.number, second.previous) == (2, first.hash)

    def test_nothing_is_entered_into_the_year_any_more(self, old):
        old.dispose()
        with pytest.raises(YearDisposed), transaction(old.ctx(STAFF)):
            ctx = old.ctx(STAFF)
            open_account(ctx, ctx.person_id, ctx.municipality.id, date(2026, 11, 18))
        assert set(left().values()) == {0}

    def test_nor_while_it_is_being_removed(self, old):
        old.agreed()
        mine = Request.get(Request.state == "recorded", Request.person == old.ctx(STAFF).person_id)
        with pytest.raises(YearDisposed):
            correcting.correct(
                old.ctx(STAFF), mine.id, Wanted(minutes=10, reason="間違い", key="b-key")
            )

    def test_overtime_of_the_year_is_refused_and_of_another_year_is_not(self, old):
        old.dispose()
        data = "login,month,minutes\nstaff@koriyama,{},60\n"
        with pytest.raises(ImportRefused) as refused:
            import_overtime(old.ctx(), data.format("2027-03").encode())
        (bad,) = refused.value.bad_lines
        assert (bad.line, bad.column, bad.params) == (2, "month", {"year": 2026})
        import_overtime(old.ctx(), data.format("2027-04").encode())
        assert left(year=2027)["overtime"] == 1
        assert left()["overtime"] == 0

    def test_explain_says_so(self, old):
        number = old.dispose()
        found = explain(STAFF, "2026-11")
        assert (found.base, found.cap, found.used, found.days) == (0, 0, 0, ())
        assert found.as_json()["disposed"] == {"on": "2032-04-05", "record": 1}
        assert explain(NEIGHBOUR, "2026-11").used == 90
        assert reading.disposal(old.ctx(), number).record.number == 1

    def test_then_there_is_nothing_left_to_dispose_of(self, old):
        assert years.candidate(old.ctx()).refusal is None
        old.dispose()
        assert years.candidate(old.ctx()) is None
        with pytest.raises(NothingToDispose):
            old.propose()
