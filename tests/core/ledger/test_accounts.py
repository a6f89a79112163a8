"""Accounts and their journal: L5, L6, L8."""

from datetime import date

import pytest
from peewee import IntegrityError

from niwari.db import database, is_postgresql, transaction
from niwari.ledger import accounts
from niwari.ledger.models import Account, JournalEntry, RateRow, Request

from .conftest import WEDNESDAY


def test_an_account_is_made_with_the_first_request(ledger):
    assert ledger.account() is None
    ledger.ask(WEDNESDAY, 60)
    account = ledger.account()
    assert (account.base, account.cap, account.used, account.reserved) == (8835, 1767, 0, 0)
    assert (account.starts_on, account.ends_on) == (date(2026, 11, 1), date(2026, 11, 30))


def test_each_month_has_its_own(ledger):
    ledger.agreed(WEDNESDAY, 60)
    ledger.agreed(date(2026, 12, 2), 90)
    assert [(a.starts_on.month, a.reserved) for a in Account.select().order_by(Account.id)] == [
        (11, 60),
        (12, 90),
    ]


def test_base_and_cap_are_stored_as_of_the_last_change(ledger):
    ledger.ask(WEDNESDAY, 60)
    ledger.leave("staff@koriyama", "annual", "2026-11-20T08:30", "2026-11-20T17:15")
    assert (ledger.account().base, ledger.account().cap) == (8370, 1674)
    town = ledger.ctx("staff@koriyama").municipality
    RateRow.create(
        level="municipality", target_id=town.id, starts_on=date(2026, 11, 1), basis_points=1000
    )
    assert ledger.account().cap == 1674
    ledger.ask(date(2026, 11, 19), 60)
    assert ledger.account().cap == 837


def test_an_account_is_locked_inside_a_transaction_alone(ledger):
    ctx = ledger.ctx("staff@koriyama")
    with pytest.raises(RuntimeError, match="transaction"):
        accounts.open_account(ctx, ctx.person_id, ctx.municipality.id, WEDNESDAY)


def test_a_day_of_an_open_account(ledger):
    ctx = ledger.ctx("staff@koriyama")
    with transaction(ctx):
        opened = accounts.open_account(ctx, ctx.person_id, ctx.municipality.id, WEDNESDAY)
    assert opened.day(WEDNESDAY).day == WEDNESDAY
    with pytest.raises(ValueError, match="2026-11"):
        opened.day(date(2026, 12, 1))


class TestAppendOnly:
    """L6: the database itself refuses to change or remove a posted row."""

    @pytest.fixture
    def entry(self, ledger):
        """A posted row."""
        ledger.agreed(WEDNESDAY, 120)
        return JournalEntry.get()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_journal_entry SET reserved_delta = 1",
            "UPDATE ledger_journal_entry SET posted_at = posted_at",
            "DELETE FROM ledger_journal_entry",
        ],
    )
    def test_by_sql(self, entry, statement):
        with pytest.raises(IntegrityError, match="append-only"):
            database.execute_sql(statement)
        assert JournalEntry.get().__data__ == entry.__data__

    def test_by_the_model(self, entry):
        with pytest.raises(IntegrityError, match="append-only"):
            entry.delete_instance()
        entry.reserved_delta = 0
        with pytest.raises(IntegrityError, match="append-only"):
            entry.save()

    def test_by_replacing_it(self, entry):
        """SQLite's REPLACE removes the row first, and tells no trigger of it unless set to."""
        verb = "INSERT" if is_postgresql() else "INSERT OR REPLACE"
        with pytest.raises(IntegrityError):
            database.execute_sql(
                f"{verb} INTO ledger_journal_entry (id, account_id, request_id, kind, work_date,"
                " minutes, used_delta, reserved_delta, posted_at, posted_by_id, reverses_id)"
                " SELECT id, account_id, request_id, kind, work_date, minutes, used_delta, 0,"
                " posted_at, posted_by_id, reverses_id FROM ledger_journal_entry"
            )
        assert JournalEntry.get().reserved_delta == 120

    def test_a_truncation(self, entry):
        if is_postgresql():
            with pytest.raises(IntegrityError, match="append-only"):
                database.execute_sql("TRUNCATE ledger_journal_entry CASCADE")
        assert JournalEntry.select().count() == 1


class TestTheDatabaseRefusesNonsense:
    """What no code may write."""

    def test_a_negative_reservation(self, ledger):
        ledger.ask(WEDNESDAY, 60)
        with pytest.raises(IntegrityError):
            Account.update(reserved=-1).execute()

    def test_more_agreed_than_asked(self, ledger):
        ledger.ask(WEDNESDAY, 60)
        with pytest.raises(IntegrityError):
            Request.update(agreed_minutes=61).execute()

    def test_two_accounts_of_a_month(self, ledger):
        ledger.ask(WEDNESDAY, 60)
        columns = {**ledger.account().__data__}
        del columns["id"]
        with pytest.raises(IntegrityError):
            Account.insert(columns).execute()

    @pytest.mark.parametrize("linked", [True, False])
    def test_a_reversal_without_what_it_reverses_and_the_reverse(self, ledger, linked):
        ledger.agreed(WEDNESDAY, 60)
        entry = JournalEntry.get()
        with pytest.raises(IntegrityError):
            JournalEntry.insert(
                account=entry.account_id,
                kind="record" if linked else "reversal",
                reverses=entry.id if linked else None,
                work_date=WEDNESDAY,
                used_delta=0,
                reserved_delta=-60,
                posted_at=entry.posted_at,
            ).execute()

    def test_two_reversals_of_one_entry(self, ledger):
        ledger.agreed(WEDNESDAY, 60)
        entry = JournalEntry.get()
        row = {
            "account": entry.account_id,
            "kind": "reversal",
            "reverses": entry.id,
            "work_date": WEDNESDAY,
            "used_delta": 0,
            "reserved_delta": -60,
            "posted_at": entry.posted_at,
        }
        JournalEntry.insert(row).execute()
        with pytest.raises(IntegrityError):
            JournalEntry.insert(row).execute()
