"""The first table."""

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField

from niwari.api import IdField, InstantField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        class Meta:
            table_name = "directory_municipality"

    class Section(MigrationModel):
        class Meta:
            table_name = "directory_section"

    class Desk(MigrationModel):
        id = IdField()
        municipality = ForeignKeyField(Municipality, index=False)
        section = ForeignKeyField(Section, index=False)
        region_id = IntegerField(null=True)
        audience = CharField(max_length=20)
        title = CharField(max_length=80)
        place = CharField(max_length=80)
        starts_at = InstantField()
        ends_at = InstantField()
        rule = CharField(max_length=120, null=True)
        until = DateField(null=True)
        on_holiday = CharField(max_length=10)
        is_quiet = BooleanField()

        class Meta:
            table_name = "desk_desk"
            indexes = ((("municipality", "id"), False),)

    Desk.create_table(safe=False)
