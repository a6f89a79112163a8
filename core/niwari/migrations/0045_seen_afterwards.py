"""When a head saw what was answered in the head's place (後閲)."""

from niwari.db import InstantField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("ledger_request", "reviewed_at", InstantField(null=True)),
    )
