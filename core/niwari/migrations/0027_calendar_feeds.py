"""Addresses under which calendar programs fetch a person's own calendar."""

from peewee import AutoField, CharField, ForeignKeyField

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

    class Feed(MigrationModel):
        id = AutoField()
        person = ForeignKeyField(Person)
        municipality = ForeignKeyField(Municipality, index=False)
        token_hash = CharField(max_length=64, unique=True)
        locale = CharField(max_length=2)
        issuer = CharField(max_length=200)
        made_at = InstantField()
        read_at = InstantField(null=True)

        class Meta:
            table_name = "calendar_feed"
            indexes = ((("municipality", "person"), True),)

    Feed.create_table(safe=False)
