"""Requests for 20% time, and their states."""

from enum import StrEnum
from typing import Any

from peewee import (
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.ledger.models.arrangements import Freeze
from niwari.ledger.models.standing import Standing


class State(StrEnum):
    """The states of a request (ledger.md, "States of a request")."""

    REQUESTED = "requested"
    AGREED = "agreed"
    PARTLY_AGREED = "partly_agreed"
    RETURNED = "returned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RECORDED = "recorded"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


AGREED_STATES = (State.AGREED, State.PARTLY_AGREED)
"""Those in which the minutes agreed to are reserved, and can be recorded."""

DISCREET_ACTIVITY = "general"
"""The class as which discreet ones show: 「学び・相談」, the default of all counting classes (L14)."""

PLACES = ("head_office", "branch", "home", "satellite", "other_municipality")


def _post() -> Any:
    """Return a column for the post in which somebody did something."""
    return ForeignKeyField(Appointment, null=True, backref="+", index=False)


class Request(Model):
    """A request for 20% time: an interval (``starts_at``, ``ends_at``) or a date and minutes.

    ``minutes`` are those asked for inside scheduled hours, ``agreed_minutes`` those agreed to.
    ``appointment`` and ``section`` are the main post at the time of asking. ``counts`` and
    ``discreet`` are the activity's at that time, so they outlive its plugin. ``decided_by`` is who
    answered, ``on_behalf_of`` the head in whose place (rule L9). ``form_key`` makes a double click
    one request, ``decision_key`` one answer. ``source_kind`` and ``source_id`` are the offer that it
    was asked for, a row of a plugin; a discreet class keeps none (rule L14).

    An oral OK (rule L1) has ``oral_by``, the post of the head who said yes at ``oral_at``, and what the
    head says of it: ``oral_answer`` is waiting, confirmed or denied, and null where there is none.
    ``after_fact`` was asked for when it was over. ``entered_by`` is the section clerk who entered it
    for the person, who may object (L9). ``standing`` is the agreement that it is an occurrence of (L12);
    of an ``allowance`` the minutes are a whole period's, and several records draw on them.
    ``reagree_since`` waits for the new head (L11). Revoked, suspended, cancelled and lapsed ones say
    when, by whom, in whose place and why: ``ended_at``, ``ended_by``, ``ended_for``, ``ended_reason``;
    ``freeze`` is what suspended it (L13). ``brought_home`` is what the person brought home, for the
    section. ``attended_at`` is when a host confirmed that the person was there (L14), and
    ``attended_minutes`` how long, where the host said so. ``travel_for`` is the request whose way this is
    (L16), ``travel`` is there or back, and ``ways`` are a request's own where they were locked or read
    with it. ``joint_with`` is the first of those asked for together (L23).
    ``reminded`` counts whom we reminded of it: the heads, then those who stand in (L20).
    ``reviewed_at`` is when the head saw what was answered in the head's place (後閲).
    """

    appointment: Any = ForeignKeyField(Appointment, backref="requests", index=False)
    appointment_id: int
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
    source_kind: Any = CharField(max_length=80, null=True)
    source_id: Any = IntegerField(null=True)
    agreed_minutes: Any = IntegerField(null=True)
    decided_by: Any = ForeignKeyField(Appointment, null=True, index=False)
    decided_by_id: int | None
    on_behalf_of: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    on_behalf_of_id: int | None
    decided_at: Any = InstantField(null=True)
    decision_note: Any = TextField(default="")
    decision_key: Any = CharField(max_length=36, null=True)
    oral_by: Any = _post()
    oral_by_id: int | None
    oral_at: Any = InstantField(null=True)
    oral_answer: Any = CharField(max_length=10, null=True)
    oral_answered_at: Any = InstantField(null=True)
    oral_answered_by: Any = _post()
    oral_answered_by_id: int | None
    after_fact: Any = BooleanField(default=False)
    entered_by: Any = _post()
    entered_by_id: int | None
    objected_at: Any = InstantField(null=True)
    objection: Any = TextField(default="")
    standing: Any = ForeignKeyField(Standing, null=True, backref="occurrences", index=False)
    standing_id: int | None
    allowance: Any = BooleanField(default=False)
    reagree_since: Any = DateField(null=True)
    ended_at: Any = InstantField(null=True)
    ended_by: Any = _post()
    ended_by_id: int | None
    ended_for: Any = _post()
    ended_for_id: int | None
    ended_reason: Any = TextField(default="")
    freeze: Any = ForeignKeyField(Freeze, null=True, backref="suspended", index=False)
    freeze_id: int | None
    brought_home: Any = TextField(default="")
    attended_at: Any = InstantField(null=True)
    attended_minutes: Any = IntegerField(null=True)
    travel_for: Any = ForeignKeyField("self", null=True, backref="+", index=False)
    travel_for_id: int | None
    travel: Any = CharField(max_length=5, null=True)
    ways: Any = ()  # no column
    joint_with: Any = ForeignKeyField("self", null=True, backref="joined", index=False)
    joint_with_id: int | None
    reminded: Any = IntegerField(default=0)
    reviewed_at: Any = InstantField(null=True)

    class Meta:
        table_name = "ledger_request"
        indexes = (
            (("person", "form_key"), True),
            (("person", "work_date"), False),
            (("municipality", "state", "section"), False),
            (("on_behalf_of", "decided_at"), False),
            (("person", "source_kind", "source_id"), False),
            (("source_kind", "source_id"), False),
            (("section", "work_date"), False),
            (("municipality", "work_date"), False),
            (("municipality", "oral_answer"), False),
            (("municipality", "reagree_since"), False),
            (("entered_by",), False),
            (("municipality", "objected_at"), False),
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
            Check(
                "oral_answer IS NULL OR oral_answer IN ('waiting', 'confirmed', 'denied')",
                name="ledger_request_oral_answer",
            ),
        ]

    @property
    def proposed_minutes(self) -> int:
        """The minutes to propose for the record: those agreed to, or fewer where the host said so."""
        agreed = int(self.agreed_minutes or self.minutes)
        return min(agreed, int(self.attended_minutes or agreed))


def _of_the_few(*fields: Any) -> Any:
    """Return the index of the rows that have the first of ``fields``.

    Where nearly all rows have null, SQLite's ANALYZE makes it read them all rather than an index of all.
    """
    return Request.index(*fields, where=fields[0].is_null(False))


for _fields in (
    (Request.standing, Request.work_date),
    (Request.freeze,),
    (Request.travel_for,),
    (Request.joint_with,),
):
    Request.add_index(_of_the_few(*_fields))
