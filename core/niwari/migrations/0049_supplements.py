"""What is beyond an agreement: several of a request, who answered in whose place, and what was taken back."""

from peewee import AutoField, CharField, ForeignKeyField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    post = ForeignKeyField(Appointment, field=Appointment.id, null=True, index=False)
    migrator.migrate(
        migrator.add_column("ledger_supplement", "on_behalf_of_id", post),
        migrator.add_column(
            "ledger_supplement", "decision_key", CharField(max_length=36, null=True)
        ),
        migrator.add_column("ledger_supplement", "reviewed_at", InstantField(null=True)),
        migrator.add_column("ledger_supplement", "taken_back_at", InstantField(null=True)),
        migrator.drop_index("ledger_supplement", "ledger_supplement_request_id"),
        migrator.add_index("ledger_supplement", ("request_id",)),
        migrator.add_index("ledger_supplement", ("entry_id",), unique=True),
        migrator.add_index("ledger_supplement", ("on_behalf_of_id", "decided_at")),
    )
