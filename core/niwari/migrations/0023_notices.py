"""Notices: what was told to whom, how people want to be told, and what is still to be delivered."""

from peewee import (
    SQL,
    AutoField,
    BigAutoField,
    BigIntegerField,
    BooleanField,
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

    class Person(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_person"

    class Appointment(MigrationModel):
        id = AutoField()

        class Meta:
            table_name = "directory_appointment"

    class Notice(MigrationModel):
        id = BigAutoField()
        plugin = CharField(max_length=30)
        kind = CharField(max_length=60)
        about_kind = CharField(max_length=60, default="", constraints=[SQL("DEFAULT ''")])
        about_id = IntegerField(null=True)
        data = TextField(default="{}", constraints=[SQL("DEFAULT '{}'")])
        at = InstantField()

        class Meta:
            table_name = "notices_notice"
            indexes = ((("about_kind", "about_id", "id"), False), (("at",), False))

    class Received(MigrationModel):
        id = BigAutoField()
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        person = ForeignKeyField(Person, index=False)
        appointment = ForeignKeyField(Appointment, index=False)
        municipality = ForeignKeyField(Municipality, index=False)
        plugin = CharField(max_length=30)
        digest_on = DateField(null=True)
        read_at = InstantField(null=True)

        class Meta:
            table_name = "notices_received"
            indexes = (
                (("person", "id"), False),
                (("person", "read_at", "id"), False),
                (("appointment", "digest_on"), False),
                (("digest_on",), False),
                (("read_at",), False),
            )

    class Hidden(MigrationModel):
        id = BigAutoField()
        notice = ForeignKeyField(Notice, on_delete="CASCADE")
        municipality = ForeignKeyField(Municipality, index=False)
        envelope = TextField()
        sealed_for = CharField(max_length=60)
        shown_at = InstantField()

        class Meta:
            table_name = "notices_hidden"

    class Choice(MigrationModel):
        id = AutoField()

        person = ForeignKeyField(Person, index=False)
        kind = CharField(max_length=60)
        mode = CharField(max_length=10)

        class Meta:
            table_name = "notices_choice"
            indexes = ((("person", "kind"), True),)
            constraints = [
                Check("mode IN ('at_once', 'daily', 'inbox', 'off')", name="notices_choice_mode")
            ]

    class Veto(MigrationModel):
        id = AutoField()

        municipality = ForeignKeyField(Municipality, index=False)
        channel = CharField(max_length=20)
        kind = CharField(max_length=60, default="", constraints=[SQL("DEFAULT ''")])
        changed_at = InstantField()
        changed_by = ForeignKeyField(Appointment, null=True, index=False)

        class Meta:
            table_name = "notices_veto"
            indexes = ((("municipality", "channel", "kind"), True),)

    class Delivery(MigrationModel):
        id = BigAutoField()
        channel = CharField(max_length=20)
        notice = ForeignKeyField(Notice, null=True, on_delete="CASCADE")
        received = ForeignKeyField(Received, null=True, on_delete="CASCADE")
        hidden = ForeignKeyField(Hidden, null=True, on_delete="CASCADE")
        appointment = ForeignKeyField(Appointment, null=True, index=False)
        digest_on = DateField(null=True)
        municipality = ForeignKeyField(Municipality, null=True, index=False)
        state = CharField(max_length=10, default="pending", constraints=[SQL("DEFAULT 'pending'")])
        attempts = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])
        since = InstantField()
        due_at = InstantField()
        lease = CharField(max_length=32, default="", constraints=[SQL("DEFAULT ''")])
        is_put_off = BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])
        ended_at = InstantField(null=True)
        what = CharField(max_length=40, default="", constraints=[SQL("DEFAULT ''")])

        class Meta:
            table_name = "notices_delivery"
            indexes = (
                (("state", "channel", "due_at", "id"), False),
                (("state", "ended_at"), False),
                (("municipality", "state", "id"), False),
                (("appointment", "channel", "digest_on"), True),
            )
            constraints = [
                Check(
                    "state IN ('pending', 'sent', 'dropped', 'dead')", name="notices_delivery_state"
                ),
            ]

    class Bookmark(MigrationModel):
        id = AutoField()

        name = CharField(max_length=20, unique=True)
        reached = BigIntegerField(default=0, constraints=[SQL("DEFAULT 0")])

        class Meta:
            table_name = "notices_bookmark"

    for model in (Notice, Received, Hidden, Choice, Veto, Delivery, Bookmark):
        model.create_table(safe=False)
