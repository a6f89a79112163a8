"""What people are found by."""

from typing import Any

from peewee import CompositeKey, ForeignKeyField, TextField

from niwari.db import Model, is_postgresql
from niwari.directory.models import Municipality, Person


class PersonText(Model):
    """A person's folded name and reading, once for each municipality of a post, whenever it is held.

    The rows of a municipality lie together, so that a search reads those of its region and no
    others: some thousands, whatever the size of the installation. ``text`` is that of ``text_of``.
    """

    id = None
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    person: Any = ForeignKeyField(Person, backref="+", index=False)
    text: Any = TextField()

    class Meta:
        table_name = "directory_person_text"
        primary_key = CompositeKey("municipality", "person")

    @classmethod
    def create_table(cls, safe: bool = True, **options: Any) -> None:
        """Make the table; SQLite keeps rows in the order of the key only where it is told so."""
        cls._meta.without_rowid = not is_postgresql()
        super().create_table(safe, **options)
