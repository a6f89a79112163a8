"""The first tables of leave_cafe."""

from peewee import CharField, ForeignKeyField

from niwari.api import IdField, InstantField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        class Meta:
            table_name = 'directory_municipality'

    class Appointment(MigrationModel):
        class Meta:
            table_name = 'directory_appointment'

    class Confirmation(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, unique=True)
        pack = CharField(max_length=60)
        version = CharField(max_length=60)
        fingerprint = CharField(max_length=64)
        confirmed_by = ForeignKeyField(Appointment, null=True)
        confirmed_at = InstantField()

        class Meta:
            table_name = 'leave_cafe_confirmation'

    for model in (Confirmation,):
        model.create_table(safe=False)
