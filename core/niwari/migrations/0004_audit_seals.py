"""The audit's chain of seals, and indexes for the auditor's page."""

from peewee import SQL, AutoField, BigAutoField, BigIntegerField, CharField, ForeignKeyField, IntegerField

from niwari.db import InstantField, MigrationModel

MUNICIPALITY = "REFERENCES directory_municipality (id)"


def up(migrator, db):
    class AuditSeal(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField(constraints=[SQL(MUNICIPALITY)])
        number = IntegerField()
        first_id = BigIntegerField()
        last_id = BigIntegerField()
        rows = IntegerField()
        at = InstantField()
        previous = CharField(max_length=64)
        hash = CharField(max_length=64)

        class Meta:
            table_name = "audit_seal"
            indexes = ((("municipality_id", "number"), True),)

    class SealedEntry(MigrationModel):
        id = BigAutoField()
        seal = ForeignKeyField(AuditSeal, index=False)
        position = IntegerField()
        entry_id = BigIntegerField(unique=True)
        digest = CharField(max_length=64)

        class Meta:
            table_name = "audit_sealed_entry"
            indexes = ((("seal", "position"), True),)

    for model in (AuditSeal, SealedEntry):
        model.create_table(safe=False)

    migrator.migrate(
        *(
            migrator.add_index("audit_entry", ("municipality_id", *columns, "at", "id"), False)
            for columns in ((), ("action",), ("object_kind",), ("actor_id",))
        )
    )
