"""The index: what each shared row is found by, the days it is about, and what waits to be indexed."""

from typing import Any

from peewee import (
    SQL,
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
)

from niwari.db import BigIdField, InstantField, Model, database, is_postgresql
from niwari.directory.models import Municipality, Section

WORDS = "search_words"
"""SQLite's full-text table; on PostgreSQL the words are a column of ``search_entry``."""

_SQLITE = (
    # ASCII's tokenizer takes every other character for a letter, so that it depends on nobody's
    # table of letters: the tokens are ours, separated by spaces.
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5(scope, words, "
    "tokenize = \"ascii tokenchars '_:.'\", prefix = '1')",
)
_POSTGRESQL = (
    "ALTER TABLE search_entry ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_entry_words ON search_entry USING gin (words)",
    # Without it rare words are unknown to the planner, which then reads the entries one by one.
    "ALTER TABLE search_entry ALTER COLUMN words SET STATISTICS 2000",
)


class Changed(Model):
    """A row that somebody wrote, changed or removed, as a trigger of its table noted it.

    A row that could not be indexed is tried again at ``due_at``, some times.
    """

    id: Any = BigIdField()
    table_name: Any = CharField(max_length=63)
    row_id: Any = IntegerField()
    due_at: Any = InstantField(null=True)
    attempts: Any = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])

    class Meta:
        table_name = "search_changed"
        indexes = ((("due_at", "id"), False),)


class Entry(Model):
    """One row of a ``Resource`` in the index. It holds no text: that is asked of the row itself.

    ``position`` orders by ``shown_at`` and then by id, in one number. ``shown_at`` is the instant
    that the row is about, but never after ``seen_at``, when it was first indexed. ``hides_place``
    says that nobody may see whose municipality and section it is of.
    """

    kind: Any = CharField(max_length=60)
    row_id: Any = IntegerField()
    plugin: Any = CharField(max_length=30)
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    section: Any = ForeignKeyField(Section, backref="+", index=False)
    region_id: Any = IntegerField(null=True)
    audience: Any = CharField(max_length=20)
    hides_place: Any = BooleanField()
    position: Any = BigIntegerField(unique=True)
    shown_at: Any = InstantField()
    seen_at: Any = InstantField()

    class Meta:
        table_name = "search_entry"
        indexes = (
            (("kind", "row_id"), True),
            (("plugin",), False),
            (("region_id", "position"), False),
            (("municipality", "position"), False),
        )

    @classmethod
    def create_table(cls, safe: bool = True, **options: Any) -> None:
        """Make the table with the full-text structure of the engine."""
        super().create_table(safe, **options)
        for statement in _POSTGRESQL if is_postgresql() else _SQLITE:
            database.execute_sql(statement)


class FirstShared(Model):
    """When the index first met a row as shared with its whole region.

    It stays while the row does: also where the row is narrowed to its town, or its entry is away for
    some time, so that nothing counts as newly shared twice.
    """

    kind: Any = CharField(max_length=60)
    row_id: Any = IntegerField()
    plugin: Any = CharField(max_length=30)
    at: Any = InstantField()

    class Meta:
        table_name = "search_first_shared"
        indexes = ((("kind", "row_id"), True), (("plugin",), False), (("at",), False))


class EntryDate(Model):
    """A day or a stretch of days that an entry is about: Tokyo days, with instants where it has a time.

    The owner's municipality and region are repeated, so that a calendar reads one index.
    """

    entry: Any = ForeignKeyField(Entry, backref="+")
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    region_id: Any = IntegerField(null=True)
    day: Any = DateField()
    last_day: Any = DateField()
    starts_at: Any = InstantField(null=True)
    ends_at: Any = InstantField(null=True)

    class Meta:
        table_name = "search_date"
        indexes = (
            (("municipality", "day", "id", "last_day"), False),
            (("region_id", "day", "id", "last_day"), False),
        )


MODELS = (Changed, Entry, FirstShared, EntryDate)
