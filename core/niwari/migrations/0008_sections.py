"""Dated sections, ranks of stand-ins, delegations and section clerks."""

from peewee import SQL, AutoField, CharField, Check, DateField, ForeignKeyField, IntegerField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Section(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_section"

    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    class SectionVersion(MigrationModel):
        id = AutoField()
        section = ForeignKeyField(Section, index=False)
        parent = ForeignKeyField(Section, null=True)
        name = CharField(max_length=100)
        path = CharField(max_length=400)
        starts_on = DateField()
        ends_on = DateField(null=True)

        class Meta:
            table_name = "directory_section_version"
            indexes = ((("section", "starts_on"), True),)

    class Delegation(MigrationModel):
        id = AutoField()
        section = ForeignKeyField(Section, index=False)
        appointment = ForeignKeyField(Appointment, index=False)
        head = ForeignKeyField(Appointment, index=False)
        starts_on = DateField()
        ends_on = DateField()
        reason = CharField(max_length=200)
        given_by = ForeignKeyField(Appointment, index=False)
        ended_at = InstantField(null=True)

        class Meta:
            table_name = "directory_delegation"
            indexes = ((("section", "ends_on"), False), (("appointment", "ends_on"), False))
            constraints = [Check("ends_on >= starts_on", name="directory_delegation_dates")]

    class Clerk(MigrationModel):
        id = AutoField()
        section = ForeignKeyField(Section, index=False)
        appointment = ForeignKeyField(Appointment, index=False)
        starts_on = DateField()
        ends_on = DateField(null=True)
        named_by = ForeignKeyField(Appointment, null=True, index=False)
        ended_at = InstantField(null=True)

        class Meta:
            table_name = "directory_clerk"
            indexes = ((("section", "starts_on"), False), (("appointment", "starts_on"), False))
            constraints = [
                Check("ends_on IS NULL OR ends_on >= starts_on", name="directory_clerk_dates")
            ]

    # With defaults of the database, so that no table is rebuilt: they are large, and others point
    # to them.
    since = DateField(constraints=[SQL("DEFAULT '1889-04-01'")])
    title = CharField(max_length=40, constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column("directory_section", "starts_on", since, allow_not_null=True),
        migrator.add_column("directory_section", "ends_on", DateField(null=True)),
        migrator.drop_index("directory_section", "directory_section_municipality_id_path"),
        migrator.add_index("directory_section", ("municipality_id", "path", "starts_on"), True),
        migrator.add_column("directory_appointment", "title", title, allow_not_null=True),
        migrator.add_column("directory_appointment", "stand_in_order", IntegerField(null=True)),
        migrator.add_index("directory_appointment", ("municipality_id", "stand_in_order"), False),
        migrator.add_column(
            "ledger_request",
            "on_behalf_of_id",
            ForeignKeyField(Appointment, null=True, field=Appointment.id, index=False),
        ),
        migrator.add_index("ledger_leave_span", ("person_id", "ends_at"), False),
        migrator.add_index("ledger_request", ("on_behalf_of_id", "decided_at"), False),
    )
    for model in (SectionVersion, Delegation, Clerk):
        model.create_table(safe=False)
