"""Importing people.csv: the people of one or several municipalities, their posts and their heads.

A file names all posts of the people that it names, from each new post on; people whom it does not
name stay as they are. ``lines`` checks each line, ``stored`` reads what there is, ``posts`` and
``heads`` compare, ``writing`` writes; ``changes`` says all of it to people.
"""

from collections.abc import Callable
from hashlib import sha256

from niwari.audit import service as audit
from niwari.context import Context, MunicipalityRef
from niwari.db import transaction
from niwari.directory.importing.changes import changes_of
from niwari.directory.importing.cycles import refuse_cycles
from niwari.directory.importing.lines import COLUMNS, read_lines
from niwari.directory.importing.plan import ImportReport, PeoplePlan, make_plan
from niwari.directory.importing.planned import Plan
from niwari.directory.importing.stored import Stored, load_stored
from niwari.directory.importing.towns import refuse_people_of_others
from niwari.directory.importing.writing import write_plan
from niwari.tabular import Refusals

__all__ = ["COLUMNS", "ImportReport", "import_people", "plan_people"]


def import_people(ctx: Context, data: bytes, *, dry_run: bool = False) -> ImportReport:
    """Import the bytes of people.csv as a whole; with ``dry_run`` only say what would be done.

    Importing the same file again changes nothing and leaves no audit row. A municipality of the
    reference table and a section that are not there yet are made. Days are Tokyo days, both ends
    included. A post that follows on another, which the file does not name, ends that one the day
    before; so does a new head of a section. An empty ``end`` does not take back what a later
    transfer ended. Each municipality where something changed gets an audit row.

    ``ctx`` is that of a system actor for the installation, as the file may have several
    municipalities; nothing in it limits which. Raises ``ImportRefused`` with all bad lines, and has
    then written nothing.
    """
    with transaction(ctx):
        plan, _, write = _planned(ctx, data, None)
        if not dry_run:
            write()
    return plan.report


def plan_people(ctx: Context, data: bytes, town: MunicipalityRef | None) -> Plan:
    """Plan what ``import_people`` does; with ``town`` for its own people alone (a ``Planner``).

    Then lines of other municipalities are refused, and those of people who are or were of one.
    """
    plan, stored, write = _planned(ctx, data, town)
    changes, unchanged = changes_of(
        plan.lines, plan.planned, plan.people, stored.people, plan.bringing
    )
    return Plan(changes, unchanged, write)


def _planned(
    ctx: Context, data: bytes, town: MunicipalityRef | None
) -> tuple[PeoplePlan, Stored, Callable[[], None]]:
    refusals = Refusals()
    lines, doubtful = read_lines(data, refusals, town.code if town else "")
    stored = load_stored(lines)
    if town is not None:
        refuse_people_of_others(lines, stored, town.code, refusals)
    plan = make_plan(lines, stored, doubtful, refusals)
    refuse_cycles(lines, plan.planned, refusals)
    refusals.raise_if_any()

    def write() -> None:
        write_plan(plan, stored)
        _record(ctx, plan, stored, sha256(data).hexdigest())

    return plan, stored, write


def _record(ctx: Context, plan: PeoplePlan, stored: Stored, digest: str) -> None:
    for code, counts in sorted(plan.by_municipality.items()):
        if counts["added"] or counts["changed"] or counts["ended"]:
            municipality_id = stored.municipalities[code]
            audit.record(
                ctx,
                "directory.import",
                "municipality",
                municipality_id,
                municipality_id=municipality_id,
                file=digest,
                added=counts["added"],
                changed=counts["changed"],
                ended=counts["ended"],
            )
