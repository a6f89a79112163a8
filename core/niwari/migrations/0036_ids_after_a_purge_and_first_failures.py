"""What purged tables had counted to; when a delivery first failed; no envelope is kept for nothing."""

from peewee import AutoField, BigIntegerField, CharField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class DroppedTable(MigrationModel):
        id = AutoField()
        name = CharField(max_length=63, unique=True)
        highest = BigIntegerField()

        class Meta:
            table_name = "host_dropped_table"

    DroppedTable.create_table(safe=False)
    migrator.migrate(
        migrator.add_column("notices_delivery", "failing_since", InstantField(null=True))
    )
    # What has failed before is taken to have done so from the start.
    db.execute_sql(
        "UPDATE notices_delivery SET failing_since = since "
        "WHERE state = 'pending' AND attempts > 0"
    )
    db.execute_sql(
        "UPDATE notices_hidden SET envelope = '' WHERE NOT EXISTS "
        "(SELECT 1 FROM notices_delivery d WHERE d.hidden_id = notices_hidden.id)"
    )
