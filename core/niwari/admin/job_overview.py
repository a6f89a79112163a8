"""What the worker does: jobs with their last and next run, tasks that wait or are dead, runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.host.dispatch import Dispatcher
from niwari.host.registry import Host
from niwari.jobs.labels import CORE_JOBS
from niwari.jobs.models import DEAD, RUNNING, WAITING, JobRun, TaskRow
from niwari.jobs.scheduled import Declared, declared_jobs
from niwari.jobs.service import ScheduledJob, due_of
from niwari.jobs.signs import GONE_AFTER, last_worker_sign
from niwari.specs.contributions import Label

PAGE = 50
"""Runs on one page."""
TASKS_SHOWN = 20
MOST_COUNTED = 1_000
"""Tasks that wait are counted up to here."""
LONG = timedelta(minutes=5)
"""A run that takes longer is said to municipal IT."""
INSTALLATION = 0
"""Stands in a run where the job is the installation's."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job. ``seconds`` is how long it took where it was done."""

    id: int
    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    state: str
    error: str

    @property
    def seconds(self) -> float | None:
        """How long it took, in seconds; ``None`` where it was not done."""
        if self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Line:
    """A job: what it is called, whose it is (empty for the installation's), last run, next time."""

    name: str
    label: str
    plugin: str
    last: Run | None
    following: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """A task that failed too often."""

    id: int
    task: str
    asked_at: datetime
    attempts: int
    what: str


@dataclass(frozen=True, slots=True)
class Tasks:
    """What was asked for here: how much waits (up to ``MOST_COUNTED``) and is being done; the dead."""

    waiting: int
    running: int
    dead: tuple[Dead, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Work:
    """How the worker fares. ``is_alive`` tells whether any left a sign lately."""

    seen_at: datetime | None
    is_alive: bool
    here: tuple[Line, ...]
    core: tuple[Line, ...]
    tasks: Tasks


def jobs_here(ctx: Context, dispatcher: Dispatcher) -> list[Declared]:
    """Return the jobs that run in the acting municipality."""
    on = dispatcher.active_in(ctx.municipality)
    return [one for one in declared_jobs(dispatcher) if one.plugin.core or one.plugin.name in on]


def work(ctx: Context, dispatcher: Dispatcher, core: Sequence[ScheduledJob]) -> Work:
    """Return how the work of the acting municipality and of the installation itself fares."""
    seen_at = last_worker_sign()
    known = jobs_here(ctx, dispatcher)
    last = _last_runs(ctx.municipality.id, [one.job.name for one in known])
    last_core = _last_runs(INSTALLATION, [job.name for job in core])
    return Work(
        seen_at,
        seen_at is not None and seen_at > ctx.now - GONE_AFTER,
        tuple(
            Line(
                one.job.name,
                one.job.label.text(ctx.locale),
                one.plugin.name,
                last.get(one.job.name),
                one.job.schedule.following(ctx.now),
            )
            for one in known
        ),
        tuple(
            Line(
                job.name,
                core_label(job.name, ctx.locale),
                "",
                last_core.get(job.name),
                due_of(job, ctx.now) + timedelta(minutes=job.every_minutes),
            )
            for job in sorted(core, key=lambda job: job.name)
        ),
        _tasks(ctx),
    )


def core_label(name: str, locale: str) -> str:
    """Return what a job of the installation is called."""
    label = CORE_JOBS.get(name)
    return label.text(locale) if label is not None else name


def names_of(host: Host, kind: str, locale: str) -> Mapping[str, str]:
    """Return what all declared ``jobs`` or ``tasks`` are called, by name."""
    found: Iterable[Any] = (
        item for plugin in host.loaded() for item in getattr(plugin.contributions, kind)
    )
    labels: dict[str, Label] = {item.name: item.label for item in found}
    if kind == "jobs":
        labels |= CORE_JOBS
    return {name: label.text(locale) for name, label in labels.items()}


def lasting(ctx: Context, host: Host) -> list[tuple[str, datetime]]:
    """Return what has been running here for more than ``LONG``: what it is called, and since when.

    One that blocks keeps its thread until the worker is started anew.
    """
    names = names_of(host, "jobs", ctx.locale)
    found = JobRun.select(JobRun.job, JobRun.started_at).where(
        (JobRun.state == RUNNING)
        & (JobRun.municipality_id == ctx.municipality.id)
        & (JobRun.started_at < ctx.now - LONG)
    )
    return [(names.get(job, job), since) for job, since in rows(found.order_by(JobRun.started_at))]


_RUN: tuple[Any, ...] = (
    JobRun.id,
    JobRun.job,
    JobRun.due_at,
    JobRun.started_at,
    JobRun.finished_at,
    JobRun.state,
    JobRun.error,
)


def _last_runs(municipality_id: int, names: Sequence[str]) -> dict[str, Run]:
    """Return the last run of each job in one query, a step in the index for each."""
    if not names:
        return {}
    last = [
        JobRun.select(JobRun.id)
        .where((JobRun.job == name) & (JobRun.municipality_id == municipality_id))
        .order_by(JobRun.due_at.desc())
        .limit(1)
        for name in names
    ]
    found = [Run(*row) for row in rows(JobRun.select(*_RUN).where(JobRun.id.in_(last)))]
    return {run.job: run for run in found}


def _tasks(ctx: Context) -> Tasks:
    here: Any = TaskRow.municipality_id == ctx.municipality.id
    open_ones = (
        TaskRow.select(TaskRow.state)
        .where(here & TaskRow.state.in_((WAITING, RUNNING)))
        .limit(MOST_COUNTED)
    )
    states = [state for (state,) in rows(open_ones)]
    dead = (
        TaskRow.select(TaskRow.id, TaskRow.task, TaskRow.asked_at, TaskRow.attempts, TaskRow.what)
        .where(here & (TaskRow.state == DEAD))
        .order_by(TaskRow.id.desc())
        .limit(TASKS_SHOWN + 1)
    )
    found = [Dead(*row) for row in rows(dead)]
    return Tasks(
        states.count(WAITING),
        states.count(RUNNING),
        tuple(found[:TASKS_SHOWN]),
        len(found) > TASKS_SHOWN,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs are asked for: of the installation or the own municipality; empty means any."""

    core: bool = False
    job: str = ""
    state: str = ""
    before: str = ""
    """Where the page before ended, as ``following`` said."""


def runs(ctx: Context, wanted: Wanted) -> tuple[list[Run], str]:
    """Return the newest runs that are ``wanted``, a page of them, and where the next page begins."""
    town = INSTALLATION if wanted.core else ctx.municipality.id
    query: Any = JobRun.select(*_RUN).where(JobRun.municipality_id == town)
    if wanted.job:
        query = query.where(JobRun.job == wanted.job)
    if wanted.state:
        query = query.where(JobRun.state == wanted.state)
    position = _position(wanted.before)
    if position is not None:
        due_at, run_id = position
        query = query.where(
            (JobRun.due_at < due_at) | ((JobRun.due_at == due_at) & (JobRun.id < run_id))
        ).where(JobRun.due_at <= due_at)
    newest = query.order_by(JobRun.due_at.desc(), JobRun.id.desc()).limit(PAGE + 1)
    found = [Run(*row) for row in rows(newest)]
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], f"{int(last.due_at.timestamp())}-{last.id}"


def _position(text: str) -> tuple[datetime, int] | None:
    """Return the due time, which is a whole second, and the id that ``text`` writes."""
    seconds, _, number = text.partition("-")
    if not (seconds.isascii() and seconds.isdecimal() and number.isascii() and number.isdecimal()):
        return None
    if len(seconds) > 10 or len(number) > 10:
        return None
    return datetime.fromtimestamp(int(seconds), UTC), min(int(number), 2**31 - 1)
