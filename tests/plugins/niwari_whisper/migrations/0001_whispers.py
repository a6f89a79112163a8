"""The first tables."""

from peewee import CharField, DateField, ForeignKeyField, IntegerField, TextField

from niwari.api import IdField, MigrationModel


class Municipality(MigrationModel):
    class Meta:
        table_name = "directory_municipality"


class Section(MigrationModel):
    class Meta:
        table_name = "directory_section"


class Appointment(MigrationModel):
    class Meta:
        table_name = "directory_appointment"


class Whisper(MigrationModel):
    id = IdField()
    municipality = ForeignKeyField(Municipality, backref="+", index=False)
    section = ForeignKeyField(Section, backref="+", index=False)
    region_id = IntegerField(null=True)
    audience = CharField(max_length=20)
    author = ForeignKeyField(Appointment, backref="+", null=True)
    key = CharField(max_length=36, unique=True)
    envelope = TextField()
    alias_letter = CharField(max_length=3)
    hidden_on = DateField(null=True)
    text = TextField()

    class Meta:
        table_name = "whisper_whisper"
        indexes = ((("region_id", "audience", "id"), False),)


class Echo(MigrationModel):
    id = IdField()
    author = ForeignKeyField(Appointment, backref="+", null=True)
    key = CharField(max_length=36, unique=True)
    envelope = TextField()
    alias_letter = CharField(max_length=3)
    hidden_on = DateField(null=True)
    whisper = ForeignKeyField(Whisper, backref="+")
    municipality = ForeignKeyField(Municipality, backref="+", index=False)
    text = TextField()

    class Meta:
        table_name = "whisper_echo"


def up(migrator, db):
    Whisper.create_table(safe=False)
    Echo.create_table(safe=False)
