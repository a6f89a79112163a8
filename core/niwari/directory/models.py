"""The directory: regions, municipalities, sections, people and their dated appointments.

All date ranges are Tokyo days; ``starts_on`` and ``ends_on`` are both included, an empty
``ends_on`` means "until further notice". People, posts, sections and municipalities are never
deleted, only ended; a region or a membership that was a mistake is.
"""

from datetime import date
from typing import Any

from peewee import SQL, BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField

from niwari.db import InstantField, Model

FIRST_DAY = date(1889, 4, 1)
"""Since when a section is there of which nobody has said more: the day of the first towns."""

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
    into another ended on the day ``ends_on`` and names its ``successor``, which has not ended; its
    rows stay. One that was taken back, because it was made by mistake, has ended too and has a minus
    and its id for a code.
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


class Merger(Model):
    """That a municipality became part of another one, which it was not yet on ``last_day``.

    One row for each of those that it became part of one after the other, with all that were in it: of
    three in a row, the first has two.
    """

    former: Any = ForeignKeyField(Municipality, backref="+", index=False)
    successor: Any = ForeignKeyField(Municipality, backref="+")
    last_day: Any = DateField()

    class Meta:
        table_name = "directory_merger"
        indexes = ((("former", "successor"), True),)


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
    """A section (課・室・施設), which stays the same one when it is renamed or moved.

    ``parent``, ``name`` and ``path`` (the chain of names from the top, as ``総務部/人事課``) are those
    of its first day; a rename or move keeps later ones apart. ``section_name`` tells what it is
    called on a day.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="sections", index=False)
    municipality_id: int
    parent: Any = ForeignKeyField("self", null=True, backref="children")
    parent_id: int | None
    name: Any = CharField(max_length=100)
    path: Any = CharField(max_length=400)
    starts_on: Any = DateField(default=FIRST_DAY, constraints=[SQL(f"DEFAULT '{FIRST_DAY}'")])
    ends_on: Any = DateField(null=True)

    class Meta:
        table_name = "directory_section"
        indexes = ((("municipality", "path", "starts_on"), True),)


class SectionVersion(Model):
    """What a section is called, and where it stands, from a rename or move on.

    It holds until the next one; that of the last is open, also when the section has ended.
    """

    section: Any = ForeignKeyField(Section, backref="versions", index=False)
    section_id: int
    parent: Any = ForeignKeyField(Section, null=True, backref="+")
    parent_id: int | None
    name: Any = CharField(max_length=100)
    path: Any = CharField(max_length=400)
    starts_on: Any = DateField()
    ends_on: Any = DateField(null=True)

    class Meta:
        table_name = "directory_section_version"
        indexes = ((("section", "starts_on"), True),)


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

    ``title`` is what it is called (職名), or empty. ``stand_in_order`` is its rank among those who
    stand in for an absent head (代決): 1 comes first; ``None`` never does. ``start_said_at`` and
    ``end_said_at`` are when its beginning and its end were looked at for events (see ``movements``).
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
    title: Any = CharField(max_length=40, default="", constraints=[SQL("DEFAULT ''")])
    stand_in_order: Any = IntegerField(null=True)
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
            (("municipality", "stand_in_order"), False),
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
    section_id: int
    appointment: Any = ForeignKeyField(Appointment, backref="headships")
    starts_on: Any = DateField()
    ends_on: Any = DateField(null=True)

    class Meta:
        table_name = "directory_headship"
        indexes = ((("section", "starts_on"), True),)


class Delegation(Model):
    """Somebody who answers in the place of a section's head from one day to another.

    It holds while ``head``'s person is the head: a successor's is given anew. It ends at once where
    ``ended_at`` is set.
    """

    section: Any = ForeignKeyField(Section, backref="+", index=False)
    section_id: int
    appointment: Any = ForeignKeyField(Appointment, backref="+", index=False)
    appointment_id: int
    head: Any = ForeignKeyField(Appointment, backref="+", index=False)
    starts_on: Any = DateField()
    ends_on: Any = DateField()
    reason: Any = CharField(max_length=200)
    given_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    ended_at: Any = InstantField(null=True)

    class Meta:
        table_name = "directory_delegation"
        indexes = ((("section", "ends_on"), False), (("appointment", "ends_on"), False))
        constraints = [Check("ends_on >= starts_on", name="directory_delegation_dates")]


class Clerk(Model):
    """Who enters for others (庶務担当) in a section from a day on.

    It ends at once where ``ended_at`` is set. ``named_by`` is ``None`` where an import named it.
    """

    section: Any = ForeignKeyField(Section, backref="+", index=False)
    section_id: int
    appointment: Any = ForeignKeyField(Appointment, backref="+", index=False)
    appointment_id: int
    starts_on: Any = DateField()
    ends_on: Any = DateField(null=True)
    named_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    ended_at: Any = InstantField(null=True)

    class Meta:
        table_name = "directory_clerk"
        indexes = ((("section", "starts_on"), False), (("appointment", "starts_on"), False))
        constraints = [
            Check("ends_on IS NULL OR ends_on >= starts_on", name="directory_clerk_dates")
        ]


MODELS = (
    Region,
    Municipality,
    FormerCode,
    Merger,
    RegionMembership,
    Section,
    SectionVersion,
    Person,
    Appointment,
    Headship,
    Delegation,
    Clerk,
)


def on_day(model: Any, day: date) -> Any:
    """Return the condition that a dated row of ``model`` holds on ``day``."""
    return (model.starts_on <= day) & (model.ends_on.is_null() | (model.ends_on >= day))
