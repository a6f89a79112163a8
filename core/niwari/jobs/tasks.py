"""Doing what was asked for with ``later``: at least once, each by one worker at a time."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from peewee import IntegrityError, fn

from niwari.clock import Clock, tokyo_day
from niwari.context import Context, MunicipalityRef
from niwari.db import is_postgresql, rows
from niwari.db.transaction import immediate
from niwari.host.dispatch import Dispatcher
from niwari.host.faults import describe
from niwari.host.municipality import find_municipality
from niwari.host.quarantine import Dark
from niwari.host.running import running
from niwari.host.town_state import state_of
from niwari.jobs.later import begun_key, open_key
from niwari.jobs.models import DEAD, DONE, DROPPED, RUNNING, WAITING, TaskRow
from niwari.jobs.shifts import Shift
from niwari.jobs.signs import alone_at, at_work, is_busy_with, this_worker
from niwari.specs.contributions import Task

FIRST_DELAY, LONGEST_DELAY, ATTEMPTS = timedelta(minutes=1), timedelta(hours=6), 12
PUT_OFF = timedelta(minutes=5)
"""How long a task waits whose plugin is paused, in quarantine, not ready or gone."""
PORTION = 1_000
"""How many tasks are put off or dropped at once."""
TURN = 10
"""How many tasks of one name are done before the others have a turn."""


def run_due_tasks(clock: Clock, shift: Shift) -> int:
    """Do what is due, a few of each task in turn, the oldest first; returns how many were ended."""
    dispatcher = running()
    ended, tried = 0, 1
    while tried and not shift.is_over():
        tried = 0
        for name in _waited_for():
            for task_id in _oldest(name, clock()):
                if shift.is_over() or is_busy_with(name):
                    break
                tried += 1
                ended += _do(dispatcher, task_id, clock())
                dispatcher.failing.write_waiting()
    dispatcher.write_costs()
    return ended


def _waited_for() -> Iterator[str]:
    """Yield the names of tasks that wait; each is one step in the index."""
    last: str | None = ""
    while last is not None:
        query = TaskRow.select(fn.MIN(TaskRow.task)).where(
            (TaskRow.state == WAITING) & (TaskRow.task > last)
        )
        last = query.scalar()
        if last is not None:
            yield last


def _oldest(name: str, now: datetime) -> list[int]:
    query = TaskRow.select(TaskRow.id).where(
        (TaskRow.state == WAITING) & (TaskRow.task == name) & (TaskRow.due_at <= now)
    )
    return [number for (number,) in rows(query.order_by(TaskRow.due_at, TaskRow.id).limit(TURN))]


def _do(dispatcher: Dispatcher, task_id: int, now: datetime) -> bool:
    """Do a task that is still due; returns whether it was ended."""
    row = TaskRow.get_or_none((TaskRow.id == task_id) & (TaskRow.state == WAITING))
    if row is None or row.due_at > now:
        return False
    town = find_municipality(row.municipality_id, tokyo_day(now))
    if town is None:
        raise LookupError(f"task {row.id}: municipality {row.municipality_id} is not there")
    found = dispatcher.host.task(row.task)
    state = state_of(town.id, town.revision)
    name = row.task.partition(".")[0]
    plugin = dispatcher.host.plugins.get(name)
    # Also without its package, which may be gone for a moment: what waits for it comes back with it.
    is_on = name in state.on or (plugin is not None and plugin.core)
    if name in state.paused or (is_on and not dispatcher.host.is_ready(name)):
        _put_off(row, now, now + PUT_OFF)
        return False
    if not is_on or found is None:
        _drop(row, now)
        return True
    retry_at = state.dark.get((name, surface_of(row.task)))
    if retry_at is not None and retry_at > now:
        _put_off(row, now, retry_at)
        return False
    with alone_at(row.task) as is_mine, at_work(work_of(row.id)):
        return is_mine and _taken(row, now) and _perform(dispatcher, row, found[1], town, now)


def work_of(task_id: int) -> str:
    """Return what a process says that it is at while it does a task."""
    return f"task {task_id}"


def surface_of(task: str) -> str:
    """Return how quarantine names a task."""
    return f"task {task}"


def _taken(row: TaskRow, now: datetime) -> bool:
    """Take the task, so that nobody else does; not while another one of its key is being done.

    The key tells: of two that are taken in the same instant neither sees the other one.
    """
    free: Any = (TaskRow.id == row.id) & (TaskRow.state == WAITING) & (TaskRow.due_at <= now)
    if row.key:
        other: Any = TaskRow.alias()
        alike = other.select(other.id).where(
            (other.state == RUNNING)
            & (other.task == row.task)
            & (other.municipality_id == row.municipality_id)
            & (other.key == row.key)
        )
        free &= ~fn.EXISTS(alike)
    row.worker = this_worker()
    known_by = begun_key(row.task, row.municipality_id, row.key)
    values = {"state": RUNNING, "open_key": known_by, "worker": row.worker}
    try:
        taken = bool(TaskRow.update(**values).where(free).execute())
    except IntegrityError:
        taken = False
    if not taken and row.key:
        # Behind the others: else it would be looked at again and again meanwhile.
        TaskRow.update(due_at=now + timedelta(seconds=30)).where(
            (TaskRow.id == row.id) & (TaskRow.state == WAITING)
        ).execute()
    return taken


def _perform(
    dispatcher: Dispatcher, row: TaskRow, task: Task, town: MunicipalityRef, now: datetime
) -> bool:
    ctx = Context(town, None, now, request_id=f"task-{row.id}", actor=row.task)
    name = row.task.partition(".")[0]
    call = partial(task.run, ctx, **json.loads(row.data))
    outcome = dispatcher.guarded(ctx, name, surface_of(row.task), call)
    if isinstance(outcome.error, Dark):
        _wait_again(row, now + PUT_OFF, row.attempts, row.what)
        return False
    if outcome.error is not None:
        package = dispatcher.host.plugins[name].package
        return note_failure(row, now, describe(outcome.error, package)[:200])
    _end(row, DONE, dispatcher.clock(), attempts=row.attempts + 1)
    return True


def note_failure(row: TaskRow, now: datetime, what: str) -> bool:
    """Note that an attempt failed; the task waits for the next one or is dead. Returns the latter."""
    attempts = row.attempts + 1
    if attempts >= ATTEMPTS:
        _end(row, DEAD, now, attempts=attempts, what=what)
        return True
    delay = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    _wait_again(row, now + delay, attempts, what)
    return False


def _wait_again(row: TaskRow, due_at: datetime, attempts: int, what: str) -> None:
    """Let a task wait that this worker gives back.

    Where the same was asked for meanwhile, it waits beside that: its values may be others.
    """
    values = {"state": WAITING, "due_at": due_at, "attempts": attempts, "what": what}
    known_by = open_key(row.task, row.municipality_id, row.key)
    try:
        TaskRow.update(open_key=known_by, **values).where(_held(row)).execute()
    except IntegrityError:
        TaskRow.update(open_key=None, **values).where(_held(row)).execute()


def _end(row: TaskRow, state: str, now: datetime, **more: Any) -> None:
    """End a task that is being done."""
    values = {"state": state, "ended_at": now, "open_key": None, **more}
    TaskRow.update(**values).where(_held(row)).execute()


def _held(row: TaskRow) -> Any:
    return (TaskRow.id == row.id) & (TaskRow.state == RUNNING) & (TaskRow.worker == row.worker)


def _alike(row: TaskRow, now: datetime) -> Any:
    """Return what waits of the same task in the same municipality, a portion of it.

    All of it at once: one by one, what cannot be done there would keep that of others waiting.
    """
    found: Any = (
        TaskRow.select(TaskRow.id)
        .where(
            (TaskRow.state == WAITING)
            & (TaskRow.task == row.task)
            & (TaskRow.municipality_id == row.municipality_id)
            & (TaskRow.due_at <= now)
        )
        .order_by(TaskRow.due_at, TaskRow.id)
        .limit(PORTION)
    )
    return found.for_update("FOR UPDATE SKIP LOCKED") if is_postgresql() else found


def _put_off(row: TaskRow, now: datetime, until: datetime) -> None:
    with immediate():
        TaskRow.update(due_at=until).where(TaskRow.id.in_(_alike(row, now))).execute()


def _drop(row: TaskRow, now: datetime) -> None:
    with immediate():
        TaskRow.update(state=DROPPED, ended_at=now, open_key=None).where(
            TaskRow.id.in_(_alike(row, now))
        ).execute()
