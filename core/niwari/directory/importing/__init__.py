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

from niwari.audit import service as audit
from niwari.context import Context, MunicipalityRef
from niwari.db import transaction
from niwari.directory.importing.changes import changes_of
from niwari.directory.importing.cycles import refuse_cycles
from niwari.directory.importing.lines import COLUMNS, PersonLine, read_lines
from niwari.directory.importing.plan import ImportReport, PeoplePlan, make_plan, report_of
from niwari.directory.importing.planned import Plan
from niwari.directory.importing.portions import portions
from niwari.directory.importing.stored import Stored, load_stored, lock_towns
from niwari.directory.importing.towns import hide_strangers, refuse_people_of_others
from niwari.directory.importing.writing import write_plan
from niwari.directory.registered import refuse_unregistered
from niwari.tabular import Refusals

__all__ = ["COLUMNS", "ImportReport", "import_people", "plan_people"]


Progress = Callable[[int, int], object]
"""Is told of how many lines, in all, how many are done."""


def import_people(
    ctx: Context,
    data: bytes,
    *,
    dry_run: bool = False,
    new_municipalities: bool = False,
    progress: Progress = lambda done, lines: None,
) -> ImportReport:
    """Import the bytes of people.csv as a whole; with ``dry_run`` only say what would be done.

    Importing the same file again changes nothing and leaves no audit row. A section that is not
    there yet is made; a municipality of the reference table only with ``new_municipalities``, else
    its lines are refused, as a slip in a code may name any. Days are Tokyo days, both ends
    included. A post that follows on another, which the file does not name, ends that one the day
    before; so does a new head of a section. An empty ``end`` does not take back what a later
    transfer ended. Each municipality where something changed gets an audit row.

    ``ctx`` is that of a system actor for the installation, as the file may have several
    municipalities; nothing in it limits which. A large file is gone through in portions, all in one
    transaction, so that memory holds the lines and one portion's plan. Raises ``ImportRefused`` with
    all bad lines, and has then written nothing.
    """
    refusals = Refusals()
    lines, doubtful = read_lines(data, refusals)
    digest = sha256(data).hexdigest()
    counts: Counter[str] = Counter()
    done, count = 0, len(lines)
    with transaction(ctx), _passed_over():
        registered = lock_towns(lines)
        new = _check_towns(lines, registered, refusals, new_municipalities)
        for portion in portions(lines):
            stored, portion = load_stored(portion, ctx.today, refusals)
            plan = _compared(portion, stored, doubtful, refusals)
            if not refusals and not dry_run:
                write_plan(plan, stored)
                _record(ctx, plan, stored, digest)
            counts += sum(plan.by_municipality.values(), Counter())
            done += len(portion)
            progress(done, count)
        refusals.raise_if_any()
    return report_of(counts, new)


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
    lines, doubtful = read_lines(data, refusals, town.code if town else "")
    _check_towns(lines, lock_towns(lines), refusals, new_municipalities)
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
        _record(ctx, plan, stored, sha256(data).hexdigest())

    changes, unchanged = changes_of(plan, stored)
    return Plan(changes, unchanged, write, withheld=strangers)


@contextmanager
def _passed_over() -> Iterator[None]:
    """Keep the collector from going through all lines again for each portion: none is garbage."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _check_towns(
    lines: Sequence[PersonLine], registered: Collection[str], refusals: Refusals, making: bool
) -> tuple[str, ...]:
    """Return the codes of the municipalities that will be made; refuse what may not be."""
    named = {line.municipality for line in lines}
    refuse_unregistered(
        ((line.number, "municipality", line.municipality) for line in lines),
        named if making else registered,
        refusals,
    )
    return tuple(sorted(named.difference(registered)))


def _compared(
    lines: Sequence[PersonLine], stored: Stored, doubtful: Collection[str], refusals: Refusals
) -> PeoplePlan:
    plan = make_plan(lines, stored, doubtful, refusals)
    refuse_cycles(lines, plan.planned, refusals)
    return plan


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
