"""The ledger whole: what is arranged, agreed to in advance, closed and corrected."""

from peewee import (
    AutoField,
    BigAutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, MigrationModel
from niwari.db.rebuilding import add_check


def up(migrator, db):
    class Municipality(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_municipality"

    class Person(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_person"

    class Section(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_section"

    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    class Account(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "ledger_account"

    class Request(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "ledger_request"

    class JournalEntry(MigrationModel):
        id = BigAutoField()

        class Meta:
            table_name = "ledger_journal_entry"

    class Freeze(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        from_at = InstantField()
        reason = TextField()
        set_at = InstantField()
        set_by = ForeignKeyField(Appointment, null=True, index=False)
        lifted_at = InstantField(null=True)
        lifted_by = ForeignKeyField(Appointment, null=True, index=False)

        class Meta:
            table_name = "ledger_freeze"
            indexes = ((("municipality", "lifted_at"), False),)

    class Avoidance(MigrationModel):
        id = AutoField()
        section = ForeignKeyField(Section, index=False)
        first_day = DateField()
        last_day = DateField()
        reason = TextField()
        set_at = InstantField()
        set_by = ForeignKeyField(Appointment, index=False)
        ended_at = InstantField(null=True)

        class Meta:
            table_name = "ledger_avoidance"
            indexes = ((("section", "last_day"), False),)
            constraints = [Check("last_day >= first_day", name="ledger_avoidance_days")]

    class Basis(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        activity = CharField(max_length=60)
        basis = CharField(max_length=20)
        order_number = CharField(max_length=100, default="")
        starts_on = DateField()
        set_at = InstantField()
        set_by = ForeignKeyField(Appointment, null=True, index=False)

        class Meta:
            table_name = "ledger_basis"
            indexes = ((("municipality", "activity", "starts_on"), True),)
            constraints = [
                Check(
                    "basis IN ('duty', 'duty_order', 'training', 'exemption', 'business_trip', 'dispatch')",
                    name="ledger_basis_basis",
                )
            ]

    class PeriodChoice(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        starts_on = DateField()
        kind = CharField(max_length=12)
        set_at = InstantField()
        set_by = ForeignKeyField(Appointment, null=True, index=False)

        class Meta:
            table_name = "ledger_period_choice"
            indexes = ((("municipality", "starts_on"), True),)

    class Standing(MigrationModel):
        id = AutoField()
        appointment = ForeignKeyField(Appointment, index=False)
        person = ForeignKeyField(Person, index=False)
        municipality = ForeignKeyField(Municipality, index=False)
        section = ForeignKeyField(Section, index=False)
        activity = CharField(max_length=60)
        counts = BooleanField(default=True)
        discreet = BooleanField(default=False)
        purpose = TextField()
        place = CharField(max_length=30)
        kind = CharField(max_length=10)
        rule = TextField(default="")
        starts = IntegerField(null=True)
        ends = IntegerField(null=True)
        minutes = IntegerField()
        first_day = DateField()
        last_day = DateField()
        state = CharField(max_length=20)
        requested_at = InstantField()
        form_key = CharField(max_length=36)
        source_kind = CharField(max_length=80, null=True)
        source_id = IntegerField(null=True)
        decided_by = ForeignKeyField(Appointment, null=True, index=False)
        on_behalf_of = ForeignKeyField(Appointment, null=True, index=False)
        decided_at = InstantField(null=True)
        decision_note = TextField(default="")
        decision_key = CharField(max_length=36, null=True)
        ended_at = InstantField(null=True)
        ended_by = ForeignKeyField(Appointment, null=True, index=False)
        ended_reason = TextField(default="")

        class Meta:
            table_name = "ledger_standing"
            indexes = (
                (("person", "form_key"), True),
                (("person", "last_day"), False),
                (("municipality", "state", "section"), False),
            )
            constraints = [
                Check("kind IN ('dated', 'allowance')", name="ledger_standing_kind"),
                Check("minutes > 0", name="ledger_standing_minutes"),
                Check("last_day >= first_day", name="ledger_standing_days"),
            ]

    class Closing(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, index=False)
        starts_on = DateField()
        ends_on = DateField()
        closed_at = InstantField()
        closed_by = ForeignKeyField(Appointment, null=True, index=False)
        people = IntegerField(default=0)
        lapsed = IntegerField(default=0)

        class Meta:
            table_name = "ledger_closing"
            indexes = ((("municipality", "starts_on", "ends_on"), True),)

    class LateBase(MigrationModel):
        id = AutoField()
        account = ForeignKeyField(Account, unique=True)
        base = IntegerField()
        noted_at = InstantField()
        settled_at = InstantField(null=True)
        settled_by = ForeignKeyField(Appointment, null=True, index=False)

        class Meta:
            table_name = "ledger_late_base"

    class Correction(MigrationModel):
        id = AutoField()
        request = ForeignKeyField(Request)
        former = IntegerField()
        minutes = IntegerField()
        reason = TextField()
        state = CharField(max_length=10)
        after_closing = BooleanField()
        form_key = CharField(max_length=36)
        asked_at = InstantField()
        asked_by = ForeignKeyField(Appointment, index=False)
        decided_at = InstantField(null=True)
        decided_by = ForeignKeyField(Appointment, null=True, index=False)
        decision_note = TextField(default="")
        entry = ForeignKeyField(JournalEntry, null=True, index=False)

        class Meta:
            table_name = "ledger_correction"
            indexes = ((("request", "form_key"), True), (("state", "request"), False))
            constraints = [
                Check(
                    "state IN ('asked', 'posted', 'refused', 'withdrawn')",
                    name="ledger_correction_state",
                ),
                Check("minutes >= 0", name="ledger_correction_minutes"),
            ]

    class Supplement(MigrationModel):
        id = AutoField()
        request = ForeignKeyField(Request, unique=True)
        minutes = IntegerField()
        state = CharField(max_length=10)
        entry = ForeignKeyField(JournalEntry, index=False)
        asked_at = InstantField()
        decided_at = InstantField(null=True)
        decided_by = ForeignKeyField(Appointment, null=True, index=False)
        decision_note = TextField(default="")

        class Meta:
            table_name = "ledger_supplement"
            indexes = ((("state", "request"), False),)
            constraints = [
                Check(
                    "state IN ('pending', 'accepted', 'refused')", name="ledger_supplement_state"
                ),
                Check("minutes > 0", name="ledger_supplement_minutes"),
            ]

    class Overtime(MigrationModel):
        id = AutoField()
        person = ForeignKeyField(Person, index=False)
        municipality = ForeignKeyField(Municipality, index=False)
        month = DateField()
        minutes = IntegerField()
        imported_at = InstantField()

        class Meta:
            table_name = "ledger_overtime"
            indexes = (
                (("person", "municipality", "month"), True),
                (("municipality", "month"), False),
            )
            constraints = [Check("minutes >= 0", name="ledger_overtime_minutes")]

    for model in (
        Freeze,
        Avoidance,
        Basis,
        PeriodChoice,
        Standing,
        Closing,
        LateBase,
        Correction,
        Supplement,
        Overtime,
    ):
        model.create_table(safe=False)

    post = {"null": True, "index": False}
    columns = (
        ("oral_by_id", ForeignKeyField(Appointment, field=Appointment.id, **post)),
        ("oral_at", InstantField(null=True)),
        ("oral_answer", CharField(max_length=10, null=True)),
        ("oral_answered_at", InstantField(null=True)),
        ("oral_answered_by_id", ForeignKeyField(Appointment, field=Appointment.id, **post)),
        ("after_fact", BooleanField(default=False)),
        ("entered_by_id", ForeignKeyField(Appointment, field=Appointment.id, **post)),
        ("objected_at", InstantField(null=True)),
        ("objection", TextField(default="")),
        ("standing_id", ForeignKeyField(Standing, field=Standing.id, **post)),
        ("allowance", BooleanField(default=False)),
        ("reagree_since", DateField(null=True)),
        ("ended_at", InstantField(null=True)),
        ("ended_by_id", ForeignKeyField(Appointment, field=Appointment.id, **post)),
        ("ended_for_id", ForeignKeyField(Appointment, field=Appointment.id, **post)),
        ("ended_reason", TextField(default="")),
        ("freeze_id", ForeignKeyField(Freeze, field=Freeze.id, **post)),
        ("brought_home", TextField(default="")),
        ("attended_at", InstantField(null=True)),
        ("travel_for_id", ForeignKeyField(Request, field=Request.id, **post)),
        ("joint_with_id", ForeignKeyField(Request, field=Request.id, **post)),
        ("reminded", IntegerField(default=0)),
    )
    indexes = (
        ("section_id", "work_date"),
        ("municipality_id", "work_date"),
        ("municipality_id", "oral_answer"),
        ("municipality_id", "reagree_since"),
        ("standing_id", "work_date"),
        ("freeze_id",),
        ("travel_for_id",),
        ("joint_with_id",),
    )
    migrator.migrate(
        *(migrator.add_column("ledger_request", name, field) for name, field in columns),
        *(migrator.add_index("ledger_request", names, False) for names in indexes),
        add_check(
            migrator,
            "ledger_request",
            "oral_answer",
            "ledger_request_oral_answer",
            "oral_answer IS NULL OR oral_answer IN ('waiting', 'confirmed', 'denied')",
        ),
        migrator.add_column("ledger_account", "closed_at", InstantField(null=True)),
        migrator.add_column("ledger_account", "corrected_at", InstantField(null=True)),
        migrator.add_column(
            "ledger_journal_entry",
            "replaces_id",
            ForeignKeyField(JournalEntry, field=JournalEntry.id, null=True, index=False),
        ),
        migrator.add_index("ledger_journal_entry", ("replaces_id",), True),
    )
