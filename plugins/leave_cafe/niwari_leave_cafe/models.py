"""What is kept: experiences, who found one helpful, which rules a municipality has confirmed,
and of which its HR was told.

Nothing of what is typed to work dates out is here, nor anywhere else.
"""

from typing import Any

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from niwari.api import (
    MUNICIPALITY,
    REGION,
    Appointment,
    HidesAuthor,
    InstantField,
    Model,
    Municipality,
    Person,
    Shared,
)

AUDIENCES = (MUNICIPALITY, REGION)


class Experience(Shared, HidesAuthor):
    """What somebody learned from taking a kind of leave, with their name or without.

    ``scheme``, ``role`` and ``employment`` are codes of ``dates.schemes``; ``year`` is the fiscal year
    in which the leave began. ``thanks`` repeats how many marks there are, ``told`` of how many its
    author was told. ``posted_on`` is the day.
    """

    scheme: Any = CharField(max_length=30)
    role: Any = CharField(max_length=10)
    employment: Any = CharField(max_length=20)
    year: Any = IntegerField()
    headline: Any = CharField(max_length=80)
    applied: Any = TextField(default="")
    helped: Any = TextField(default="")
    otherwise: Any = TextField(default="")
    returned: Any = TextField(default="")
    thanks: Any = IntegerField(default=0)
    told: Any = IntegerField(default=0)
    posted_on: Any = DateField()

    class Meta:
        table_name = "leave_cafe_experience"
        # The newest of what one may see; the same by each filter.
        indexes = (
            (("scheme", "id"), False),
            (("role", "id"), False),
            (("employment", "id"), False),
            (("year", "id"), False),
            (("municipality", "posted_on"), False),
        )
        constraints = [
            Check("audience IN ('municipality', 'region')", name="leave_cafe_experience_audience"),
            Check("headline <> ''", name="leave_cafe_experience_headline"),
            Check("year BETWEEN 1990 AND 2100", name="leave_cafe_experience_year"),
            Check("thanks >= 0", name="leave_cafe_experience_thanks"),
            Check(
                "applied <> '' OR helped <> '' OR otherwise <> '' OR returned <> ''",
                name="leave_cafe_experience_words",
            ),
        ]


class Thanks(Model):
    """Somebody was helped by an experience. How many is shown, who is not."""

    experience_id: int
    experience: Any = ForeignKeyField(Experience, backref="+", index=False, on_delete="CASCADE")
    person: Any = ForeignKeyField(Person, backref="+")

    class Meta:
        table_name = "leave_cafe_thanks"
        indexes = ((("experience", "person"), True),)


class Confirmation(Model):
    """HR says that a version of a pack is what the municipality's own rules say.

    ``fingerprint`` is that of the version as it was read: one that was changed since is not
    confirmed. ``confirmed_by`` is null where that person's data were erased.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", unique=True)
    pack: Any = CharField(max_length=60)
    version: Any = CharField(max_length=60)
    fingerprint: Any = CharField(max_length=64)
    confirmed_by: Any = ForeignKeyField(Appointment, backref="+", null=True)
    confirmed_at: Any = InstantField()

    class Meta:
        table_name = "leave_cafe_confirmation"


class RulesTold(Model):
    """HR of a municipality was told that the version with this fingerprint waits for its word."""

    municipality: Any = ForeignKeyField(Municipality, backref="+", unique=True)
    fingerprint: Any = CharField(max_length=64)

    class Meta:
        table_name = "leave_cafe_rules_told"


MODELS = (Experience, Thanks, Confirmation, RulesTold)
