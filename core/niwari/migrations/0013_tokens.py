"""Tokens for programs, and the index along which they read a municipality's people."""

from peewee import SQL, AutoField, CharField, Check, IntegerField, TextField

from niwari.db import InstantField, MigrationModel

MUNICIPALITY = "REFERENCES directory_municipality (id)"
APPOINTMENT = "REFERENCES directory_appointment (id)"


def up(migrator, db):
    class ApiToken(MigrationModel):
        id = AutoField()
        label = CharField(max_length=100)
        token_hash = CharField(max_length=64, unique=True)
        municipality_id = IntegerField(constraints=[SQL(MUNICIPALITY)])
        appointment_id = IntegerField(constraints=[SQL(APPOINTMENT)], null=True, index=True)
        scopes = TextField()
        created_at = InstantField()
        created_by_id = IntegerField(constraints=[SQL(APPOINTMENT)])
        expires_at = InstantField()
        used_at = InstantField(null=True)
        revoked_at = InstantField(null=True)
        form_key = CharField(max_length=36, unique=True)

        class Meta:
            table_name = "identity_api_token"
            indexes = ((("municipality_id", "appointment_id", "expires_at"), False),)
            constraints = [Check("expires_at > created_at", name="identity_api_token_lifetime")]

    ApiToken.create_table(safe=False)
    migrator.migrate(migrator.add_index("directory_appointment", ("municipality_id", "id"), False))
