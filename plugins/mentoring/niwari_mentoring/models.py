"""Sections with their questions, practice sheets, and pairs of people who learn from each other."""

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

from niwari.api import (
    MUNICIPALITY,
    PEOPLE_OF_REGION,
    REGION,
    Appointment,
    HidesAuthor,
    InstantField,
    Model,
    Municipality,
    Person,
    Section,
    Shared,
)

ASKED, ACTIVE, DECLINED, WITHDRAWN, ENDED = "asked", "active", "declined", "withdrawn", "ended"
"""The states of a pair: asked for, going on, refused, taken back before the answer, over."""

AUDIENCES = (MUNICIPALITY, REGION)

# backref="+": models of other plugins with the same name must not fight for one attribute.


def _post() -> Any:
    """Return a column for the post in which somebody did something; erased, it is empty."""
    return ForeignKeyField(Appointment, null=True, backref="+")


class SectionProfile(Shared):
    """What a section says of itself, for people who would like to work there (R-016).

    One for each section; its people write it. ``name`` is the section's at the last saving, to be found
    by. ``shared_with`` is who reads it; while the head hides it, the audience is the section alone.
    ``version`` counts how often it was saved.
    """

    name: Any = CharField(max_length=200)
    headline: Any = CharField(max_length=80)
    work: Any = TextField()
    day: Any = TextField(default="")
    branches: Any = TextField(default="")
    preparing: Any = TextField(default="")
    shared_with: Any = CharField(max_length=20)
    version: Any = IntegerField(default=1)
    changed_by: Any = _post()
    changed_at: Any = InstantField()

    class Meta:
        table_name = "mentoring_section_profile"
        indexes = ((("section",), True), (("municipality", "id"), False))
        constraints = [
            Check(
                "audience IN ('section', 'municipality', 'region')",
                name="mentoring_section_profile_audience",
            ),
            Check(
                "shared_with IN ('municipality', 'region')",
                name="mentoring_section_profile_shared_with",
            ),
            Check("work <> ''", name="mentoring_section_profile_work"),
        ]


class Message(HidesAuthor):
    """A question to a section, or with ``question`` the answer of somebody who works there.

    ``municipality`` and ``section`` are its author's; of somebody hidden they are shown to nobody.
    Whoever sees the profile sees them.
    """

    profile: Any = ForeignKeyField(SectionProfile, backref="+", index=False, on_delete="CASCADE")
    question: Any = ForeignKeyField("self", null=True, backref="+", on_delete="CASCADE")
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    section: Any = ForeignKeyField(Section, backref="+", index=False)
    body: Any = TextField()
    said_at: Any = InstantField()

    class Meta:
        table_name = "mentoring_message"
        indexes = ((("profile", "id"), False),)
        constraints = [Check("body <> ''", name="mentoring_message_body")]


class Sheet(Shared):
    """How a municipality does something, by the items of a template; one of each (R-018).

    ``content`` is the JSON of the filled items. ``audience`` is the own town until it is shared.
    """

    template: Any = CharField(max_length=30)
    content: Any = TextField()
    version: Any = IntegerField(default=1)
    changed_by: Any = _post()
    changed_at: Any = InstantField()

    class Meta:
        table_name = "mentoring_sheet"
        indexes = ((("municipality", "template"), True), (("template", "municipality"), False))
        constraints = [
            Check("audience IN ('municipality', 'region')", name="mentoring_sheet_audience")
        ]


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

    asker: Any = _post()
    mentor: Any = _post()
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
    set_by: Any = _post()
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
    author: Any = _post()
    sealed: Any = TextField()
    written_at: Any = InstantField()
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "mentoring_note"
        indexes = ((("pair", "id"), False),)


MODELS = (SectionProfile, Message, Sheet, LearnerProfile, Pair, Meeting, AskedTime, Note)
