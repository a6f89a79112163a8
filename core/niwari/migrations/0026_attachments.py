"""Files that belong to rows."""

from peewee import AutoField, CharField, Check, DateField, ForeignKeyField, IntegerField

from niwari.db import IdField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    class Attachment(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, index=False)
        kind = CharField(max_length=80)
        row_id = IntegerField(null=True)
        position = IntegerField()
        state = CharField(max_length=10)
        holder = CharField(max_length=64, null=True, index=True)
        file = CharField(max_length=32, unique=True)
        name = CharField(max_length=100)
        media_type = CharField(max_length=100)
        size = IntegerField()
        stored = IntegerField()
        sha256 = CharField(max_length=64)
        alt = CharField(max_length=200)
        width = IntegerField(null=True)
        height = IntegerField(null=True)
        thumbs = CharField(max_length=20)
        added_on = DateField()
        added_by = ForeignKeyField(Appointment, null=True)

        class Meta:
            table_name = "files_attachment"
            indexes = (
                (("kind", "row_id", "position"), False),
                (("municipality", "stored"), False),
                (("state", "added_on"), False),
            )
            constraints = [
                Check("state IN ('draft', 'kept', 'removed')", name="files_attachment_state"),
                Check("state <> 'kept' OR row_id IS NOT NULL", name="files_attachment_row"),
            ]

    Attachment.create_table(safe=False)
