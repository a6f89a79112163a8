"""On which device a session was opened."""

from peewee import CharField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("identity_session", "device", CharField(max_length=60, null=True)),
    )
