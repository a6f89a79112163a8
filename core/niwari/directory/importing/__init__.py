"""Importing people.csv: the people of one or several municipalities, their posts and their heads.

A file names all posts of the people that it names, from each new post on; people whom it does not
name stay as they are. ``lines`` checks each line, ``stored`` reads what there is, ``posts`` and
``heads`` compare, ``writing`` writes; ``changes`` says all of it to people.
"""

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import BinaryIO

from niwari.audit import service as audit
from niwari.context import Context, MunicipalityRef
from niwari.db import transaction
from niwari.db.sets import planned_anew
from niwari.directory.importing.changes import changes_of
from niwari.directory.importing.cycles import refuse_cycles
from niwari.directory.importing.lines import COLUMNS, PersonLine, each_line
from niwari.directory.importing.plan import ImportReport, PeoplePlan, make_plan, report_of
from niwari.directory.importing.planned import Change, Plan
from niwari.directory.importing.portions import gathered
from niwari.directory.importing.stored import Stored, load_stored, lock_towns
from niwari.directory.importing.towns import hide_strangers, refuse_people_of_others
from niwari.directory.importing.writing import write_plan
from niwari.directory.registered import refuse_unregistered
from niwari.tabular import Refusals

__all__ = ["COLUMNS", "ImportReport", "import_people", "plan_people"]


Progress = Callable[[int, int], object]
"""Is told of how many lines, in all, how many are done."""

Tell = Callable[[Sequence[Change]], object]
"""Is told the changes of a portion of the file, also of one that is refused later."""


def import_people(
    ctx: Context,
    data: bytes | BinaryIO,
    *,
    dry_run: bool = False,
    new_municipalities: bool = False,
    progress: Progress = lambda done, lines: None,
    tell: Tell | None = None,
) -> ImportReport:
    """Import people.csv as a whole; with ``dry_run`` only say what would be done.

    Importing the same file again changes nothing and leaves no audit row. A section that is not
    there yet is made; a municipality of the reference table only with ``new_municipalities``, else
    its lines are refused, as a slip in a code may name any. Days are Tokyo days, both ends
    included. A post that follows on another, which the file does not name, ends that one the day
    before; so does a new head of a section. An empty ``end`` does not take back what a later
    transfer ended. Each municipality where something changed gets an audit row.

    ``ctx`` is that of a system actor for the installation, as the file may have several
    municipalities; nothing in it limits which. A file that is open, in binary, is read as a stream
    and not closed. It is gone through in portions, all in one transaction: memory holds one portion,
    and of each line some bytes. ``tell`` gets the changes of each portion. Raises ``ImportRefused``
    with all bad lines, and has then written nothing.
    """
    refusals = Refusals()
    doubtful: set[str] = set()
    counts: Counter[str] = Counter()
    done = 0
    with _collected_by_portion() as collect, gathered(each_line(data, refusals, doubtful)) as lines:
        digest = "" if dry_run else _digest(data)
        with transaction(ctx), planned_anew():
            named = frozenset(lines.towns)
            registered = lock_towns(named)
            may_be = named if new_municipalities else registered
            for portion in lines.portions():
                _refuse_unregistered(portion, may_be, refusals)
                counts += _import_portion(ctx, portion, doubtful, refusals, digest, tell)
                done += len(portion)
                del portion
                collect()
                progress(done, lines.count)
            refusals.raise_if_any()
    return report_of(counts, tuple(sorted(named - registered.keys())))


@contextmanager
def _collected_by_portion() -> Iterator[Callable[[], object]]:
    """Keep the collector from going through all that is alive again and again: none is garbage.

    Yields what lets it look at the objects that are new since the last time, of which few are left.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield lambda: gc.collect(0)
    finally:
        if was_enabled:
            gc.enable()


def _import_portion(
    ctx: Context,
    lines: Sequence[PersonLine],
    doubtful: Collection[str],
    refusals: Refusals,
    digest: str,
    tell: Tell | None,
) -> Counter[str]:
    """Import some lines of the file that has ``digest``, without one only say what would be done."""
    stored, lines = load_stored(lines, ctx.today, refusals)
    plan = _compared(lines, stored, doubtful, refusals)
    if tell is not None and not refusals:
        tell(changes_of(plan, stored)[0])
    if digest and not refusals:
        write_plan(plan, stored)
        _record(ctx, plan, stored, digest)
    return sum(plan.by_municipality.values(), Counter())


def plan_people(
    ctx: Context,
    data: bytes,
    town: MunicipalityRef | None,
    *,
    new_municipalities: bool = False,
) -> Plan:
    """Plan what ``import_people`` does; with ``town`` for its own people alone (a ``Planner``).

    Then lines of other municipalities are refused, and those of people who are or were of one; of
    those who were never here, only when they are to be written (``towns``). So no municipality can
    be made.
    """
    refusals = Refusals()
    doubtful: set[str] = set()
    lines = list(each_line(data, refusals, doubtful, town.code if town else ""))
    named = frozenset(line.municipality for line in lines)
    registered = lock_towns(named)
    _refuse_unregistered(lines, named if new_municipalities else registered, refusals)
    stored, lines = load_stored(lines, ctx.today, refusals)
    strangers = None
    if town is not None:
        strangers = hide_strangers(lines, stored, town.code)
        refuse_people_of_others(lines, stored, town.code, refusals)
    plan = _compared(lines, stored, doubtful, refusals)
    refusals.raise_if_any()

    def write() -> None:
        if strangers is not None:
            raise strangers
        write_plan(plan, stored)
        _record(ctx, plan, stored, _digest(data))

    changes, unchanged = changes_of(plan, stored)
    return Plan(changes, unchanged, write, withheld=strangers)


def _refuse_unregistered(
    lines: Sequence[PersonLine], registered: Collection[str], refusals: Refusals
) -> None:
    cells = ((line.number, "municipality", line.municipality) for line in lines)
    refuse_unregistered(cells, registered, refusals)


def _compared(
    lines: Sequence[PersonLine], stored: Stored, doubtful: Collection[str], refusals: Refusals
) -> PeoplePlan:
    plan = make_plan(lines, stored, doubtful, refusals)
    refuse_cycles(lines, plan.planned, refusals)
    return plan


def _digest(data: bytes | BinaryIO) -> str:
    if isinstance(data, bytes):
        return sha256(data).hexdigest()
    found = sha256()
    data.seek(0)
    while block := data.read(2**16):
        found.update(block)
    return found.hexdigest()


def _record(ctx: Context, plan: PeoplePlan, stored: Stored, digest: str) -> None:
    touched = [
        (stored.municipalities[code], counts)
        for code, counts in sorted(plan.by_municipality.items())
        if counts["added"] or counts["changed"] or counts["ended"]
    ]
    audit.record_each(
        ctx,
        "directory.import",
        "municipality",
        (
            (
                town,
                town,
                {
                    "file": digest,
                    "added": counts["added"],
                    "changed": counts["changed"],
                    "ended": counts["ended"],
                },
            )
            for town, counts in touched
        ),
    )
