"""The audit's one table."""

from typing import Any

from peewee import SQL, BigAutoField, CharField, IntegerField, TextField

from niwari.db import InstantField, Model, append_only


@append_only
class AuditEntry(Model):
    """One act: ids instead of names, so that nothing personal has to be erased from it.

    ``actor_id`` and ``on_behalf_of_id`` are appointments; a job or command has ``actor`` instead.
    ``details`` is JSON with sorted keys.
    """

    id: Any = BigAutoField()
    municipality_id: Any = IntegerField(constraints=[SQL("REFERENCES directory_municipality (id)")])
    at: Any = InstantField()
    actor_id: Any = IntegerField(
        null=True, constraints=[SQL("REFERENCES directory_appointment (id)")]
    )
    on_behalf_of_id: Any = IntegerField(
        null=True, constraints=[SQL("REFERENCES directory_appointment (id)")]
    )
    actor: Any = CharField(max_length=100, default="")
    action: Any = CharField(max_length=60)
    object_kind: Any = CharField(max_length=60)
    object_id: Any = IntegerField(null=True)
    details: Any = TextField(default="{}")
    request_id: Any = CharField(max_length=40, default="")

    class Meta:
        table_name = "audit_entry"
        indexes = ((("municipality_id", "id"), False), (("object_kind", "object_id"), False))


MODELS = (AuditEntry,)
