"""The index of what people share, and what waits to be indexed."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
)

from niwari.db import BigIdField, InstantField, MigrationModel, is_postgresql

SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5(scope, words, "
    "tokenize = \"ascii tokenchars '_:.'\", prefix = '1')",
)
POSTGRESQL = (
    "ALTER TABLE search_entry ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_entry_words ON search_entry USING gin (words)",
    "ALTER TABLE search_entry ALTER COLUMN words SET STATISTICS 2000",
)


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class Section(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_section"

    class Changed(MigrationModel):
        id = BigIdField()
        table_name = CharField(max_length=63)
        row_id = IntegerField()
        due_at = InstantField(null=True)
        attempts = IntegerField(constraints=[SQL("DEFAULT 0")])

        class Meta:
            table_name = "search_changed"
            indexes = ((("due_at", "id"), False),)

    class Entry(MigrationModel):
        id = AutoField()
        kind = CharField(max_length=60)
        row_id = IntegerField()
        plugin = CharField(max_length=30)
        municipality = ForeignKeyField(Municipality, backref="+", index=False)
        section = ForeignKeyField(Section, backref="+", index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        hides_place = BooleanField()
        position = BigIntegerField(unique=True)
        shown_at = InstantField()
        seen_at = InstantField()

        class Meta:
            table_name = "search_entry"
            indexes = ((("kind", "row_id"), True), (("plugin",), False))

    class EntryDate(MigrationModel):
        id = AutoField()
        entry = ForeignKeyField(Entry, backref="+")
        municipality = ForeignKeyField(Municipality, backref="+", index=False)
        region_id = IntegerField(null=True)
        day = DateField()
        last_day = DateField()
        starts_at = InstantField(null=True)
        ends_at = InstantField(null=True)

        class Meta:
            table_name = "search_date"
            indexes = (
                (("municipality", "day", "id", "last_day"), False),
                (("region_id", "day", "id", "last_day"), False),
            )

    for model in (Changed, Entry, EntryDate):
        model.create_table(safe=False)
    for statement in POSTGRESQL if is_postgresql() else SQLITE:
        db.execute_sql(statement)
