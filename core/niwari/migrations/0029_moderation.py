"""What is held back, what was reported, and what moderators decided."""

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

    class HeldPost(MigrationModel):
        id = AutoField()
        kind = CharField(max_length=60)
        row_id = IntegerField()
        since = InstantField()

        class Meta:
            table_name = "directory_held_post"
            indexes = ((("kind", "row_id"), True),)

    class Case(MigrationModel):
        id = AutoField()
        kind = CharField(max_length=60)
        row_id = IntegerField()
        municipality = ForeignKeyField(Municipality, index=False)
        author = ForeignKeyField(Appointment, null=True)
        is_hidden = BooleanField()
        is_regional = BooleanField()
        level = CharField(max_length=10)
        state = CharField(max_length=10)
        turn = IntegerField(default=1)
        opened_at = InstantField()
        region_from = DateField(null=True)
        objected_at = InstantField(null=True)
        objection = TextField(default="")

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
                Check(
                    "state <> 'review' OR objected_at IS NOT NULL", name="moderation_case_review"
                ),
            ]

    class Report(MigrationModel):
        id = AutoField()
        case = ForeignKeyField(Case, index=False)
        turn = IntegerField()
        person = ForeignKeyField(Person, null=True)
        municipality = ForeignKeyField(Municipality, index=False)
        reason = CharField(max_length=20)
        text = TextField(default="")
        reported_at = InstantField()

        class Meta:
            table_name = "moderation_report"
            indexes = ((("case", "turn", "person"), True),)

    class Decision(MigrationModel):
        id = AutoField()
        case = ForeignKeyField(Case, index=False)
        turn = IntegerField()
        outcome = CharField(max_length=10)
        reason = TextField()
        level = CharField(max_length=10)
        decided_at = InstantField()
        by = ForeignKeyField(Appointment)

        class Meta:
            table_name = "moderation_decision"
            indexes = ((("case", "turn"), True),)
            constraints = [
                Check("outcome IN ('kept', 'held', 'released')", name="moderation_decision_outcome")
            ]

    for model in (HeldPost, Case, Report, Decision):
        model.create_table(safe=False)
