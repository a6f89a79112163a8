"""What every import can say before it is done, and how it is done: planned and written in one go.

A kind of file has a planner. Pages and commands show its plan; carrying it out plans anew, in the
transaction that writes, so what is written is what is true then.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Literal

from niwari.context import Context, MunicipalityRef
from niwari.db import transaction
from niwari.errors import N_, DomainError
from niwari.tabular import BadLine, ImportRefused

Outcome = Literal["added", "changed", "ended"]
OUTCOMES: tuple[Outcome, ...] = ("added", "changed", "ended")

Values = tuple[tuple[str, str], ...]
"""Pairs of a column of the file and what stands in it."""


class PlanChanged(DomainError):
    """What would be written is no longer what the person saw."""

    text = N_(
        "内容を確かめたあとに登録が変わったため、取り込む内容も変わりました。何も取り込んでいません。もう一度、内容を確かめてください。"
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does to one thing, ``subject``: a person by login and name.

    ``line`` is the physical line that says so, 0 where none does. ``before`` and ``after`` hold the
    columns that differ; of what is added there is no before.
    """

    line: int
    outcome: Outcome
    subject: str
    before: Values = ()
    after: Values = ()


@dataclass(frozen=True)
class Plan:
    """What an import will do. ``unchanged`` counts lines that say what is known.

    ``write`` does it; it is called in the transaction in which the plan was made. ``remarks`` looks
    for lines that are taken but may not be meant so; whoever shows the plan to somebody asks.
    ``withheld`` is why ``write`` will refuse it, where a preview is not to tell.
    """

    changes: Sequence[Change]
    unchanged: int
    write: Callable[[], None]
    remarks: Callable[[], Sequence[BadLine]] = tuple
    withheld: ImportRefused | None = None

    @cached_property
    def counts(self) -> Counter[str]:
        """How many changes there are of each outcome."""
        return Counter(change.outcome for change in self.changes)

    @cached_property
    def digest(self) -> str:
        """A mark of the changes: equal where the same would be written (64 hex digits)."""
        return sha256(repr((list(self.changes), self.unchanged)).encode()).hexdigest()


Planner = Callable[[Context, bytes, MunicipalityRef | None], Plan]
"""Plans the import of a file's bytes, inside a transaction.

With a municipality only its people may be touched, and other lines are refused. Raises
``ImportRefused`` with all bad lines.
"""


def carry_out(
    ctx: Context,
    planner: Planner,
    data: bytes,
    *,
    town: MunicipalityRef | None = None,
    dry_run: bool = False,
    seen: str = "",
) -> Plan:
    """Plan the import of a file and do it, as a whole; with ``dry_run`` only plan.

    ``seen`` is the digest of the plan that somebody agreed to. Raises ``PlanChanged`` where it would
    be another one now, and ``ImportRefused``; then nothing is written.
    """
    with transaction(ctx):
        plan = planner(ctx, data, town)
        if seen and plan.digest != seen:
            raise PlanChanged
        if not dry_run:
            plan.write()
    return plan
