"""What municipal IT was told of stays known while it lasts, so that it is told once."""

from peewee import AutoField, CharField, IntegerField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Trouble(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField()
        what = CharField(max_length=10)
        name = CharField(max_length=60)
        seen_at = InstantField()

        class Meta:
            table_name = "admin_trouble"
            indexes = ((("municipality_id", "what", "name"), True),)

    Trouble.create_table(safe=False)
