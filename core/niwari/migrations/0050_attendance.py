"""How long somebody was there as a host says, and the requests of one offer."""

from peewee import IntegerField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("ledger_request", "attended_minutes", IntegerField(null=True)),
        migrator.add_index("ledger_request", ("source_kind", "source_id"), False),
    )
