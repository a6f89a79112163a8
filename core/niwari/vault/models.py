"""The vault's one table."""

from typing import Any

from peewee import CharField, IntegerField, TextField

from niwari.db import Model, is_postgresql


class Locker(Model):
    """What one person wrote anonymously: kinds and ids, sealed and padded.

    ``id`` is the keyed name of the person, or chance where the locker is nobody's. Those on one
    ``shelf`` are always sealed anew together, so that none of them shows that it grew. There is no
    column of time and none that refers to anything; on SQLite the rows lie by name, not in the order
    in which they were made.
    """

    id: Any = CharField(max_length=64, primary_key=True)
    shelf: Any = IntegerField(index=True)
    sealed: Any = TextField()

    class Meta:
        table_name = "vault_locker"

    @classmethod
    def create_table(cls, safe: bool = True, **options: Any) -> None:
        """Make the table; SQLite numbers its rows as they come unless it is told not to."""
        cls._meta.without_rowid = not is_postgresql()
        super().create_table(safe, **options)


MODELS = (Locker,)
