"""The worker's turn: take up what was cut off, run the jobs that are due, do the tasks."""

from datetime import datetime
from typing import Any

from niwari.clock import Clock
from niwari.db import rows
from niwari.host.running import running
from niwari.jobs import tasks
from niwari.jobs.models import CUT, DEAD, DONE, DROPPED, RUNNING, WAITING, JobRun, TaskRow
from niwari.jobs.scheduled import declared_jobs, is_away, run_due_jobs, run_waiting, work_of
from niwari.jobs.service import KEPT_FOR
from niwari.jobs.shifts import Shift, go_on, is_stopping
from niwari.jobs.signs import is_cut_off, leave_sign, purge_signs, workers_alive
from niwari.jobs.tasks import note_failure, run_due_tasks

SECONDS = 10.0
"""How long a turn may begin jobs, and then tasks; what the worker does besides waits that long."""
MOST_ATTEMPTS = 3
"""How often a run is begun that is cut off each time."""
PORTION = 500
CUT_OFF = "cut off"
"""What is noted of a task whose worker was killed at it."""


def work_off(clock: Clock, *, seconds: float = SECONDS) -> int:
    """Take up what was cut off, and do what is due, for a bounded time; returns how much was done.

    Any number of workers may do so at once. Where time was too short they are told to go on.
    """
    leave_sign(clock())  # before anything is begun: else others take it for cut off
    take_up(clock())
    shift = Shift(seconds)
    done = run_due_jobs(clock, shift)
    was_short = done > 0 and shift.is_over()
    done += _do_asked(clock, seconds)
    if was_short and not is_stopping():
        go_on()
    return done


def do_asked(clock: Clock, *, seconds: float = SECONDS) -> int:
    """Do what somebody asked for: runs by hand and tasks; the clock's jobs are not looked at."""
    leave_sign(clock())
    return _do_asked(clock, seconds)


def _do_asked(clock: Clock, seconds: float) -> int:
    done = 0
    for turn in (run_waiting, run_due_tasks):
        shift = Shift(seconds)
        part = turn(clock, shift)
        done += part
        if part and shift.is_over() and not is_stopping():
            go_on()
    return done


def take_up(now: datetime) -> int:
    """See to what was cut off: let it wait to be done again, or say so; returns how much it was."""
    alive = workers_alive(now)
    return _take_up_runs(now, alive) + _take_up_tasks(now, alive)


def _take_up_runs(now: datetime, alive: frozenset[str]) -> int:
    dispatcher = running()
    again = {one.job.name for one in declared_jobs(dispatcher) if one.job.again}
    found = JobRun.select(
        JobRun.id,
        JobRun.job,
        JobRun.municipality_id,
        JobRun.due_at,
        JobRun.worker,
        JobRun.attempts,
    ).where(JobRun.state == RUNNING)
    cut = 0
    for run_id, job, town_id, due, worker, attempts in rows(found.limit(PORTION)):
        if not is_cut_off(work_of(job, town_id, due), worker, alive):
            continue
        if is_away(dispatcher, job, town_id, now):
            continue  # its plugin says whether it may be done again, once it is back
        may = job in again and attempts < MOST_ATTEMPTS
        values: dict[str, Any] = {"state": WAITING if may else CUT, "attempts": attempts + may}
        cut += _still(JobRun, run_id, worker, values)
    return cut


def _take_up_tasks(now: datetime, alive: frozenset[str]) -> int:
    found = TaskRow.select().where(TaskRow.state == RUNNING).limit(PORTION)
    cut = 0
    for row in list(found):
        if is_cut_off(tasks.work_of(row.id), row.worker, alive):
            # An attempt like any other: one that kills each worker must come to an end too.
            note_failure(row, now, CUT_OFF)
            cut += 1
    return cut


def _still(model: Any, row_id: int, worker: str, values: dict[str, Any]) -> int:
    changed: int = (
        model.update(**values)
        .where((model.id == row_id) & (model.state == RUNNING) & (model.worker == worker))
        .execute()
    )
    return changed


def purge_tasks(now: datetime) -> int:
    """Remove tasks that ended more than ``KEPT_FOR`` ago; returns how many."""
    purge_signs(now)
    removed: int = (
        TaskRow.delete()
        .where(TaskRow.state.in_((DONE, DROPPED, DEAD)) & (TaskRow.ended_at < now - KEPT_FOR))
        .execute()
    )
    return removed
