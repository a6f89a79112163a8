"""Tokens know by which provider's session they were made, and since when their maker is gone."""

from peewee import CharField, DateField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("identity_api_token", "issuer", CharField(max_length=200, null=True)),
        migrator.add_column("identity_api_token", "maker_gone_on", DateField(null=True)),
        migrator.add_index("identity_api_token", ("issuer",), False),
    )
    # Of those that there are it is known where their maker has signed in with one provider alone.
    db.execute_sql(
        "UPDATE identity_api_token SET issuer = ("
        " SELECT CASE WHEN COUNT(*) = 1 THEN MAX(i.issuer) END FROM identity_external_identity i"
        " JOIN directory_appointment a ON a.person_id = i.person_id"
        " WHERE a.id = identity_api_token.created_by_id)"
    )
