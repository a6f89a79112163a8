"""What people do without their names waits for the next quarter of an hour."""

from peewee import CharField, Check, ForeignKeyField, TextField

from niwari.db import InstantField, MigrationModel, is_postgresql


def up(migrator, db):
    class Municipality(MigrationModel):
        class Meta:
            table_name = "directory_municipality"

    class HiddenAct(MigrationModel):
        id = CharField(max_length=36, primary_key=True)
        task = CharField(max_length=60)
        municipality = ForeignKeyField(Municipality, backref="+", index=False)
        state = CharField(max_length=10)
        envelope = TextField()
        sealed = TextField()
        due_at = InstantField()
        until = InstantField()

        class Meta:
            table_name = "vault_hidden_act"
            without_rowid = not is_postgresql()
            indexes = ((("state", "due_at"), False), (("municipality", "state"), False))
            constraints = [
                Check("state IN ('waiting', 'done', 'stopped')", name="vault_hidden_act_state")
            ]

    HiddenAct.create_table(safe=False)
