"""What was reported, by whom, and what moderators decided."""

from typing import Any

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality, Person
from niwari.host.checks.data import LONGEST_KIND

OPEN, KEPT, HELD, REVIEW, RELEASED = "open", "kept", "held", "review", "released"
WAITING = (OPEN, REVIEW)
NOT_SHOWN = (HELD, REVIEW)
TOWN, REGION_LEVEL = "town", "region"


class Case(Model):
    """One post that was reported: the row ``row_id`` of ``kind``, of the town ``municipality``.

    ``author`` is the post in which it was written, null where that is hidden (``is_hidden``) or not
    known. ``is_regional`` says that the whole region could read it; only then does the region decide,
    and only while the post is for the region still, or its author is hidden.
    ``level`` says who has it now: the town, or the region. ``state``: open, kept as it is, held back,
    in review (held back, and the author objected), released again. Each change of it is a ``turn``.
    The region sees an open case from the Tokyo day ``region_from``. ``objected_at`` is that of the
    one objection against the present holding back; of a hidden author it is the quarter of an hour.
    ``told_turn`` is the latest turn of which the worker told who may decide.
    """

    kind: Any = CharField(max_length=LONGEST_KIND)
    row_id: Any = IntegerField()
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    author: Any = ForeignKeyField(Appointment, backref="+", null=True)
    author_id: int | None
    is_hidden: Any = BooleanField()
    is_regional: Any = BooleanField()
    level: Any = CharField(max_length=10)
    state: Any = CharField(max_length=10)
    turn: Any = IntegerField(default=1)
    opened_at: Any = InstantField()
    region_from: Any = DateField(null=True)
    objected_at: Any = InstantField(null=True)
    objection: Any = TextField(default="")
    told_turn: Any = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])

    class Meta:
        table_name = "moderation_case"
        indexes = (
            (("kind", "row_id"), True),
            (("municipality", "state", "id"), False),
        )
        constraints = [
            Check("level IN ('town', 'region')", name="moderation_case_level"),
            Check(
                "state IN ('open', 'kept', 'held', 'review', 'released')",
                name="moderation_case_state",
            ),
            Check("NOT is_hidden OR author_id IS NULL", name="moderation_case_hidden"),
            Check("state <> 'review' OR objected_at IS NOT NULL", name="moderation_case_review"),
        ]


class Report(Model):
    """One person's report of a post, for the ``turn`` of the case that it opened or joined.

    ``municipality`` is the town in which the reporter acted, which moderators see; ``person`` is seen
    by nobody, and null once erased.
    """

    case: Any = ForeignKeyField(Case, backref="+", index=False)
    case_id: int
    turn: Any = IntegerField()
    person: Any = ForeignKeyField(Person, backref="+", null=True)
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    reason: Any = CharField(max_length=20)
    text: Any = TextField(default="")
    reported_at: Any = InstantField()

    class Meta:
        table_name = "moderation_report"
        indexes = ((("case", "turn", "person"), True),)


class Decision(Model):
    """What a moderator decided of a case in its ``turn``, why, and for the town or the region."""

    case: Any = ForeignKeyField(Case, backref="+", index=False)
    case_id: int
    turn: Any = IntegerField()
    outcome: Any = CharField(max_length=10)
    reason: Any = TextField()
    level: Any = CharField(max_length=10)
    decided_at: Any = InstantField()
    by: Any = ForeignKeyField(Appointment, backref="+")
    by_id: int

    class Meta:
        table_name = "moderation_decision"
        indexes = ((("case", "turn"), True),)
        constraints = [
            Check("outcome IN ('kept', 'held', 'released')", name="moderation_decision_outcome")
        ]


MODELS = (Case, Report, Decision)
