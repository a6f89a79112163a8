"""What officials see of disposals: proposals, what is being removed, and records that stay."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from peewee import JOIN

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment, Person
from niwari.errors import NotFound
from niwari.ledger.disposing.parts import PARTS
from niwari.ledger.disposing.proposing import OPEN_FOR
from niwari.ledger.models import Disposal, DisposalRecord
from niwari.specs.contributions import Label

PAGE = 50

State = Literal["waiting", "lapsed", "withdrawn", "running", "done"]


@dataclass(frozen=True, slots=True)
class Record:
    """What the record says beyond its proposal; ``counts`` are the rows removed, by kind."""

    number: int
    counts: tuple[tuple[Label, int], ...]
    last_entry: int | None
    audit_seal: int | None
    audit_hash: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A disposal as its page shows it; ``removed`` of ``total`` rows of requests and postings are gone."""

    id: int
    state: State
    year: int
    first_day: date
    last_day: date
    kept_years: int
    reason: str
    people: int
    requests: int
    entries: int
    export_sha256: str
    export_bytes: int
    proposed_at: datetime
    proposed_by: str
    proposed_by_me: bool
    lapses_at: datetime
    withdrawn_at: datetime | None
    agreed_at: datetime | None
    agreed_by: str | None
    finished_at: datetime | None
    removed: int
    record: Record | None

    @property
    def total(self) -> int:
        """The requests and postings that the proposal named."""
        return self.requests + self.entries


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list, the newest first; ``number`` is that of its record."""

    id: int
    state: State
    year: int
    proposed_at: datetime
    finished_at: datetime | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of disposals; ``following`` is where the next one begins, or ``None``."""

    disposals: tuple[Listed, ...]
    following: int | None


def disposals(ctx: Context, *, before: int | None = None) -> Page:
    """Return the disposals of the acting municipality, the newest first, ``PAGE`` at most."""
    query = (
        Disposal.select(Disposal, DisposalRecord.number.alias("number"))
        .join(DisposalRecord, JOIN.LEFT_OUTER, on=(DisposalRecord.disposal == Disposal.id))
        .where(Disposal.municipality == ctx.municipality.id)
    )
    if before is not None:
        query = query.where(Disposal.id < before)
    found: Any = list(query.order_by(Disposal.id.desc()).limit(PAGE + 1).objects())
    shown = tuple(
        Listed(row.id, _state(ctx, row), row.year, row.proposed_at, row.finished_at, row.number)
        for row in found[:PAGE]
    )
    return Page(shown, shown[-1].id if len(found) > PAGE else None)


def disposal(ctx: Context, disposal_id: int) -> Shown:
    """Return one disposal of the acting municipality; else ``NotFound``."""
    row: Any = Disposal.get_or_none(
        (Disposal.id == disposal_id) & (Disposal.municipality == ctx.municipality.id)
    )
    if row is None:
        raise NotFound
    names = _officials(row)
    state = _state(ctx, row)
    record = DisposalRecord.get(DisposalRecord.disposal == row.id) if state == "done" else None
    removed = json.loads(row.removed)
    proposer = names[row.proposed_by_id]
    return Shown(
        id=row.id,
        state=state,
        year=row.year,
        first_day=row.first_day,
        last_day=row.last_day,
        kept_years=row.kept_years,
        reason=row.reason,
        people=row.people,
        requests=row.requests,
        entries=row.entries,
        export_sha256=row.export_sha256,
        export_bytes=row.export_bytes,
        proposed_at=row.proposed_at,
        proposed_by=proposer[1],
        proposed_by_me=proposer[0] == ctx.person_id,
        lapses_at=row.proposed_at + OPEN_FOR,
        withdrawn_at=row.withdrawn_at,
        agreed_at=row.agreed_at,
        agreed_by=names[row.agreed_by_id][1] if row.agreed_by_id else None,
        finished_at=row.finished_at,
        removed=removed.get("requests", 0) + removed.get("entries", 0),
        record=_record(record) if record is not None else None,
    )


def _officials(row: Any) -> dict[int, tuple[int, str]]:
    """Return (person, name) of the two officials, by their posts."""
    posts = [post for post in (row.proposed_by_id, row.agreed_by_id) if post is not None]
    query = (
        Appointment.select(Appointment.id, Person.id, Person.name)
        .join(Person)
        .where(Appointment.id.in_(posts))
    )
    return {post: (person, name) for post, person, name in rows(query)}


def _record(row: Any) -> Record:
    counts = json.loads(row.counts)
    return Record(
        row.number,
        tuple((part.label, counts.get(part.code, 0)) for part in PARTS),
        row.last_entry,
        row.audit_seal,
        row.audit_hash,
        row.previous,
        row.hash,
    )


def _state(ctx: Context, row: Any) -> State:
    if row.finished_at is not None:
        return "done"
    if row.agreed_at is not None:
        return "running"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "waiting" if ctx.now < row.proposed_at + OPEN_FOR else "lapsed"
