"""Section clerks are a role, so that a municipality can map it; what was entered is found (rule L9)."""

from peewee import SQL, AutoField, BooleanField, CharField, Check, IntegerField

from niwari.db import InstantField, MigrationModel, is_postgresql

MUNICIPALITY = "REFERENCES directory_municipality (id)"
APPOINTMENT = "REFERENCES directory_appointment (id)"
TABLE = "host_role_permission"
NAME = "host_role_permission_role"
CHECK = "role IN ('staff', 'head', 'stand_in', 'clerk', 'hr', 'it', 'secretariat', 'auditor')"
COLUMNS = "id, municipality_id, role, permission, is_given, changed_at, changed_by_id"


def up(migrator, db):
    _let_clerks_be_mapped(db)
    migrator.migrate(
        migrator.add_index("ledger_request", ("entered_by_id",), False),
        migrator.add_index("ledger_request", ("municipality_id", "objected_at"), False),
    )


def _let_clerks_be_mapped(db):
    if is_postgresql():
        db.execute_sql(f"ALTER TABLE {TABLE} DROP CONSTRAINT {NAME}")
        db.execute_sql(f"ALTER TABLE {TABLE} ADD CONSTRAINT {NAME} CHECK ({CHECK})")
        return

    class RolePermission(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField(constraints=[SQL(MUNICIPALITY)])
        role = CharField(max_length=20)
        permission = CharField(max_length=100)
        is_given = BooleanField()
        changed_at = InstantField()
        changed_by_id = IntegerField(null=True, constraints=[SQL(APPOINTMENT)])

        class Meta:
            table_name = TABLE
            indexes = ((("municipality_id", "permission", "role"), True),)
            constraints = [Check(CHECK, name=NAME)]

    # A table's check cannot be changed on SQLite: the table is made anew, and its rows are moved.
    former = f"{TABLE}_former"
    db.execute_sql(f"CREATE TEMP TABLE {former} AS SELECT * FROM {TABLE}")
    db.execute_sql(f"DROP TABLE {TABLE}")
    RolePermission.create_table(safe=False)
    db.execute_sql(f"INSERT INTO {TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {former} ORDER BY id")  # noqa: S608 - our own names
    db.execute_sql(f"DROP TABLE {former}")
