"""People who learn from each other: what they offer, their pairs with meetings and notes."""

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

from niwari.api import PEOPLE_OF_REGION, Appointment, InstantField, Model, Person, Shared
from niwari_mentoring.models.sections import post

ASKED, ACTIVE, DECLINED, WITHDRAWN, ENDED = "asked", "active", "declined", "withdrawn", "ended"
"""The states of a pair: asked for, going on, refused, taken back before the answer, over."""


class LearnerProfile(Shared):
    """What somebody offers to others and seeks from them (R-017); one for each person.

    ``capacity`` is how many people they accompany at a time. One that was taken off the list is for its
    person alone.
    """

    person: Any = ForeignKeyField(Person, backref="+", unique=True)
    author: Any = ForeignKeyField(Appointment, backref="+")
    field: Any = CharField(max_length=30)
    offers: Any = TextField(default="")
    seeks: Any = TextField(default="")
    capacity: Any = IntegerField()
    times: Any = CharField(max_length=120, default="")
    minutes: Any = IntegerField()
    is_offering: Any = BooleanField()
    is_seeking: Any = BooleanField()
    changed_at: Any = InstantField()

    class Meta:
        table_name = "mentoring_learner_profile"
        # The newest of what one may see; the same by each filter.
        indexes = (
            (("changed_at", "id"), False),
            (("field", "changed_at", "id"), False),
            (("municipality", "changed_at", "id"), False),
            (("is_offering", "changed_at", "id"), False),
            (("is_seeking", "changed_at", "id"), False),
        )
        constraints = [
            Check(
                f"audience IN ('municipality', 'region', '{PEOPLE_OF_REGION}')",
                name="mentoring_learner_audience",
            ),
            Check("capacity BETWEEN 0 AND 5", name="mentoring_learner_capacity"),
            Check("minutes BETWEEN 15 AND 240", name="mentoring_learner_minutes"),
            Check("is_offering OR is_seeking", name="mentoring_learner_words"),
        ]


class Pair(Shared):
    """Two people of whom ``asker`` asked ``mentor`` to accompany them; for the two alone.

    It goes on from the acceptance to ``ends_on``, at most the end of the fiscal year. ``reply`` are the
    words with which it was accepted or declined. A post is empty where that person's data were erased.
    """

    asker: Any = post()
    mentor: Any = post()
    theme: Any = CharField(max_length=80)
    message: Any = TextField()
    reply: Any = TextField(default="")
    state: Any = CharField(max_length=10, default=ASKED)
    ends_on: Any = DateField()
    asked_at: Any = InstantField()
    answered_at: Any = InstantField(null=True)
    ended_at: Any = InstantField(null=True)
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "mentoring_pair"
        indexes = ((("municipality", "state", "ends_on"), False),)
        constraints = [
            Check(f"audience = '{PEOPLE_OF_REGION}'", name="mentoring_pair_audience"),
            Check(
                "state IN ('asked', 'active', 'declined', 'withdrawn', 'ended')",
                name="mentoring_pair_state",
            ),
            Check(
                "state NOT IN ('active', 'declined') OR answered_at IS NOT NULL",
                name="mentoring_pair_answered",
            ),
        ]


class Meeting(Shared):
    """A time at which the two of a pair meet; in the calendars of both, and of nobody else."""

    pair: Any = ForeignKeyField(Pair, backref="+", index=False, on_delete="CASCADE")
    topic: Any = CharField(max_length=80)
    place: Any = CharField(max_length=80, default="")
    starts_at: Any = InstantField()
    ends_at: Any = InstantField()
    set_by: Any = post()
    called_off_at: Any = InstantField(null=True)
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "mentoring_meeting"
        indexes = ((("pair", "starts_at"), False),)
        constraints = [
            Check(f"audience = '{PEOPLE_OF_REGION}'", name="mentoring_meeting_audience"),
            Check("ends_at > starts_at", name="mentoring_meeting_times"),
        ]


class AskedTime(Model):
    """Somebody asked the own head for the time of a meeting. Which request it was is not kept (L14)."""

    meeting: Any = ForeignKeyField(Meeting, backref="+", index=False, on_delete="CASCADE")
    person: Any = ForeignKeyField(Person, backref="+")

    class Meta:
        table_name = "mentoring_asked_time"
        indexes = ((("meeting", "person"), True),)


class Note(Model):
    """A note of a pair, for the two alone: ``sealed`` are its words, sealed by the installation's key."""

    pair: Any = ForeignKeyField(Pair, backref="+", index=False, on_delete="CASCADE")
    author: Any = post()
    sealed: Any = TextField()
    written_at: Any = InstantField()
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "mentoring_note"
        indexes = ((("pair", "id"), False),)
