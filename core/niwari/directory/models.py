"""The directory: regions, municipalities, sections, people and their dated appointments.

All date ranges are Tokyo days; ``starts_on`` and ``ends_on`` are both included, an empty
``ends_on`` means "until further notice". Nothing here is ever deleted, only ended.
"""

from datetime import date
from typing import Any

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField

from niwari.db import InstantField, Model

EMPLOYMENTS = ("full_time", "short_time", "fiscal_year", "reappointed")


class Region(Model):
    """A group of neighbouring municipalities that share one Niwari."""

    code: Any = CharField(max_length=30, unique=True)
    name: Any = CharField(max_length=100)

    class Meta:
        table_name = "directory_region"


class Municipality(Model):
    """A municipality by its six-digit code (JIS X 0402 with check digit).

    ``revision`` grows with every change of its features, role map or settings. One that was merged
    into another ended on the day ``ends_on`` and names its ``successor``; its rows stay.
    """

    code: Any = CharField(max_length=6, unique=True)
    name: Any = CharField(max_length=50)
    kana: Any = CharField(max_length=100, default="")
    kind: Any = CharField(max_length=20)
    revision: Any = IntegerField(default=1)
    ends_on: Any = DateField(null=True)
    successor: Any = ForeignKeyField("self", null=True, backref="+")
    successor_id: int | None

    class Meta:
        table_name = "directory_municipality"


class FormerCode(Model):
    """A code that a municipality had, up to and including ``ends_on``, with its name of that time."""

    code: Any = CharField(max_length=6, unique=True)
    name: Any = CharField(max_length=50)
    municipality: Any = ForeignKeyField(Municipality, backref="former_codes")
    ends_on: Any = DateField()

    class Meta:
        table_name = "directory_former_code"


class RegionMembership(Model):
    """A municipality's membership of a region, dated."""

    region: Any = ForeignKeyField(Region, backref="memberships", index=False)
    region_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="memberships")
    municipality_id: int
    starts_on: Any = DateField()
    ends_on: Any = DateField(null=True)

    class Meta:
        table_name = "directory_region_membership"
        indexes = ((("region", "municipality", "starts_on"), True),)


class Section(Model):
    """A section (課・室・施設). ``path`` is the chain of names from the top, as ``総務部/人事課``."""

    municipality: Any = ForeignKeyField(Municipality, backref="sections", index=False)
    parent: Any = ForeignKeyField("self", null=True, backref="children")
    name: Any = CharField(max_length=100)
    path: Any = CharField(max_length=400)

    class Meta:
        table_name = "directory_section"
        indexes = ((("municipality", "path"), True),)


class Person(Model):
    """A member of staff. ``login`` is unique in the installation; ``email`` may be empty."""

    login: Any = CharField(max_length=200, unique=True)
    name: Any = CharField(max_length=100)
    kana: Any = CharField(max_length=200, default="", index=True)
    email: Any = CharField(max_length=254, default="", index=True)

    class Meta:
        table_name = "directory_person"


class Appointment(Model):
    """A person's post in a section, dated. Concurrent posts (兼務・併任) are separate rows.

    ``start_said_at`` and ``end_said_at`` are when its beginning and its end were looked at for events
    (see ``movements``).
    """

    person: Any = ForeignKeyField(Person, backref="appointments")
    person_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="appointments", index=False)
    municipality_id: int
    section: Any = ForeignKeyField(Section, backref="appointments")
    section_id: int
    employment: Any = CharField(max_length=20)
    starts_on: Any = DateField()
    ends_on: Any = DateField(null=True)
    is_main: Any = BooleanField(default=True)
    start_said_at: Any = InstantField(null=True)
    end_said_at: Any = InstantField(null=True)

    class Meta:
        table_name = "directory_appointment"
        indexes = (
            (("municipality", "starts_on"), False),
            (("municipality", "id"), False),
            (("person", "starts_on"), False),
            (("start_said_at", "starts_on"), False),
            (("end_said_at", "ends_on"), False),
            (("ends_on",), False),
        )
        constraints = [
            Check(
                "employment IN ('full_time', 'short_time', 'fiscal_year', 'reappointed')",
                name="directory_appointment_employment",
            ),
            Check("ends_on IS NULL OR ends_on >= starts_on", name="directory_appointment_dates"),
        ]


class Headship(Model):
    """Who is head (所属長) of a section from a day on."""

    section: Any = ForeignKeyField(Section, backref="headships", index=False)
    appointment: Any = ForeignKeyField(Appointment, backref="headships")
    starts_on: Any = DateField()
    ends_on: Any = DateField(null=True)

    class Meta:
        table_name = "directory_headship"
        indexes = ((("section", "starts_on"), True),)


MODELS = (
    Region,
    Municipality,
    FormerCode,
    RegionMembership,
    Section,
    Person,
    Appointment,
    Headship,
)


def on_day(model: Any, day: date) -> Any:
    """Return the condition that a dated row of ``model`` holds on ``day``."""
    return (model.starts_on <= day) & (model.ends_on.is_null() | (model.ends_on >= day))
