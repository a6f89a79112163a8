"""What sections and people do, and the systems that a municipality uses.

Unlike the rest of the directory these rows are deleted: what somebody takes off the list is gone. A
duty is kept by its code; a code that the standard duties do not have any more is shown nowhere.
"""

from typing import Any

from peewee import BooleanField, CharField, DateField, ForeignKeyField

from niwari.db import Model
from niwari.directory.models import Appointment, Municipality, Section

LONGEST_SYSTEM = 60


class SectionDuty(Model):
    """A duty of a section, as imported."""

    # The municipality is the section's: with it a region's rows are found without all the others.
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    section: Any = ForeignKeyField(Section, backref="+", index=False)
    section_id: int
    duty: Any = CharField(max_length=30)

    class Meta:
        table_name = "directory_section_duty"
        indexes = ((("section", "duty"), True), (("municipality", "duty"), False))


class PersonDuty(Model):
    """A duty of a person in one post, as the person says; ``listed`` if its name may be shown.

    It goes with the post: whoever leaves it does the duty no more. ``since`` is the Tokyo day on
    which the person said so.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    appointment: Any = ForeignKeyField(Appointment, backref="+", index=False)
    appointment_id: int
    duty: Any = CharField(max_length=30)
    listed: Any = BooleanField(default=False)
    since: Any = DateField()

    class Meta:
        table_name = "directory_person_duty"
        indexes = ((("appointment", "duty"), True), (("municipality", "duty"), False))


class MunicipalitySystem(Model):
    """A system in use, as municipal IT writes it; ``key`` is the name as it is compared."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    name: Any = CharField(max_length=LONGEST_SYSTEM)
    key: Any = CharField(max_length=4 * LONGEST_SYSTEM)

    class Meta:
        table_name = "directory_municipality_system"
        indexes = ((("municipality", "key"), True),)


DUTY_MODELS = (SectionDuty, PersonDuty, MunicipalitySystem)
