"""The first table."""

from peewee import ForeignKeyField

from niwari.api import IdField, InstantField, MigrationModel


def up(migrator, db):
    class Appointment(MigrationModel):
        class Meta:
            table_name = "directory_appointment"

    class Knock(MigrationModel):
        id = IdField()
        appointment = ForeignKeyField(Appointment)
        at = InstantField()

        class Meta:
            table_name = "neighbour_knock"

    Knock.create_table(safe=False)
