"""The lockers of the vault."""

from peewee import CharField, TextField

from niwari.db import MigrationModel, is_postgresql


def up(migrator, db):
    class Locker(MigrationModel):
        id = CharField(max_length=64, primary_key=True)
        sealed = TextField()

        class Meta:
            table_name = "vault_locker"
            without_rowid = not is_postgresql()

    Locker.create_table(safe=False)
