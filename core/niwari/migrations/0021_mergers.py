"""When a municipality became part of which others, one after the other."""

from peewee import AutoField, DateField, ForeignKeyField

from niwari.db import MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class Merger(MigrationModel):
        id = AutoField()
        former = ForeignKeyField(Municipality, index=False)
        successor = ForeignKeyField(Municipality)
        last_day = DateField()

        class Meta:
            table_name = "directory_merger"
            indexes = ((("former", "successor"), True),)

    Merger.create_table(safe=False)
    # Where there were two mergers in a row, only the last successor is known: the day is the first's.
    db.execute_sql(
        "INSERT INTO directory_merger (former_id, successor_id, last_day) "
        "SELECT id, successor_id, ends_on FROM directory_municipality "
        "WHERE successor_id IS NOT NULL ORDER BY id"
    )
