"""Rates, accounts and the journal of the 20% rule."""

from typing import Any

from peewee import (
    BigAutoField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
)

from niwari.db import InstantField, Model, append_only_but
from niwari.directory.models import Appointment, Municipality, Person
from niwari.ledger.models.requests import Request


class RateRow(Model):
    """A dated rate in basis points of one level; lower levels can only lower it."""

    level: Any = CharField(max_length=20)
    target_id: Any = IntegerField()
    starts_on: Any = DateField()
    ends_on: Any = DateField(null=True)
    basis_points: Any = IntegerField()

    class Meta:
        table_name = "ledger_rate"
        indexes = ((("level", "target_id", "starts_on"), True),)
        constraints = [
            Check(
                "level IN ('region', 'municipality', 'section', 'person')",
                name="ledger_rate_level",
            ),
            Check("basis_points BETWEEN 0 AND 2000", name="ledger_rate_basis_points"),
        ]


class Account(Model):
    """One person's allowance of one period in one municipality; all amounts in minutes.

    ``used`` and ``reserved`` are the sums of the journal's deltas; ``base`` and ``cap`` are as of
    the last change. Whoever changes it holds its lock (ledger rule L2). From ``closed_at`` on its
    base stays as it is; ``corrected_at`` is when a correction last changed it after that (L6, L7).
    """

    person: Any = ForeignKeyField(Person, backref="accounts", index=False)
    person_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="accounts", index=False)
    municipality_id: int
    frozen: Any  # the freeze that holds, where whoever reads the account has put it beside
    starts_on: Any = DateField()
    ends_on: Any = DateField()
    base: Any = IntegerField()
    cap: Any = IntegerField()
    used: Any = IntegerField(default=0)
    reserved: Any = IntegerField(default=0)
    closed_at: Any = InstantField(null=True)
    corrected_at: Any = InstantField(null=True)

    class Meta:
        table_name = "ledger_account"
        indexes = (
            (("person", "municipality", "starts_on"), True),
            (("municipality", "starts_on"), False),
        )
        constraints = [
            Check("reserved >= 0", name="ledger_account_reserved"),
            Check("ends_on >= starts_on", name="ledger_account_dates"),
        ]


_REMOVABLE = (
    "EXISTS (SELECT 1 FROM ledger_account a JOIN ledger_disposal d "
    "ON d.municipality_id = a.municipality_id AND a.starts_on BETWEEN d.first_day AND d.last_day "
    "WHERE a.id = OLD.account_id AND d.gate_id = 0)"
)
"""A posting can be removed where the gate of the disposal of its year and municipality is open (L6)."""


@append_only_but(_REMOVABLE)
class JournalEntry(Model):
    """One posting: how it moves used and reserved of one account, in minutes (ledger rule L6).

    ``kind`` is agreement, release, record or reversal. ``minutes`` is the work that a record tells
    of, negative in its reversal and 0 in the others. Where the activity counts, ``used_delta``
    equals it; where it does not, both deltas are 0. ``work_date`` is the day of the work,
    ``posted_at`` that of the posting. ``reverses`` links a reversal to the one entry that it
    undoes, ``replaces`` the entry after it to the same one (rule L6).
    """

    id: Any = BigAutoField()
    account: Any = ForeignKeyField(Account, backref="entries", index=False)
    request: Any = ForeignKeyField(Request, null=True, backref="entries")
    kind: Any = CharField(max_length=20)
    work_date: Any = DateField()
    minutes: Any = IntegerField(default=0)
    used_delta: Any = IntegerField()
    reserved_delta: Any = IntegerField()
    posted_at: Any = InstantField()
    posted_by: Any = ForeignKeyField(Appointment, null=True, index=False)
    reverses: Any = ForeignKeyField("self", null=True, unique=True)
    reverses_id: int | None
    replaces: Any = ForeignKeyField("self", null=True, backref="replaced_by", unique=True)
    replaces_id: int | None
    supplement_state: (
        str | None
    )  # of the supplement that it posted, where whoever reads put it beside

    class Meta:
        table_name = "ledger_journal_entry"
        indexes = ((("account", "id"), False),)
        constraints = [
            Check(
                "kind IN ('agreement', 'release', 'record', 'reversal')",
                name="ledger_journal_entry_kind",
            ),
            Check(
                "(kind = 'reversal') = (reverses_id IS NOT NULL)",
                name="ledger_journal_entry_reversal",
            ),
            Check("used_delta = 0 OR used_delta = minutes", name="ledger_journal_entry_used"),
        ]
