"""Whose work time a file gives, and the trace that its import leaves."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked
from niwari.directory.importing.stored import chunks
from niwari.directory.models import Appointment, Person
from niwari.errors import N_
from niwari.tabular import Refusals, shown


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, in lines of the file."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the directory, and the municipality of the latest appointment."""

    person_id: int
    municipality_id: int


def load_staff(logins: Iterable[str]) -> dict[str, Staff]:
    """Return those of ``logins`` that the directory has, locked in the order of their ids.

    Somebody who was never appointed is not among them.
    """
    staff = {}
    for chunk in chunks(sorted(set(logins))):
        rows: Any = (
            Person.select(Person.id, Person.login, Appointment.municipality)
            .join(Appointment)
            .where(Person.login.in_(chunk))
            .order_by(Person.id, Appointment.is_main, Appointment.starts_on)
        )
        for person_id, login, municipality_id in locked(rows).tuples():
            staff[login] = Staff(person_id, municipality_id)
    return staff


def refuse_unknown(lines: Mapping[int, str], staff: Collection[str], refusals: Refusals) -> None:
    """Refuse the lines (number to login) of people whom the directory does not have."""
    for number, login in lines.items():
        if login not in staff:
            refusals.add(
                number,
                "login",
                N_("%(login)s という職員は登録されていません。"),
                login=shown(login),
            )


def record_import(
    ctx: Context, action: str, data: bytes, outcomes: Iterable[tuple[Staff, str]]
) -> ImportReport:
    """Write an audit row for each municipality where something changed; return the counts.

    ``outcomes`` are added, changed or unchanged, one for each line.
    """
    by_municipality: dict[int, Counter[str]] = {}
    for staff, outcome in outcomes:
        by_municipality.setdefault(staff.municipality_id, Counter())[outcome] += 1
    digest = sha256(data).hexdigest()
    for municipality_id, counts in sorted(by_municipality.items()):
        if counts["added"] or counts["changed"]:
            audit.record(
                ctx,
                action,
                "municipality",
                municipality_id,
                municipality_id=municipality_id,
                file=digest,
                added=counts["added"],
                changed=counts["changed"],
            )
    return ImportReport(**sum(by_municipality.values(), Counter()))
