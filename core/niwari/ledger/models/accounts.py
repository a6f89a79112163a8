"""Rates, accounts, requests and the journal of the 20% rule."""

from enum import StrEnum
from typing import Any

from peewee import (
    BigAutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model, append_only
from niwari.directory.models import Appointment, Municipality, Person, Section


class State(StrEnum):
    """The states of a request that this version reaches (ledger.md, "States of a request")."""

    REQUESTED = "requested"
    AGREED = "agreed"
    PARTLY_AGREED = "partly_agreed"
    RETURNED = "returned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RECORDED = "recorded"


STANDING = (State.AGREED, State.PARTLY_AGREED)

DISCREET_ACTIVITY = "general"
"""The class as which discreet ones show: 「学び・相談」, the default of all counting classes (L14)."""

PLACES = ("head_office", "branch", "home", "satellite", "other_municipality")


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
    the last change. Whoever changes it holds its lock (ledger rule L2).
    """

    person: Any = ForeignKeyField(Person, backref="accounts", index=False)
    person_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="accounts", index=False)
    municipality_id: int
    starts_on: Any = DateField()
    ends_on: Any = DateField()
    base: Any = IntegerField()
    cap: Any = IntegerField()
    used: Any = IntegerField(default=0)
    reserved: Any = IntegerField(default=0)

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


class Request(Model):
    """A request for 20% time: an interval (``starts_at``, ``ends_at``) or a date and minutes.

    ``minutes`` are those asked for inside scheduled hours, ``agreed_minutes`` those agreed to.
    ``appointment`` and ``section`` are the main post at the time of asking. ``counts`` and
    ``discreet`` are the activity's at that time, so they outlive its plugin. ``decided_by`` is who
    answered, ``on_behalf_of`` the head in whose place (rule L9). ``form_key`` makes a double click
    one request, ``decision_key`` one answer.
    """

    appointment: Any = ForeignKeyField(Appointment, backref="requests", index=False)
    person: Any = ForeignKeyField(Person, backref="requests", index=False)
    person_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="requests", index=False)
    municipality_id: int
    section: Any = ForeignKeyField(Section, backref="requests", index=False)
    section_id: int
    entries: Any  # the journal rows, by JournalEntry.request's backref
    activity: Any = CharField(max_length=60)
    counts: Any = BooleanField(default=True)
    discreet: Any = BooleanField(default=False)
    purpose: Any = TextField()
    place: Any = CharField(max_length=30)
    work_date: Any = DateField()
    starts_at: Any = InstantField(null=True)
    ends_at: Any = InstantField(null=True)
    minutes: Any = IntegerField()
    state: Any = CharField(max_length=20)
    requested_at: Any = InstantField()
    form_key: Any = CharField(max_length=36)
    agreed_minutes: Any = IntegerField(null=True)
    decided_by: Any = ForeignKeyField(Appointment, null=True, index=False)
    decided_by_id: int | None
    on_behalf_of: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    on_behalf_of_id: int | None
    decided_at: Any = InstantField(null=True)
    decision_note: Any = TextField(default="")
    decision_key: Any = CharField(max_length=36, null=True)

    class Meta:
        table_name = "ledger_request"
        indexes = (
            (("person", "form_key"), True),
            (("person", "work_date"), False),
            (("municipality", "state", "section"), False),
            (("on_behalf_of", "decided_at"), False),
        )
        constraints = [
            Check("minutes > 0", name="ledger_request_minutes"),
            Check(
                "agreed_minutes IS NULL OR (agreed_minutes > 0 AND agreed_minutes <= minutes)",
                name="ledger_request_agreed_minutes",
            ),
            Check(
                "(starts_at IS NULL AND ends_at IS NULL) OR (starts_at < ends_at)",
                name="ledger_request_interval",
            ),
        ]


@append_only
class JournalEntry(Model):
    """One posting: how it moves used and reserved of one account, in minutes (ledger rule L6).

    ``kind`` is agreement, release, record or reversal. ``minutes`` is the work that a record tells
    of, negative in its reversal and 0 in the others. Where the activity counts, ``used_delta``
    equals it; where it does not, both deltas are 0. ``work_date`` is the day of the work,
    ``posted_at`` that of the posting. ``reverses`` links a reversal to the one entry that it
    undoes.
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
