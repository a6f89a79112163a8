"""Drafts of texts that somebody has not sent yet."""

from peewee import AutoField, CharField, DateField, ForeignKeyField, TextField

from niwari.db import MigrationModel


def up(migrator, db):
    class Person(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_person"

    class Draft(MigrationModel):
        id = AutoField()
        person = ForeignKeyField(Person, index=False)
        name = CharField(max_length=64)
        sealed = TextField()
        day = DateField(index=True)

        class Meta:
            table_name = "writing_draft"
            indexes = ((("person", "name"), True),)

    Draft.create_table(safe=False)
