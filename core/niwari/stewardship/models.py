"""How long a municipality keeps what its features know of people, and what was erased."""

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

from niwari.db import InstantField, Model, append_only
from niwari.directory.models import Appointment, Municipality, Person


class RetentionRule(Model):
    """After how many ``years`` a category of a plugin is disposed of; without years it is kept.

    ``looked_on`` is the Tokyo day on which it was last done, or on which the rule was set: what is
    set today begins tomorrow.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    plugin: Any = CharField(max_length=30)
    category: Any = CharField(max_length=30)
    years: Any = IntegerField(null=True)
    looked_on: Any = DateField(index=True)
    set_at: Any = InstantField()
    set_by: Any = ForeignKeyField(Appointment, backref="+", index=False)

    class Meta:
        table_name = "stewardship_rule"
        indexes = ((("municipality", "plugin", "category"), True),)
        constraints = [Check("years BETWEEN 1 AND 30", name="stewardship_rule_years")]


@append_only
class Disposal(Model):
    """A disposal record (廃棄記録): what was removed because its time was over. Nobody is named.

    ``before`` is the first Tokyo day that was kept.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    plugin: Any = CharField(max_length=30)
    category: Any = CharField(max_length=30)
    years: Any = IntegerField()
    before: Any = DateField()
    erased: Any = IntegerField()
    redacted: Any = IntegerField()
    at: Any = InstantField()

    class Meta:
        table_name = "stewardship_disposal"
        indexes = ((("municipality", "id"), False),)


@append_only
class Erasure(Model):
    """The receipt of one area or plugin for erasing somebody's data in one municipality.

    ``reason_ja`` and ``reason_en`` say why ``kept`` rows remain; ``failed`` that nothing was
    changed. ``form_key`` is that of the form that was sent: sent again, what is done is done.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    person: Any = ForeignKeyField(Person, backref="+", index=False)
    plugin: Any = CharField(max_length=30)
    erased: Any = IntegerField(default=0)
    redacted: Any = IntegerField(default=0)
    kept: Any = IntegerField(default=0)
    reason_ja: Any = TextField(default="")
    reason_en: Any = TextField(default="")
    failed: Any = BooleanField(default=False)
    at: Any = InstantField()
    by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    form_key: Any = CharField(max_length=36)

    class Meta:
        table_name = "stewardship_erasure"
        indexes = (
            (("municipality", "person", "id"), False),
            (("form_key", "plugin", "failed"), False),
        )


MODELS = (RetentionRule, Disposal, Erasure)
