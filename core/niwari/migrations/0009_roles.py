"""What a municipality's roles may do, and who gave a role, when and until when."""

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
)

from niwari.db import InstantField, MigrationModel

APPOINTMENT = "REFERENCES directory_appointment (id)"


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class RolePermission(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        role = CharField(max_length=20)
        permission = CharField(max_length=100)
        is_given = BooleanField()
        changed_at = InstantField()
        changed_by_id = IntegerField(null=True, constraints=[SQL(APPOINTMENT)])

        class Meta:
            table_name = "identity_role_permission"
            indexes = ((("municipality", "permission", "role"), True),)
            constraints = [
                Check(
                    "role IN ('staff', 'head', 'stand_in', 'hr', 'it', 'secretariat', 'auditor')",
                    name="identity_role_permission_role",
                )
            ]

    RolePermission.create_table(safe=False)
    grant = "identity_role_grant"
    granted_by = IntegerField(null=True, constraints=[SQL(APPOINTMENT)])
    migrator.migrate(
        migrator.add_column(grant, "granted_at", InstantField(null=True)),
        migrator.add_column(grant, "granted_by_id", granted_by),
        migrator.add_column(grant, "ends_on", DateField(null=True)),
        migrator.add_index(grant, ("role", "appointment_id"), False),
    )
