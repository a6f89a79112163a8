"""Why the region's role was given; who may open an envelope of the vault, and which were opened."""

from peewee import SQL, AutoField, BooleanField, CharField, Check, ForeignKeyField, IntegerField, TextField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Region(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_region"

    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    class Official(MigrationModel):
        id = AutoField()
        region = ForeignKeyField(Region, index=False)
        appointment = ForeignKeyField(Appointment)
        reason = CharField(max_length=200)
        named_at = InstantField()
        named_by = ForeignKeyField(Appointment, index=False)
        withdrawn_at = InstantField(null=True)

        class Meta:
            table_name = "vault_official"
            indexes = ((("region", "appointment"), True),)

    class OpeningRule(MigrationModel):
        id = AutoField()
        region = ForeignKeyField(Region, unique=True)
        other_towns = BooleanField()
        changed_at = InstantField()
        changed_by = ForeignKeyField(Appointment, index=False)

        class Meta:
            table_name = "vault_opening_rule"

    class Opening(MigrationModel):
        id = AutoField()
        region = ForeignKeyField(Region, index=False)
        municipality = ForeignKeyField(Municipality, index=False)
        kind = CharField(max_length=60)
        row_id = IntegerField()
        reason = TextField()
        form_key = CharField(max_length=36, unique=True)
        asked_at = InstantField()
        asked_by = ForeignKeyField(Appointment)
        asker_issuer = CharField(max_length=200)
        agreed_at = InstantField(null=True, index=True)
        agreed_by = ForeignKeyField(Appointment, null=True)
        sealed_author = TextField(default="")
        asker_saw_at = InstantField(null=True)
        agreer_saw_at = InstantField(null=True)

        class Meta:
            table_name = "vault_opening"
            indexes = ((("region", "id"), False),)
            constraints = [
                Check("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="vault_opening_agreed"),
                Check(
                    "agreed_by_id IS NULL OR agreed_by_id <> asked_by_id", name="vault_opening_two"
                ),
            ]

    reason = CharField(max_length=200, constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column("identity_role_grant", "reason", reason, allow_not_null=True)
    )
    for model in (Official, OpeningRule, Opening):
        model.create_table(safe=False)
