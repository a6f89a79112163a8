"""Disposing of whole closed fiscal years (廃棄, rule L6): the proposal, and the record that stays."""

from typing import Any

from peewee import (
    BigIntegerField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model, append_only
from niwari.directory.models import Appointment, Municipality


class Disposal(Model):
    """A proposal to dispose of a fiscal year of a municipality, and how far its removal has come.

    ``year`` is the one in which it begins, ``first_day`` and ``last_day`` are its days. ``kept_years``
    was the 保存年限 then. ``export_sha256`` is that of the file with all rows, of ``export_bytes``
    bytes; ``people``, ``requests`` and ``entries`` are what it holds. It is agreed to by somebody else
    or lapses. ``removed`` is JSON: how many rows of each kind have been removed by now.

    ``gate`` is what the journal's trigger looks at: it is open where it holds 0. No row has that id,
    and the database checks the reference when a transaction ends, so that it can be open inside of a
    transaction alone and no committed row opens it, whoever wrote it.
    """

    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    year: Any = IntegerField()
    first_day: Any = DateField()
    last_day: Any = DateField()
    kept_years: Any = IntegerField()
    reason: Any = TextField()
    form_key: Any = CharField(max_length=36)
    proposed_at: Any = InstantField()
    proposed_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    proposed_by_id: int
    export_sha256: Any = CharField(max_length=64)
    export_bytes: Any = BigIntegerField()
    people: Any = IntegerField()
    requests: Any = IntegerField()
    entries: Any = IntegerField()
    withdrawn_at: Any = InstantField(null=True)
    withdrawn_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    agreed_at: Any = InstantField(null=True)
    agreed_by: Any = ForeignKeyField(Appointment, null=True, backref="+", index=False)
    agreed_by_id: int | None
    gate: Any = ForeignKeyField(
        "self", null=True, backref="+", index=False, deferrable="INITIALLY DEFERRED"
    )
    removed: Any = TextField(default="{}")
    finished_at: Any = InstantField(null=True)

    class Meta:
        table_name = "ledger_disposal"
        indexes = (
            (("municipality", "year"), False),
            (("proposed_by", "form_key"), True),
        )
        constraints = [
            Check("id > 0", name="ledger_disposal_id"),
            Check("gate_id IS NULL OR gate_id = 0", name="ledger_disposal_gate"),
            Check("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="ledger_disposal_agreed_by"),
            Check("agreed_by_id <> proposed_by_id", name="ledger_disposal_two_officials"),
            Check(
                "agreed_at IS NOT NULL OR (gate_id IS NULL AND finished_at IS NULL)",
                name="ledger_disposal_agreed_first",
            ),
            Check(
                "agreed_at IS NULL OR withdrawn_at IS NULL", name="ledger_disposal_not_withdrawn"
            ),
        ]


@append_only
class DisposalRecord(Model):
    """The certificate (廃棄記録) that a fiscal year was disposed of, in numbers; it stays for good.

    ``number`` counts from 1 in each municipality. ``counts`` is JSON: how many rows of each kind were
    removed. ``last_entry`` is the id of the last journal row that was; ``audit_seal`` and ``audit_hash``
    are the head of the audit's chain at that moment. ``hash`` covers all columns and ``previous``,
    the hash of the record before; it stands in the audit too, whose chain covers it.
    """

    disposal: Any = ForeignKeyField(Disposal, backref="+", unique=True)
    disposal_id: int
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    municipality_id: int
    number: Any = IntegerField()
    year: Any = IntegerField()
    first_day: Any = DateField()
    last_day: Any = DateField()
    kept_years: Any = IntegerField()
    reason: Any = TextField()
    proposed_at: Any = InstantField()
    proposed_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    proposed_by_id: int
    agreed_at: Any = InstantField()
    agreed_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    agreed_by_id: int
    finished_at: Any = InstantField()
    export_sha256: Any = CharField(max_length=64)
    people: Any = IntegerField()
    counts: Any = TextField()
    last_entry: Any = BigIntegerField(null=True)
    audit_seal: Any = IntegerField(null=True)
    audit_hash: Any = CharField(max_length=64)
    previous: Any = CharField(max_length=64)
    hash: Any = CharField(max_length=64)

    class Meta:
        table_name = "ledger_disposal_record"
        indexes = (
            (("municipality", "number"), True),
            (("municipality", "year"), True),
        )
