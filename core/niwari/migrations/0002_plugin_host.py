"""Events, settings, failures, quarantine, costs; plugins as they were last met."""

from peewee import SQL, AutoField, BigAutoField, BigIntegerField, CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from niwari.db import InstantField, MigrationModel

MUNICIPALITY = "REFERENCES directory_municipality (id)"
PERSON = "REFERENCES directory_person (id)"


def up(migrator, db):
    class InstalledPlugin(MigrationModel):
        id = AutoField()
        name = CharField(max_length=30, unique=True)
        version = CharField(max_length=40)
        label_ja = CharField(max_length=100)
        label_en = CharField(max_length=100)
        tables = TextField(default="[]")
        seen_at = InstantField()

        class Meta:
            table_name = "host_plugin"

    class MunicipalitySetting(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField(constraints=[SQL(MUNICIPALITY)])
        plugin = CharField(max_length=30)
        key = CharField(max_length=40)
        value = TextField()

        class Meta:
            table_name = "host_municipality_setting"
            indexes = ((("municipality_id", "plugin", "key"), True),)

    class PersonSetting(MigrationModel):
        id = AutoField()
        person_id = IntegerField(constraints=[SQL(PERSON)])
        plugin = CharField(max_length=30)
        key = CharField(max_length=40)
        value = TextField()

        class Meta:
            table_name = "host_person_setting"
            indexes = ((("person_id", "plugin", "key"), True),)

    class Failure(MigrationModel):
        id = AutoField()
        plugin = CharField(max_length=30)
        surface = CharField(max_length=120)
        municipality_id = IntegerField(null=True, constraints=[SQL(MUNICIPALITY)])
        at = InstantField()
        person_id = IntegerField(null=True, constraints=[SQL(PERSON)])
        trace = CharField(max_length=40, default="")
        what = CharField(max_length=200, default="")

        class Meta:
            table_name = "host_failure"
            indexes = (
                (("municipality_id", "plugin", "surface", "at"), False),
                (("municipality_id", "at", "id"), False),
                (("at",), False),
            )

    class Quarantine(MigrationModel):
        id = AutoField()
        municipality_id = IntegerField(constraints=[SQL(MUNICIPALITY)])
        plugin = CharField(max_length=30)
        surface = CharField(max_length=120)
        since = InstantField()
        delay_minutes = IntegerField()
        retry_at = InstantField()
        trying_until = InstantField(null=True)
        closed_at = InstantField(null=True)
        trace = CharField(max_length=40, default="")

        class Meta:
            table_name = "host_quarantine"
            indexes = ((("municipality_id", "plugin", "surface"), True),)
            constraints = [Check("delay_minutes > 0", name="host_quarantine_delay")]

    class Cost(MigrationModel):
        id = AutoField()
        plugin = CharField(max_length=30)
        surface = CharField(max_length=120)
        day = DateField()
        calls = IntegerField()
        micros = BigIntegerField()
        slowest = IntegerField()
        failed = IntegerField(default=0)

        class Meta:
            table_name = "host_cost"
            indexes = ((("plugin", "surface", "day"), True), (("day",), False))

    class Event(MigrationModel):
        id = BigAutoField()
        name = CharField(max_length=80)
        municipality_id = IntegerField(constraints=[SQL(MUNICIPALITY)])
        at = InstantField()
        data = TextField()
        request_id = CharField(max_length=40, default="")

        class Meta:
            table_name = "events_event"
            indexes = ((("at",), False),)

    class Delivery(MigrationModel):
        id = BigAutoField()
        event = ForeignKeyField(Event)
        plugin = CharField(max_length=30)
        state = CharField(max_length=10, default="pending")
        attempts = IntegerField(default=0)
        due_at = InstantField()
        ended_at = InstantField(null=True)
        what = CharField(max_length=200, default="")

        class Meta:
            table_name = "events_delivery"
            indexes = (
                (("state", "plugin", "due_at", "id"), False),
                (("state", "ended_at"), False),
            )
            constraints = [
                Check(
                    "state IN ('pending', 'done', 'dropped', 'dead')",
                    name="events_delivery_state",
                )
            ]

    for model in (
        InstalledPlugin,
        MunicipalitySetting,
        PersonSetting,
        Failure,
        Quarantine,
        Cost,
        Event,
        Delivery,
    ):
        model.create_table(safe=False)

    migrator.migrate(
        migrator.add_column("host_enablement", "withdrawn_at", InstantField(null=True)),
        migrator.add_index("host_enablement", ("plugin", "withdrawn_at"), False),
        migrator.add_index("jobs_run", ("due_at",), False),
    )
