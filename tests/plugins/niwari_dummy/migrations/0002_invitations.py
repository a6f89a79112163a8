"""Invitations and seats."""

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField

from niwari.api import IdField, InstantField, MigrationModel


class Note(MigrationModel):
    class Meta:
        table_name = "dummy_note"


class Appointment(MigrationModel):
    class Meta:
        table_name = "directory_appointment"


class Invitation(MigrationModel):
    id = IdField()
    note = ForeignKeyField(Note, backref="+", unique=True, on_delete="CASCADE")
    verb = CharField(max_length=10)
    modes = CharField(max_length=20)
    place = CharField(max_length=80)
    starts_at = InstantField(index=True, null=True)
    ends_at = InstantField(null=True)
    minutes = IntegerField()
    seats = IntegerField()

    class Meta:
        table_name = "dummy_invitation"


class Seat(MigrationModel):
    id = IdField()
    note = ForeignKeyField(Note, backref="+", index=False, on_delete="CASCADE")
    holder = ForeignKeyField(Appointment, backref="+")
    mode = CharField(max_length=10)
    request_id = IntegerField(null=True, unique=True)
    is_fixed = BooleanField()

    class Meta:
        table_name = "dummy_seat"
        indexes = ((("note", "holder"), True),)


def up(migrator, db):
    db.create_tables([Invitation, Seat])


def down(migrator, db):
    db.drop_tables([Seat, Invitation])
