"""Whose work time a file gives, and the trace that its import leaves."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Protocol

from niwari.audit import service as audit
from niwari.context import Context, MunicipalityRef
from niwari.db import is_postgresql, locked
from niwari.db.sets import chunks
from niwari.directory.importing.planned import Change, Plan
from niwari.directory.models import Appointment, Person
from niwari.errors import N_
from niwari.tabular import BadLine, Refusals, shown


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, in lines of the file."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class StaffLine(Protocol):
    """A line of a file that names a person."""

    @property
    def number(self) -> int:
        """Its physical number, from 1."""

    @property
    def login(self) -> str:
        """The person's login."""


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """One good line of leave; ``start`` and ``end`` are instants, the end not included."""

    number: int
    login: str
    kind: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the directory, and the municipality where the person is today.

    It is that of the main post held today, without one that of the next to come, else of the last.
    """

    person_id: int
    municipality_id: int
    login: str
    name: str

    @property
    def subject(self) -> str:
        """How a list of changes calls the person."""
        return f"{self.login} {self.name}"


def load_staff(
    logins: Iterable[str], today: date, town: MunicipalityRef | None = None
) -> dict[str, Staff]:
    """Return those of ``logins`` that the directory has, locked in the order of their logins.

    Somebody who was never appointed is not among them; with ``town`` nor is anybody of others.
    """
    held: dict[int, tuple[Any, ...]] = {}
    staff: dict[str, Staff] = {}
    for chunk in chunks(sorted(set(logins))):
        query: Any = (
            Person.select(
                Person.id,
                Person.login,
                Person.name,
                Appointment.municipality,
                Appointment.starts_on,
                Appointment.ends_on,
                Appointment.is_main,
                Appointment.id,
            )
            .join(Appointment)
            .where(Person.login.in_(chunk))
            .order_by(_by_login(), Appointment.id)
        )
        for person_id, login, name, municipality_id, *post in locked(query).tuples():
            rank = _rank(today, *post)
            if person_id not in held or rank > held[person_id]:
                held[person_id] = rank
                staff[login] = Staff(person_id, municipality_id, login, name)
    if town is None:
        return staff
    return {login: one for login, one in staff.items() if one.municipality_id == town.id}


def _by_login() -> Any:
    # As Python orders the chunks: whoever locks the same people meets them in the same order.
    return Person.login.collate('"C"') if is_postgresql() else Person.login


def _rank(
    today: date, first: date, last: date | None, is_main: bool, post_id: int
) -> tuple[Any, ...]:
    """Order the posts of a person; the highest one tells whose the person is ``today``.

    A post that is held comes before one that is yet to begin, and that before one that is over: a
    transfer that is imported ahead of its day moves nobody yet, and who is new is prepared for.
    """
    if first > today:
        return (1, is_main, today - first, post_id)
    if last is not None and last < today:
        return (0, is_main, last - today, post_id)
    return (2, is_main, first - today, post_id)


def staff_of(
    lines: Collection[StaffLine], today: date, town: MunicipalityRef | None, refusals: Refusals
) -> dict[str, Staff]:
    """Return the people of the lines as ``load_staff`` does; the lines of others are refused."""
    staff = load_staff((line.login for line in lines), today, town)
    for line in lines:
        if line.login not in staff:
            refusals.add(
                line.number,
                "login",
                N_("%(login)s という職員は登録されていません。"),
                login=shown(line.login),
            )
    return staff


def planned(
    ctx: Context,
    action: str,
    data: bytes,
    lines: Iterable[tuple[Staff, Change | None]],
    write: Callable[[], None],
    remarks: Callable[[], Sequence[BadLine]] = tuple,
) -> Plan:
    """Return the plan of an import; ``lines`` say of each line what it changes (``None``: nothing).

    Its writing leaves an audit row for each municipality where something changes.
    """
    lines = list(lines)
    changes = [change for _, change in lines if change is not None]

    def write_and_record() -> None:
        write()
        _record(ctx, action, data, lines)

    return Plan(changes, len(lines) - len(changes), write_and_record, remarks)


def report_of(plan: Plan) -> ImportReport:
    """Return the counts of a plan."""
    return ImportReport(plan.counts["added"], plan.counts["changed"], plan.unchanged)


def _record(
    ctx: Context, action: str, data: bytes, lines: Iterable[tuple[Staff, Change | None]]
) -> None:
    by_municipality: dict[int, Counter[str]] = {}
    for staff, change in lines:
        if change is not None:
            counts = by_municipality.setdefault(staff.municipality_id, Counter())
            counts[change.outcome] += 1
    digest = sha256(data).hexdigest()
    audit.record_each(
        ctx,
        action,
        "municipality",
        (
            (town, town, {"file": digest, "added": counts["added"], "changed": counts["changed"]})
            for town, counts in sorted(by_municipality.items())
        ),
    )
