"""How long data are kept, and receipts of what was disposed of and erased."""

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class Person(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_person"

    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    class RetentionRule(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        plugin = CharField(max_length=30)
        category = CharField(max_length=30)
        years = IntegerField(null=True)
        looked_on = DateField(index=True)
        set_at = InstantField()
        set_by = ForeignKeyField(Appointment, index=False)

        class Meta:
            table_name = "stewardship_rule"
            indexes = ((("municipality", "plugin", "category"), True),)
            constraints = [Check("years BETWEEN 1 AND 30", name="stewardship_rule_years")]

    class Disposal(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        plugin = CharField(max_length=30)
        category = CharField(max_length=30)
        years = IntegerField()
        before = DateField()
        erased = IntegerField()
        redacted = IntegerField()
        at = InstantField()

        class Meta:
            table_name = "stewardship_disposal"
            indexes = ((("municipality", "id"), False),)

    class Erasure(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        person = ForeignKeyField(Person, index=False)
        plugin = CharField(max_length=30)
        erased = IntegerField(default=0)
        redacted = IntegerField(default=0)
        kept = IntegerField(default=0)
        reason_ja = TextField(default="")
        reason_en = TextField(default="")
        failed = BooleanField(default=False)
        at = InstantField()
        by = ForeignKeyField(Appointment, index=False)
        form_key = CharField(max_length=36)

        class Meta:
            table_name = "stewardship_erasure"
            indexes = (
                (("municipality", "person", "id"), False),
                (("form_key", "plugin", "failed"), False),
            )

    for model in (RetentionRule, Disposal, Erasure):
        model.create_table(safe=False)
