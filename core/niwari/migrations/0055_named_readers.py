"""Who sees the rows that are for named people alone."""

from peewee import AutoField, BooleanField, CharField, ForeignKeyField, IntegerField

from niwari.db import MigrationModel


def up(migrator, db):
    class Person(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_person"

    class Section(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_section"

    class NamedReader(MigrationModel):
        id = AutoField()
        kind = CharField(max_length=60)
        row_id = IntegerField()
        person = ForeignKeyField(Person, null=True, backref="+", index=False)
        section = ForeignKeyField(Section, null=True, backref="+", index=False)
        is_whole = BooleanField()

        class Meta:
            table_name = "directory_named_reader"
            indexes = (
                (("kind", "row_id"), False),
                (("person", "kind"), False),
                (("section", "kind"), False),
            )

    NamedReader.create_table(safe=False)
