"""Reading a municipality's chain of seals with the rows that each covers, in portions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from peewee import JOIN

from niwari.audit.models import AuditEntry, AuditSeal, AuditValue, SealedEntry

PORTION = 1_000
"""How many rows are in memory at once."""

_LOWEST = -(2**31)


@dataclass(frozen=True, slots=True)
class Member:
    """A row as a seal covers it; ``entry`` is ``None`` where it was taken away.

    ``value`` is what is kept beside it, ``None`` where there was nothing or it was erased.
    """

    seal_id: int
    position: int
    entry_id: int
    digest: str
    entry: AuditEntry | None
    value: AuditValue | None


def seals_to(municipality_id: int, last: int) -> Iterator[Any]:
    """Yield the seals of a municipality up to the number ``last``, in their order."""
    number = _LOWEST
    while number < last:
        portion = list(
            AuditSeal.select()
            .where(
                (AuditSeal.municipality_id == municipality_id)
                & AuditSeal.number.between(number + 1, last)
            )
            .order_by(AuditSeal.number)
            .limit(PORTION)
        )
        yield from portion
        if len(portion) < PORTION:
            return
        number = portion[-1].number


def with_members(seals: Iterable[Any]) -> Iterator[tuple[Any, Iterator[Member]]]:
    """Yield each seal with its rows, which are to be read before the next seal is asked for."""
    for group in _groups(seals):
        found = groupby(_members([seal.id for seal in group]), key=lambda member: member.seal_id)
        current = next(found, None)
        for seal in group:
            if current is None or current[0] != seal.id:
                yield seal, iter(())
                continue
            yield seal, current[1]
            current = next(found, None)


def _groups(seals: Iterable[Any]) -> Iterator[list[Any]]:
    """Put seals together whose rows fit into a portion and whose ids ascend, as honest ones do."""
    group: list[Any] = []
    expected = 0
    for seal in seals:
        if group and (expected + seal.rows > PORTION or seal.id < group[-1].id):
            yield group
            group, expected = [], 0
        group.append(seal)
        expected += max(seal.rows, 1)
    if group:
        yield group


def _members(seal_ids: Sequence[int]) -> Iterator[Member]:
    """Yield the rows of seals, by seal and position: read along an index, never sorted."""
    wanted: Any = SealedEntry.seal.in_(seal_ids)
    while True:
        portion = list(
            SealedEntry.select(SealedEntry, AuditEntry, AuditValue)
            .join_from(
                SealedEntry,
                AuditEntry,
                JOIN.LEFT_OUTER,
                on=(AuditEntry.id == SealedEntry.entry_id),
                attr="entry",
            )
            .join_from(
                AuditEntry,
                AuditValue,
                JOIN.LEFT_OUTER,
                on=(AuditValue.id == AuditEntry.id),
                attr="value",
            )
            .where(wanted)
            .order_by(SealedEntry.seal, SealedEntry.position)
            .limit(PORTION + 1)  # one more, so that a full group needs no second look
        )
        for one in portion:
            entry = getattr(one, "entry", None)
            yield Member(
                one.seal_id,
                one.position,
                one.entry_id,
                one.digest,
                entry,
                getattr(entry, "value", None),
            )
        if len(portion) <= PORTION:
            return
        last = portion[-1]
        same = (SealedEntry.seal == last.seal_id) & (SealedEntry.position > last.position)
        later = [seal_id for seal_id in seal_ids if seal_id > last.seal_id]
        wanted = same | SealedEntry.seal.in_(later) if later else same
