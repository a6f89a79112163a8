"""A table, unless told to fail."""

from niwari_crasher.switch import crash_at

from niwari.api import IdField, MigrationModel


def up(migrator, db):
    class Shard(MigrationModel):
        id = IdField()

        class Meta:
            table_name = "crasher_shard"

    Shard.create_table(safe=False)
    crash_at("migration")
