"""Erasable values beside the audit, larger numbers in it, known keys, lockers on shelves."""

from peewee import SQL, BigIntegerField, CharField, IntegerField, TextField

from niwari.db import InstantField, MigrationModel, is_postgresql
from niwari.db.rebuilding import add_check


def up(migrator, db):
    class AuditValue(MigrationModel):
        id = BigIntegerField(primary_key=True, constraints=[SQL("REFERENCES audit_entry (id)")])
        person_id = IntegerField(
            null=True, index=True, constraints=[SQL("REFERENCES directory_person (id)")]
        )
        at = InstantField(index=True)
        salt = CharField(max_length=32)
        content = TextField()

        class Meta:
            table_name = "audit_value"

    class KnownKey(MigrationModel):
        id = CharField(max_length=8, primary_key=True)

        class Meta:
            table_name = "host_key"

    class Locker(MigrationModel):
        id = CharField(max_length=64, primary_key=True)
        shelf = IntegerField(index=True)
        sealed = TextField()

        class Meta:
            table_name = "vault_locker"
            without_rowid = not is_postgresql()

    AuditValue.create_table(safe=False)
    KnownKey.create_table(safe=False)
    migrator.migrate(
        migrator.add_column("audit_entry", "values_hash", CharField(max_length=80, null=True)),
        add_check(migrator, "audit_seal", "number", "audit_seal_number", "number >= 1"),
    )
    if is_postgresql():  # SQLite's integers have 64 bits
        for table, column in (
            ("audit_entry", "object_id"),
            ("audit_seal", "id"),
            ("audit_sealed_entry", "seal_id"),
        ):
            db.execute_sql(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE BIGINT")
        db.execute_sql("ALTER SEQUENCE audit_seal_id_seq AS BIGINT")

    # By way of a copy: a rebuild of Peewee's forgets WITHOUT ROWID.
    db.execute_sql("CREATE TABLE vault_locker_kept AS SELECT id, sealed FROM vault_locker")
    db.execute_sql("DROP TABLE vault_locker")
    Locker.create_table(safe=False)
    db.execute_sql(
        "INSERT INTO vault_locker (id, shelf, sealed) SELECT id, 0, sealed FROM vault_locker_kept"
    )
    db.execute_sql("DROP TABLE vault_locker_kept")
