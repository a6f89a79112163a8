"""A standing agreement keeps what could not be held when it was agreed to."""

from peewee import SQL, TextField


def up(migrator, db):
    # With a default of the database, so that no table is rebuilt.
    left_out = TextField(constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column("ledger_standing", "left_out", left_out, allow_not_null=True)
    )
