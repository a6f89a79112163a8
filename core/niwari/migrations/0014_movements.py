"""Municipalities that were merged or renamed, and which movements of people were announced."""

from datetime import UTC, datetime

from peewee import AutoField, CharField, DateField, ForeignKeyField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class FormerCode(MigrationModel):
        id = AutoField()
        code = CharField(max_length=6, unique=True)
        name = CharField(max_length=50)
        municipality = ForeignKeyField(Municipality)
        ends_on = DateField()

        class Meta:
            table_name = "directory_former_code"

    class Appointment(MigrationModel):
        id = AutoField()
        starts_on = DateField()
        ends_on = DateField(null=True)
        start_said_at = InstantField(null=True)
        end_said_at = InstantField(null=True)

        class Meta:
            table_name = "directory_appointment"

    FormerCode.create_table(safe=False)
    migrator.migrate(
        migrator.add_column("directory_municipality", "ends_on", DateField(null=True)),
        migrator.add_column(
            "directory_municipality",
            "successor_id",
            ForeignKeyField(Municipality, field=Municipality.id, null=True),
        ),
        migrator.add_column("directory_appointment", "start_said_at", InstantField(null=True)),
        migrator.add_column("directory_appointment", "end_said_at", InstantField(null=True)),
        migrator.add_index("directory_appointment", ("start_said_at", "starts_on"), False),
        migrator.add_index("directory_appointment", ("end_said_at", "ends_on"), False),
    )
    # What began or ended before there were events is no news to anybody.
    now = datetime.now(UTC)
    with db.bind_ctx([Appointment]):
        Appointment.update(start_said_at=now).where(Appointment.starts_on <= now.date()).execute()
        Appointment.update(end_said_at=now).where(Appointment.ends_on < now.date()).execute()
