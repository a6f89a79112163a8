"""What sections and towns say of themselves: profiles with questions and open days, practice sheets."""

from typing import Any

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from niwari.api import (
    Appointment,
    HidesAuthor,
    InstantField,
    Mode,
    Model,
    Municipality,
    Person,
    Section,
    Shared,
)

# backref="+": models of other plugins with the same name must not fight for one attribute.


def post() -> Any:
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
    changed_by: Any = post()
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


class OpenDay(Shared):
    """オープンカンパニーの日: when staff come and see a section, in the room or online (R-016).

    Its audience is always that of the section's profile. ``name`` is the section's at the last saving.
    ``place`` is empty online. Until the end of the Tokyo day ``closes_on``, and no later than the start,
    people take one of its ``seats``.
    """

    profile: Any = ForeignKeyField(SectionProfile, backref="+", index=False, on_delete="CASCADE")
    name: Any = CharField(max_length=200)
    text: Any = TextField()
    mode: Any = CharField(max_length=10)
    place: Any = CharField(max_length=80, default="")
    starts_at: Any = InstantField()
    ends_at: Any = InstantField()
    minutes: Any = IntegerField()
    seats: Any = IntegerField()
    closes_on: Any = DateField()
    changed_by: Any = post()
    changed_at: Any = InstantField()
    called_off_at: Any = InstantField(null=True)
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "mentoring_open_day"
        indexes = (
            (("starts_at", "id"), False),
            (("municipality", "starts_at", "id"), False),
            (("profile", "starts_at"), False),
        )
        constraints = [
            Check(
                "audience IN ('section', 'municipality', 'region')",
                name="mentoring_open_day_audience",
            ),
            Check(f"mode IN ('{Mode.ON_SITE}', '{Mode.ONLINE}')", name="mentoring_open_day_mode"),
            Check("text <> ''", name="mentoring_open_day_text"),
            Check("minutes BETWEEN 15 AND 480", name="mentoring_open_day_minutes"),
            Check("seats BETWEEN 1 AND 100", name="mentoring_open_day_seats"),
            Check("ends_at > starts_at", name="mentoring_open_day_times"),
        ]


class Seat(Model):
    """Somebody comes to an open day. Which request of the ledger asks for the time is not kept (L14).

    ``asked_start`` and ``asked_end`` are what the time was asked for: those of the day then.
    """

    open_day: Any = ForeignKeyField(OpenDay, backref="+", index=False, on_delete="CASCADE")
    person: Any = ForeignKeyField(Person, backref="+")
    appointment: Any = ForeignKeyField(Appointment, backref="+")
    asked_start: Any = InstantField()
    asked_end: Any = InstantField()

    class Meta:
        table_name = "mentoring_seat"
        indexes = ((("open_day", "person"), True),)


class Sheet(Shared):
    """How a municipality does something, by the items of a template; one of each (R-018).

    ``content`` is the JSON of the filled items. ``audience`` is the own town until it is shared.
    """

    template: Any = CharField(max_length=30)
    content: Any = TextField()
    version: Any = IntegerField(default=1)
    changed_by: Any = post()
    changed_at: Any = InstantField()

    class Meta:
        table_name = "mentoring_sheet"
        indexes = ((("municipality", "template"), True), (("template", "municipality"), False))
        constraints = [
            Check("audience IN ('municipality', 'region')", name="mentoring_sheet_audience")
        ]
