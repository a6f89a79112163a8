"""A request for 20% time knows the offer that it was asked for."""

from peewee import CharField, IntegerField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("ledger_request", "source_kind", CharField(max_length=80, null=True)),
        migrator.add_column("ledger_request", "source_id", IntegerField(null=True)),
        migrator.add_index("ledger_request", ("person_id", "source_kind", "source_id"), False),
    )
