"""Whom we reminded of a standing agreement that waits: the heads, then those who stand in (L20)."""

from peewee import SQL, IntegerField


def up(migrator, db):
    # With a default of the database, so that no table is rebuilt.
    reminded = IntegerField(constraints=[SQL("DEFAULT 0")])
    migrator.migrate(
        migrator.add_column("ledger_standing", "reminded", reminded, allow_not_null=True)
    )
