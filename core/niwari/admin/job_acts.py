"""What municipal IT does about the worker's work: run a job now, try a dead task again."""

from typing import Any

from peewee import IntegrityError

from niwari.admin.job_overview import jobs_here
from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.db.transaction import savepoint
from niwari.errors import NotFound
from niwari.host import enablement
from niwari.host.dispatch import Dispatcher
from niwari.jobs.later import open_key
from niwari.jobs.models import DEAD, DROPPED, RUNNING, WAITING, JobRun, TaskRow
from niwari.jobs.shifts import wake_after_commit


def run_now(ctx: Context, dispatcher: Dispatcher, job: str) -> bool:
    """Let a job run in the acting municipality as soon as a worker is free; returns whether it will.

    It does not where it waits or runs already, or was run within this minute: asked for twice, it
    runs once. Raises ``NotFound`` for a job that does not run here.
    """
    if job not in {one.job.name for one in jobs_here(ctx, dispatcher)}:
        raise NotFound
    town = ctx.municipality.id
    with transaction(ctx):
        enablement.hold(town)  # of two clicks the second sees what the first has written
        is_open: Any = (JobRun.municipality_id == town) & (JobRun.job == job)
        if JobRun.select().where(is_open & JobRun.state.in_((WAITING, RUNNING))).exists():
            return False
        due_at = ctx.now.replace(second=0, microsecond=0)
        try:
            with savepoint():
                JobRun.insert(
                    job=job,
                    municipality_id=town,
                    due_at=due_at,
                    started_at=ctx.now,
                    state=WAITING,
                    worker="",
                    attempts=1,
                ).execute()
        except IntegrityError:
            return False
        audit.record(ctx, "jobs.run_now", "municipality", town, job=job)
        wake_after_commit()
    return True


def try_again(ctx: Context, task_id: int) -> bool:
    """Let a dead task of the acting municipality be tried anew; returns whether it will be.

    It is not where the same was asked for again meanwhile and waits. Raises ``NotFound`` where it
    is not there; of one that is not dead any more nothing is changed.
    """
    with transaction(ctx):
        row = _task(ctx, task_id)
        values: dict[str, Any] = {
            "state": WAITING,
            "open_key": open_key(row.task, row.municipality_id, row.key),
            "attempts": 0,
            "due_at": ctx.now,
            "ended_at": None,
        }
        try:
            with savepoint():
                changed = _change(row, values)
        except IntegrityError:
            return False
        if changed:
            audit.record(ctx, "jobs.try_again", "jobs.task", row.id, task=row.task)
            wake_after_commit()
    return changed


def give_up(ctx: Context, task_id: int) -> bool:
    """Let a dead task of the acting municipality be; returns whether it was dead."""
    with transaction(ctx):
        row = _task(ctx, task_id)
        changed = _change(row, {"state": DROPPED, "ended_at": ctx.now})
        if changed:
            audit.record(ctx, "jobs.give_up", "jobs.task", row.id, task=row.task)
    return changed


def _task(ctx: Context, task_id: int) -> TaskRow:
    row: TaskRow | None = TaskRow.get_or_none(
        (TaskRow.id == task_id) & (TaskRow.municipality_id == ctx.municipality.id)
    )
    if row is None:
        raise NotFound
    return row


def _change(row: TaskRow, values: dict[str, Any]) -> bool:
    still = (TaskRow.id == row.id) & (TaskRow.state == DEAD)
    return bool(TaskRow.update(**values).where(still).execute())
