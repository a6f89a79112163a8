"""Counts for limits, logout from the provider, and sessions of people who are signed in alone."""

from peewee import CharField, IntegerField

from niwari.db import InstantField, MigrationModel


def up(migrator, db):
    class RateCount(MigrationModel):
        id = CharField(max_length=64, primary_key=True)
        ends_at = InstantField(index=True)
        hits = IntegerField()

        class Meta:
            table_name = "host_rate_count"

    class UsedLogoutToken(MigrationModel):
        id = CharField(max_length=64, primary_key=True)
        expires_at = InstantField(index=True)

        class Meta:
            table_name = "identity_used_logout_token"

    for model in (RateCount, UsedLogoutToken):
        model.create_table(safe=False)

    # Sign-ins that had begun: a quarter of an hour long at most.
    db.execute_sql("DELETE FROM identity_session WHERE appointment_id IS NULL")
    migrator.migrate(
        migrator.add_not_null("identity_session", "appointment_id"),
        migrator.add_column("identity_session", "auth_time", InstantField(null=True)),
        migrator.drop_index("identity_session", "identity_session_idp_session"),
        migrator.add_index("identity_session", ("issuer", "idp_session"), False),
        # Sessions of those who left are found by the day on which they did.
        migrator.add_index("directory_appointment", ("ends_on",), False),
    )
