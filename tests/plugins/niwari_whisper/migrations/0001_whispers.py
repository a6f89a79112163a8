"""The first table."""

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from niwari.api import IdField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        class Meta:
            table_name = "directory_municipality"

    class Section(MigrationModel):
        class Meta:
            table_name = "directory_section"

    class Whisper(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, index=False)
        section = ForeignKeyField(Section, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        text = TextField()
        key = TextField(default="")
        envelope = TextField(default="")

        class Meta:
            table_name = "whisper_whisper"
            indexes = ((("region_id", "audience", "id"), False),)

    Whisper.create_table(safe=False)
