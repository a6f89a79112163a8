"""The first table: a frozen copy of what the model was on its day."""

from peewee import CharField, ForeignKeyField

from niwari.api import IdField, InstantField, MigrationModel


class Municipality(MigrationModel):
    class Meta:
        table_name = "directory_municipality"


class Appointment(MigrationModel):
    class Meta:
        table_name = "directory_appointment"


class Item(MigrationModel):
    id = IdField()
    municipality = ForeignKeyField(Municipality, backref="+")
    lender = ForeignKeyField(Appointment, backref="+")
    name = CharField(max_length=60)
    offered_at = InstantField()

    class Meta:
        table_name = "lending_item"


def up(migrator, db):
    Item.create_table(safe=False)
