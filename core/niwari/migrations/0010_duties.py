"""Duties of sections and people, and the systems that municipalities use."""

from peewee import AutoField, BooleanField, CharField, DateField, ForeignKeyField

from niwari.db import MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class Section(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_section"

    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    class SectionDuty(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        section = ForeignKeyField(Section, index=False)
        duty = CharField(max_length=30)

        class Meta:
            table_name = "directory_section_duty"
            indexes = ((("section", "duty"), True), (("municipality", "duty"), False))

    class PersonDuty(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        appointment = ForeignKeyField(Appointment, index=False)
        duty = CharField(max_length=30)
        listed = BooleanField()
        since = DateField()

        class Meta:
            table_name = "directory_person_duty"
            indexes = ((("appointment", "duty"), True), (("municipality", "duty"), False))

    class MunicipalitySystem(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        name = CharField(max_length=60)
        key = CharField(max_length=240)

        class Meta:
            table_name = "directory_municipality_system"
            indexes = ((("municipality", "key"), True),)

    for model in (SectionDuty, PersonDuty, MunicipalitySystem):
        model.create_table(safe=False)
