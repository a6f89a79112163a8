"""A correction knows which record it is about: of an allowance there are several."""

from peewee import BigAutoField, ForeignKeyField

from niwari.db import MigrationModel


def up(migrator, db):
    class JournalEntry(MigrationModel):
        id = BigAutoField()

        class Meta:
            table_name = "ledger_journal_entry"

    migrator.migrate(
        migrator.add_column(
            "ledger_correction",
            "original_id",
            ForeignKeyField(JournalEntry, field=JournalEntry.id, null=True, index=False),
        ),
    )
