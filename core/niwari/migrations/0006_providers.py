"""Sign-in providers, whom they serve, and an index for people found by their mail address."""

from peewee import SQL, AutoField, BooleanField, CharField, ForeignKeyField, IntegerField, TextField

from niwari.db import MigrationModel


def up(migrator, db):
    class Provider(MigrationModel):
        id = AutoField()
        label = CharField(max_length=100)
        issuer = CharField(max_length=200, unique=True)
        client_id = CharField(max_length=255)
        secret = TextField()
        login_claim = CharField(max_length=100)
        is_active = BooleanField(index=True)
        revision = IntegerField()

        class Meta:
            table_name = "identity_provider"

    class ProviderMunicipality(MigrationModel):
        id = AutoField()
        provider = ForeignKeyField(Provider, index=False)
        municipality_id = IntegerField(
            index=True, constraints=[SQL("REFERENCES directory_municipality (id)")]
        )

        class Meta:
            table_name = "identity_provider_municipality"
            indexes = ((("provider", "municipality_id"), True),)

    class ProviderDomain(MigrationModel):
        id = AutoField()
        provider = ForeignKeyField(Provider)
        domain = CharField(max_length=190, unique=True)

        class Meta:
            table_name = "identity_provider_domain"

    for model in (Provider, ProviderMunicipality, ProviderDomain):
        model.create_table(safe=False)
    migrator.migrate(migrator.add_index("directory_person", ("email",), False))
