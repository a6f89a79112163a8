"""Whole closed fiscal years are disposed of: the proposal, and the record that stays (rule L6)."""

from peewee import (
    AutoField,
    BigIntegerField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    class Disposal(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        year = IntegerField()
        first_day = DateField()
        last_day = DateField()
        kept_years = IntegerField()
        reason = TextField()
        form_key = CharField(max_length=36)
        proposed_at = InstantField()
        proposed_by = ForeignKeyField(Appointment, index=False)
        export_sha256 = CharField(max_length=64)
        export_bytes = BigIntegerField()
        people = IntegerField()
        requests = IntegerField()
        entries = IntegerField()
        withdrawn_at = InstantField(null=True)
        withdrawn_by = ForeignKeyField(Appointment, null=True, index=False)
        agreed_at = InstantField(null=True)
        agreed_by = ForeignKeyField(Appointment, null=True, index=False)
        gate = ForeignKeyField("self", null=True, index=False, deferrable="INITIALLY DEFERRED")
        removed = TextField()
        finished_at = InstantField(null=True)

        class Meta:
            table_name = "ledger_disposal"
            indexes = (
                (("municipality", "year"), False),
                (("proposed_by", "form_key"), True),
            )
            constraints = [
                Check("id > 0", name="ledger_disposal_id"),
                Check("gate_id IS NULL OR gate_id = 0", name="ledger_disposal_gate"),
                Check(
                    "(agreed_at IS NULL) = (agreed_by_id IS NULL)",
                    name="ledger_disposal_agreed_by",
                ),
                Check("agreed_by_id <> proposed_by_id", name="ledger_disposal_two_officials"),
                Check(
                    "agreed_at IS NOT NULL OR (gate_id IS NULL AND finished_at IS NULL)",
                    name="ledger_disposal_agreed_first",
                ),
                Check(
                    "agreed_at IS NULL OR withdrawn_at IS NULL",
                    name="ledger_disposal_not_withdrawn",
                ),
            ]

    class DisposalRecord(MigrationModel):
        id = AutoField()
        disposal = ForeignKeyField(Disposal, unique=True)
        municipality = ForeignKeyField(Municipality, index=False)
        number = IntegerField()
        year = IntegerField()
        first_day = DateField()
        last_day = DateField()
        kept_years = IntegerField()
        reason = TextField()
        proposed_at = InstantField()
        proposed_by = ForeignKeyField(Appointment, index=False)
        agreed_at = InstantField()
        agreed_by = ForeignKeyField(Appointment, index=False)
        finished_at = InstantField()
        export_sha256 = CharField(max_length=64)
        people = IntegerField()
        counts = TextField()
        last_entry = BigIntegerField(null=True)
        audit_seal = IntegerField(null=True)
        audit_hash = CharField(max_length=64)
        previous = CharField(max_length=64)
        hash = CharField(max_length=64)

        class Meta:
            table_name = "ledger_disposal_record"
            indexes = (
                (("municipality", "number"), True),
                (("municipality", "year"), True),
            )

    Disposal.create_table(safe=False)
    DisposalRecord.create_table(safe=False)
    # To remove a posting asks who refers to it.
    migrator.migrate(
        migrator.add_index("ledger_correction", ("entry_id",)),
        migrator.add_index("ledger_correction", ("original_id",)),
    )
