"""What auditors read of their municipality's audit; names of actors, but no texts of people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from niwari.admin.acts import code_of
from niwari.audit import service as audit
from niwari.audit.models import AuditEntry, AuditSeal
from niwari.audit.sealing import last_seal
from niwari.audit.values import Change, changes
from niwari.clock import TOKYO
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, Person
from niwari.errors import N_, Invalid
from niwari.pages.addresses import whole_number
from niwari.specs.contributions import Label
from niwari.tabular import csv_portions

PAGE = 50
MOST_DOWNLOADED = 200_000
"""Rows of one CSV file, the newest of the filter; Excel shows about a million."""

_PORTION = 1_000
_LONGEST = 2**63 - 1
_COLUMNS = (
    ("number", AuditEntry.id),
    ("at", AuditEntry.at),
    ("actor_appointment", AuditEntry.actor_id),
    ("on_behalf_of_appointment", AuditEntry.on_behalf_of_id),
    ("system_actor", AuditEntry.actor),
    ("action", AuditEntry.action),
    ("object_kind", AuditEntry.object_kind),
    ("object_id", AuditEntry.object_id),
    ("details", AuditEntry.details),
    ("request", AuditEntry.request_id),
)


_NOTED = (
    Label("市町村", "Municipality"),
    Label("封の番号", "Seal number"),
    Label("封をした日時", "Sealed at"),
    Label("封の値", "Seal value"),
    Label("確かめるときの命令", "To check"),
)


class UnknownActor(Invalid):
    """Nobody with this account, or no post with this number, is of the municipality."""

    text = N_(
        "「%(actor)s」に当たる職員は、この市町村に見つかりません。氏名ではなく、アカウントか番号を入力してください。"
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """The auditor's filter: Tokyo days, both included; ``actor`` is an account or a post's id.

    ``action`` is a code or what people call it.
    """

    first: date | None = None
    last: date | None = None
    action: str = ""
    object_kind: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list, newest first: after the row ``id`` of the instant ``at``."""

    at: datetime
    id: int

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Position | None":
        """Read it from an address; what is none gives ``None``."""
        micros, _, number = text.partition("-")
        passed, entry_id = whole_number(micros, _LONGEST), whole_number(number, _LONGEST)
        if passed is None or entry_id is None:
            return None
        try:
            return cls(_EPOCH + timedelta(microseconds=passed), entry_id)
        except OverflowError:
            return None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Acts:
    """A page of the audit. ``names`` are those of its actors by appointment.

    ``changes`` are those of its acts, by their ids, that were not erased.
    """

    entries: Sequence[AuditEntry]
    names: Mapping[int, str]
    changes: Mapping[int, Change]
    following: Position | None


def acts(ctx: Context, wanted: Wanted, after: Position | None = None) -> Acts:
    """Return up to ``PAGE`` acts in the own municipality, the newest first.

    Raises ``UnknownActor``.
    """
    condition = _condition(ctx, wanted)
    found = list(_newest(condition, after, PAGE + 1))
    shown = found[:PAGE]
    more = len(found) > PAGE
    return Acts(
        entries=shown,
        names=_names(shown),
        changes=changes([entry.id for entry in shown if entry.values_hash]),
        following=Position(shown[-1].at, shown[-1].id) if more else None,
    )


def download(ctx: Context, wanted: Wanted) -> Iterator[bytes]:
    """Return what ``acts`` lists as a CSV file in pieces, up to ``MOST_DOWNLOADED`` rows.

    That somebody takes it is itself an act, which is written before this returns; the rows are read
    as the pieces are taken. Posts are written as ids, because a file goes where names need not; what
    acts changed stays out too. Raises ``UnknownActor``.
    """
    condition = _condition(ctx, wanted)
    with transaction(ctx):
        audit.record(
            ctx,
            "audit.download",
            "municipality",
            ctx.municipality.id,
            first=wanted.first.isoformat() if wanted.first else None,
            last=wanted.last.isoformat() if wanted.last else None,
            filtered=any((wanted.action, wanted.object_kind, wanted.actor)),
        )
    return csv_portions([name for name, _ in _COLUMNS], _portions(condition))


def head(ctx: Context) -> AuditSeal | None:
    """Return the last seal of the own municipality's chain, or ``None`` before the first."""
    return last_seal(ctx.municipality.id)


def head_note(ctx: Context, seal: AuditSeal) -> str:
    """Return the text that an auditor keeps elsewhere to compare with later.

    In Japanese, and below it in the reader's language where that is another.
    """
    code = ctx.municipality.code
    values = (
        f"{code} {ctx.municipality.name}",
        f"{seal.number}",
        seal.at.astimezone(TOKYO).isoformat(timespec="seconds"),
        seal.hash,
        f"niwari audit verify --municipality {code} --expect {seal.hash}",
    )
    return "\n".join(
        "".join(
            f"{label.text(locale)}{': ' if locale == 'en' else '：'}{value}\n"
            for label, value in zip(_NOTED, values, strict=True)
        )
        for locale in ("ja", "en")[: 2 if ctx.locale == "en" else 1]
    )


def _portions(condition: Any) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of the file as they are asked for."""
    after, left = None, MOST_DOWNLOADED
    while left:
        limit = min(left, _PORTION)
        portion = rows(_newest(condition, after, limit).select(*(c for _, c in _COLUMNS)))
        yield portion
        if len(portion) < limit:
            return
        after, left = Position(portion[-1][1], portion[-1][0]), left - limit


def _newest(condition: Any, after: Position | None, limit: int) -> Any:
    if after is not None:
        same = (AuditEntry.at == after.at) & (AuditEntry.id < after.id)
        condition &= (AuditEntry.at <= after.at) & ((AuditEntry.at < after.at) | same)
    newest_first = (AuditEntry.at.desc(), AuditEntry.id.desc())
    return AuditEntry.select().where(condition).order_by(*newest_first).limit(limit)


def _condition(ctx: Context, wanted: Wanted) -> Any:
    found: Any = AuditEntry.municipality_id == ctx.municipality.id
    if wanted.first:
        found &= AuditEntry.at >= _midnight(wanted.first)
    if wanted.last:
        found &= AuditEntry.at < _midnight(wanted.last) + timedelta(days=1)
    if wanted.action:
        found &= AuditEntry.action == code_of(wanted.action)
    if wanted.object_kind:
        found &= AuditEntry.object_kind == wanted.object_kind
    if wanted.actor:
        found &= AuditEntry.actor_id.in_(_posts(ctx, wanted.actor))
    return found


def _posts(ctx: Context, actor: str) -> list[int]:
    """Return the posts in the own municipality that an account, or a post's number, names."""
    query = Appointment.select(Appointment.id).where(
        Appointment.municipality == ctx.municipality.id
    )
    number = whole_number(actor)
    if number is not None:
        query = query.where(Appointment.id == number)
    else:
        query = query.join(Person).where(Person.login == actor)
    found = [one for (one,) in rows(query)]
    if not found:
        raise UnknownActor(actor=actor, field="actor")
    return found


def _names(entries: Sequence[AuditEntry]) -> dict[int, str]:
    ids = {one for entry in entries for one in (entry.actor_id, entry.on_behalf_of_id) if one}
    if not ids:
        return {}
    query = Appointment.select(Appointment.id, Person.name).join(Person)
    return dict(rows(query.where(Appointment.id.in_(sorted(ids)))))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)
