"""Files of transfers that are sealed until their release; drafts of imports tell no name any more."""

from peewee import SQL, AutoField, CharField, Check, IntegerField, TextField

from niwari.db import InstantField, MigrationModel

MUNICIPALITY = SQL("REFERENCES directory_municipality (id)")
APPOINTMENT = SQL("REFERENCES directory_appointment (id)")


def up(migrator, db):
    class SealedTransfer(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField(constraints=[MUNICIPALITY])
        kept_by_id = IntegerField(constraints=[APPOINTMENT])
        kept_at = InstantField()
        release_at = InstantField()
        state = CharField(max_length=10)
        reason = CharField(max_length=10)
        name = TextField()
        content = TextField()
        closed_at = InstantField(null=True)
        added = IntegerField(null=True)
        changed = IntegerField(null=True)
        ended = IntegerField(null=True)

        class Meta:
            table_name = "directory_sealed_transfer"
            indexes = (
                (("municipality_id", "state", "id"), False),
                (("state", "release_at"), False),
            )
            constraints = [
                Check(
                    "state IN ('sealed', 'stuck') OR (state IN ('released', 'withdrawn') "
                    "AND name = '' AND content = '')",
                    name="directory_sealed_transfer_erased",
                ),
                Check(
                    "(state = 'released') = (added IS NOT NULL)",
                    name="directory_sealed_transfer_counted",
                ),
            ]

    SealedTransfer.create_table(safe=False)
    # They are kept for a day, and are sealed in another way from now on.
    db.execute_sql("DELETE FROM directory_import_draft")
    migrator.migrate(
        migrator.drop_column("directory_import_draft", "name"),
        migrator.drop_column("directory_import_draft", "digest"),
    )
