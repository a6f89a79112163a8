"""When a row was first shared with its whole region, which the digest calls new."""

from peewee import AutoField, CharField, IntegerField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class FirstShared(MigrationModel):
        id = AutoField()
        kind = CharField(max_length=60)
        row_id = IntegerField()
        plugin = CharField(max_length=30)
        at = InstantField()

        class Meta:
            table_name = "search_first_shared"
            indexes = ((("kind", "row_id"), True), (("plugin",), False), (("at",), False))

    FirstShared.create_table(safe=False)
    # Of what is there nothing else is known than when it was first indexed.
    db.execute_sql(
        "INSERT INTO search_first_shared (kind, row_id, plugin, at) "
        "SELECT kind, row_id, plugin, seen_at FROM search_entry "
        "WHERE audience = 'region' AND region_id IS NOT NULL ORDER BY seen_at, id"
    )
    migrator.migrate(migrator.drop_index("search_entry", "search_entry_region_id_position"))
