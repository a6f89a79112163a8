"""A case knows of which of its turns the worker has told those who may decide."""

from peewee import SQL, IntegerField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column(
            "moderation_case",
            "told_turn",
            IntegerField(default=0, constraints=[SQL("DEFAULT 0")]),
        ),
    )
