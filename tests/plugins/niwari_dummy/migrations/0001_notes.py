"""Notes, replies, tallies."""

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from niwari.api import IdField, InstantField, MigrationModel


class Municipality(MigrationModel):
    class Meta:
        table_name = "directory_municipality"


class Section(MigrationModel):
    class Meta:
        table_name = "directory_section"


class Appointment(MigrationModel):
    class Meta:
        table_name = "directory_appointment"


class Note(MigrationModel):
    id = IdField()
    municipality = ForeignKeyField(Municipality, backref="+", index=False)
    section = ForeignKeyField(Section, backref="+", index=False)
    region_id = IntegerField(null=True)
    audience = CharField(max_length=20)
    author = ForeignKeyField(Appointment, backref="+")
    title = CharField(max_length=80)
    body = TextField()
    written_at = InstantField()
    form_key = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "dummy_note"
        indexes = ((("region_id", "audience", "id"), False), (("municipality", "id"), False))


class Reply(MigrationModel):
    id = IdField()
    note = ForeignKeyField(Note, backref="+", index=False)
    author = ForeignKeyField(Appointment, backref="+")
    body = TextField()
    form_key = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "dummy_reply"
        indexes = ((("note", "id"), False),)


class Tally(MigrationModel):
    id = IdField()
    municipality = ForeignKeyField(Municipality, backref="+", unique=True)
    notes = IntegerField()
    greeted = IntegerField()

    class Meta:
        table_name = "dummy_tally"


def up(migrator, db):
    db.create_tables([Note, Reply, Tally])


def down(migrator, db):
    db.drop_tables([Tally, Reply, Note])
