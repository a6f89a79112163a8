"""Where a municipality lets notices go besides to people: one webhook, and the kinds it gets."""

from peewee import AutoField, BooleanField, CharField, Check, ForeignKeyField, TextField

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

    class Webhook(MigrationModel):
        id = AutoField()
        municipality = ForeignKeyField(Municipality, unique=True)
        address = TextField()
        host = CharField(max_length=255)
        shape = CharField(max_length=10)
        secret = TextField()
        is_active = BooleanField()
        changed_at = InstantField()
        changed_by = ForeignKeyField(Appointment, index=False)

        class Meta:
            table_name = "channels_webhook"
            constraints = [
                Check("shape IN ('json', 'slack', 'teams')", name="channels_webhook_shape")
            ]

    class WebhookKind(MigrationModel):
        id = AutoField()
        webhook = ForeignKeyField(Webhook, index=False, on_delete="CASCADE")
        kind = CharField(max_length=60)

        class Meta:
            table_name = "channels_webhook_kind"
            indexes = ((("webhook", "kind"), True),)

    for model in (Webhook, WebhookKind):
        model.create_table(safe=False)
