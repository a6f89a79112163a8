"""A way of a request says whether it is the one there or the one back (rule L16)."""

from peewee import CharField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("ledger_request", "travel", CharField(max_length=5, null=True))
    )
