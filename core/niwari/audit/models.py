"""The audit's tables."""

from typing import Any

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    CharField,
    Check,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model, append_only


@append_only
class AuditEntry(Model):
    """One act: ids instead of names, so that nothing personal has to be erased from it.

    ``actor_id`` and ``on_behalf_of_id`` are appointments; a job or command has ``actor`` instead.
    ``details`` is JSON with sorted keys. ``values_hash`` is the keyed hash of what ``AuditValue``
    keeps, or kept, beside it.
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
    object_id: Any = BigIntegerField(null=True)
    details: Any = TextField(default="{}")
    request_id: Any = CharField(max_length=40, default="")
    values_hash: Any = CharField(max_length=80, null=True)

    class Meta:
        table_name = "audit_entry"
        indexes = (
            (("municipality_id", "id"), False),
            (("object_kind", "object_id"), False),
            # The auditor's page: by day alone, and by day with each of its filters.
            (("municipality_id", "at", "id"), False),
            (("municipality_id", "action", "at", "id"), False),
            (("municipality_id", "object_kind", "at", "id"), False),
            (("municipality_id", "actor_id", "at", "id"), False),
        )


class AuditValue(Model):
    """What an act changed, in the words of people: beside the audit, so that it can be erased.

    ``content`` is JSON with sorted keys: ``before`` and ``after``, by field. ``id`` is that of the row
    of the audit, ``person_id`` whose values they are. ``salt`` goes with them: without it not even
    the key tells what they were.
    """

    id: Any = BigIntegerField(primary_key=True, constraints=[SQL("REFERENCES audit_entry (id)")])
    person_id: Any = IntegerField(
        null=True, index=True, constraints=[SQL("REFERENCES directory_person (id)")]
    )
    at: Any = InstantField(index=True)
    salt: Any = CharField(max_length=32)
    content: Any = TextField()

    class Meta:
        table_name = "audit_value"


@append_only
class AuditSeal(Model):
    """A link of a municipality's chain: ``hash`` covers ``previous`` and ``rows`` sealed rows.

    ``number`` counts from 1 in each municipality. The hashes are SHA-256 in hexadecimal.
    """

    id: Any = BigAutoField()
    municipality_id: Any = IntegerField(constraints=[SQL("REFERENCES directory_municipality (id)")])
    number: Any = IntegerField()
    first_id: Any = BigIntegerField()
    last_id: Any = BigIntegerField()
    rows: Any = IntegerField()
    at: Any = InstantField()
    previous: Any = CharField(max_length=64)
    hash: Any = CharField(max_length=64)

    class Meta:
        table_name = "audit_seal"
        indexes = ((("municipality_id", "number"), True),)
        constraints = [Check("number >= 1", name="audit_seal_number")]


@append_only
class SealedEntry(Model):
    """Which seal covers a row, at which position of it (from 1), and the digest of the row.

    ``entry_id`` has no foreign key: it has to go on naming a row that somebody took away.
    """

    id: Any = BigAutoField()
    seal: Any = ForeignKeyField(AuditSeal, index=False)
    seal_id: int
    position: Any = IntegerField()
    entry_id: Any = BigIntegerField(unique=True)
    digest: Any = CharField(max_length=64)

    class Meta:
        table_name = "audit_sealed_entry"
        indexes = ((("seal", "position"), True),)


MODELS = (AuditEntry, AuditValue, AuditSeal, SealedEntry)
