"""The map of roles moves to the host's tables: it belongs to a municipality's revision."""

from peewee import SQL, AutoField, BooleanField, CharField, Check, IntegerField

from niwari.db import InstantField, MigrationModel

MUNICIPALITY = "REFERENCES directory_municipality (id)"
APPOINTMENT = "REFERENCES directory_appointment (id)"


def up(migrator, db):
    class RolePermission(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField(constraints=[SQL(MUNICIPALITY)])
        role = CharField(max_length=20)
        permission = CharField(max_length=100)
        is_given = BooleanField()
        changed_at = InstantField()
        changed_by_id = IntegerField(null=True, constraints=[SQL(APPOINTMENT)])

        class Meta:
            table_name = "host_role_permission"
            indexes = ((("municipality_id", "permission", "role"), True),)
            constraints = [
                Check(
                    "role IN ('staff', 'head', 'stand_in', 'hr', 'it', 'secretariat', 'auditor')",
                    name="host_role_permission_role",
                )
            ]

    RolePermission.create_table(safe=False)
    columns = "municipality_id, role, permission, is_given, changed_at, changed_by_id"
    db.execute_sql(
        f"INSERT INTO host_role_permission ({columns}) "  # noqa: S608 - our own names
        f"SELECT {columns} FROM identity_role_permission ORDER BY id"
    )
    db.execute_sql("DROP TABLE identity_role_permission")
