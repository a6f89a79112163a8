"""The hidden author of a row can be paused, and nobody learns who it is."""

from peewee import CharField, DateField, IntegerField, TextField

from niwari.db import MigrationModel, is_postgresql


def up(migrator, db):
    class Pause(MigrationModel):
        id = CharField(max_length=36, primary_key=True)
        kind = CharField(max_length=60)
        row_id = IntegerField()
        sealed = TextField()
        last_day = DateField(index=True)

        class Meta:
            table_name = "vault_pause"
            without_rowid = not is_postgresql()
            indexes = ((("kind", "row_id"), True),)

    Pause.create_table(safe=False)
