"""Jobs of plugins: at each due time once for each municipality that has the plugin on.

Whoever inserts the row (job, municipality, due) does the work, outside of any transaction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

from peewee import IntegrityError, Table, fn

from niwari.clock import Clock, tokyo_day
from niwari.context import Context, MunicipalityRef
from niwari.db import database, rows
from niwari.host.dispatch import Dispatcher
from niwari.host.faults import describe
from niwari.host.loaded import Plugin
from niwari.host.models import Enablement
from niwari.host.municipality import find_municipality
from niwari.host.quarantine import Dark
from niwari.host.running import running
from niwari.host.town_state import ON, state_of
from niwari.jobs.models import CUT, DONE, FAILED, RUNNING, WAITING, JobRun
from niwari.jobs.shifts import Shift
from niwari.jobs.signs import alone_at, at_work, is_busy_with, this_worker
from niwari.specs.contributions import Job

PORTION = 20
"""How many municipalities of one job are looked up at once, before the other jobs have a turn."""

# The host stands below the directory, and so do the jobs.
_TOWN: Any = Table("directory_municipality", ("id", "ends_on"), _database=database)

_turns = count()


@dataclass(frozen=True, slots=True)
class Declared:
    """A job with the plugin that declares it."""

    plugin: Plugin
    job: Job

    @property
    def surface(self) -> str:
        """What of the plugin is called, as quarantine names it."""
        return surface_of(self.job.name)


def surface_of(job: str) -> str:
    """Return how quarantine names a job."""
    return f"job {job}"


def work_of(job: str, municipality_id: int, due_at: datetime) -> str:
    """Return what a process says that it is at while it does one run of a job."""
    return f"{surface_of(job)} {municipality_id} {int(due_at.timestamp())}"


def declared_jobs(dispatcher: Dispatcher) -> list[Declared]:
    """Return the jobs of the core areas and plugins that are ready, core first, then by name."""
    host = dispatcher.host
    return [
        Declared(plugin, job)
        for plugin in sorted(host.loaded(), key=lambda p: (not p.core, p.name))
        if host.is_ready(plugin.name)
        for job in plugin.contributions.jobs
    ]


def run_due_jobs(clock: Clock, shift: Shift) -> int:
    """Run what is due and nobody has begun, a portion of each job in turn; returns how many ran."""
    dispatcher, ran = running(), 0
    known = declared_jobs(dispatcher)
    if not known:
        return ran
    # Another one first each time: a job that fills its shift must not keep the rest from theirs.
    first = next(_turns) % len(known)
    going = [_runs(dispatcher, one, clock, shift) for one in known[first:] + known[:first]]
    while going and not shift.is_over():
        going = [one for one in going if next(one, None) is not None]
        ran += len(going)
    dispatcher.write_costs()
    return ran


def _runs(dispatcher: Dispatcher, declared: Declared, clock: Clock, shift: Shift) -> Iterator[bool]:
    """Run a job in one municipality after the other, and yield after each."""
    now = clock()
    due = declared.job.schedule.latest(now)
    last = 0
    while True:
        towns = _towns_without(declared, due, now, last)
        for last in towns:
            if shift.is_over() or is_busy_with(declared.job.name):
                return
            if _run_new(dispatcher, declared, last, due, clock()):
                yield True
        if len(towns) < PORTION:
            return


def _towns_without(declared: Declared, due: datetime, now: datetime, after: int) -> list[int]:
    """Return the next municipalities in which nobody has begun the run that was due at ``due``.

    Those where the plugin was on by then: whoever switches it on later waits for the next time.
    """
    begun = JobRun.select(JobRun.id).where(
        (JobRun.job == declared.job.name)
        & (JobRun.municipality_id == _TOWN.id)
        & (JobRun.due_at == due)
    )
    query: Any = _TOWN.select(_TOWN.id)
    if not declared.plugin.core:
        query = query.join(Enablement, on=(Enablement.municipality_id == _TOWN.id)).where(
            (Enablement.plugin == declared.plugin.name)
            & (Enablement.state == ON)
            & (Enablement.since <= due)
        )
    query = query.where(
        (_TOWN.id > after)
        & (_TOWN.ends_on.is_null() | (_TOWN.ends_on >= tokyo_day(now)))
        & ~fn.EXISTS(begun)
    )
    return [town for (town,) in rows(query.order_by(_TOWN.id).limit(PORTION))]


def _run_new(
    dispatcher: Dispatcher, declared: Declared, town_id: int, due: datetime, now: datetime
) -> bool:
    town = _lit_town(declared, town_id, now)
    if town is None or _is_running(declared.job.name, town_id):
        return False
    name = declared.job.name
    with alone_at(name) as is_mine, at_work(work_of(name, town_id, due)):
        if not is_mine:
            return False
        try:
            run = JobRun.create(
                job=name,
                municipality_id=town_id,
                due_at=due,
                started_at=now,
                worker=this_worker(),
            )
        except IntegrityError:
            return False
        ran = _perform(dispatcher, declared, town, run.id, now)
        if not ran:
            JobRun.delete().where(JobRun.id == run.id).execute()
    return ran


def run_waiting(clock: Clock, shift: Shift) -> int:
    """Run what somebody asked for and what was cut off; returns how many ran."""
    dispatcher = running()
    known = {one.job.name: one for one in declared_jobs(dispatcher)}
    for run_id, job, town_id, _due in _waiting(JobRun.job.not_in(list(known))):
        if not is_away(dispatcher, job, town_id, clock()):
            _cut(run_id)
    ran = 0
    for run_id, job, town_id, due in _waiting(JobRun.job.in_(list(known))):
        if shift.is_over():
            break
        declared, now = known[job], clock()
        if not _is_on(declared, town_id, now):
            _cut(run_id)
            continue
        town = _lit_town(declared, town_id, now)
        if town is not None and not _is_running(job, town_id):
            with alone_at(job) as is_mine, at_work(work_of(job, town_id, due)):
                ran += is_mine and _run_again(dispatcher, declared, town, run_id, now)
    return ran


def _waiting(condition: Any) -> list[tuple[int, str, int, datetime]]:
    query = JobRun.select(JobRun.id, JobRun.job, JobRun.municipality_id, JobRun.due_at)
    query = query.where((JobRun.state == WAITING) & condition)
    return list(rows(query.order_by(JobRun.municipality_id).limit(PORTION * 10)))


def _cut(run_id: int) -> None:
    JobRun.update(state=CUT).where((JobRun.id == run_id) & (JobRun.state == WAITING)).execute()


def _run_again(
    dispatcher: Dispatcher, declared: Declared, town: MunicipalityRef, run_id: int, now: datetime
) -> bool:
    if not _take(run_id, now):
        return False
    ran = _perform(dispatcher, declared, town, run_id, now)
    if not ran:
        JobRun.update(state=WAITING).where(JobRun.id == run_id).execute()
    return ran


def _take(run_id: int, now: datetime) -> bool:
    taken: int = (
        JobRun.update(state=RUNNING, started_at=now, worker=this_worker())
        .where((JobRun.id == run_id) & (JobRun.state == WAITING))
        .execute()
    )
    return taken == 1


def _is_running(job: str, town_id: int) -> bool:
    """Tell whether an earlier run has not ended: no job overtakes itself in a municipality."""
    query = JobRun.select(JobRun.id).where(
        (JobRun.state == RUNNING) & (JobRun.municipality_id == town_id) & (JobRun.job == job)
    )
    return bool(rows(query.limit(1)))


def is_away(dispatcher: Dispatcher, job: str, town_id: int, now: datetime) -> bool:
    """Tell whether a municipality has the plugin of a job on, which is gone or not ready just now."""
    name = job.partition(".")[0]
    if dispatcher.host.is_ready(name):
        return False
    town = find_municipality(town_id, tokyo_day(now))
    return town is not None and name in state_of(town.id, town.revision).on


def _is_on(declared: Declared, town_id: int, now: datetime) -> bool:
    town = find_municipality(town_id, tokyo_day(now))
    return town is not None and (
        declared.plugin.core or declared.plugin.name in state_of(town.id, town.revision).on
    )


def _lit_town(declared: Declared, town_id: int, now: datetime) -> MunicipalityRef | None:
    """Return the municipality; ``None`` where the job is in quarantine and not to be tried yet."""
    town = find_municipality(town_id, tokyo_day(now))
    if town is None:
        return None
    retry_at = state_of(town.id, town.revision).dark.get((declared.plugin.name, declared.surface))
    return town if retry_at is None or retry_at <= now else None


def _perform(
    dispatcher: Dispatcher, declared: Declared, town: MunicipalityRef, run_id: int, now: datetime
) -> bool:
    """Run what this process has claimed, and note what came of it; false where it was not called."""
    job, plugin = declared.job, declared.plugin
    ctx = Context(town, None, now, request_id=f"job-{run_id}", actor=job.name)
    outcome = dispatcher.guarded(ctx, plugin.name, declared.surface, partial(job.run, ctx))
    dispatcher.failing.write_waiting()
    if isinstance(outcome.error, Dark):
        return False
    values: dict[str, Any] = {"state": DONE, "finished_at": dispatcher.clock(), "error": ""}
    if outcome.error is not None:
        values = {"state": FAILED, "error": describe(outcome.error, plugin.package)[:200]}
    JobRun.update(**values).where(JobRun.id == run_id).execute()
    return True
