"""Telling municipal IT of what does not work in its municipality: once, not at each failure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from niwari.admin.models import CHAT, DARK, JOB, Trouble
from niwari.admin.notices import DARK_PART, JOB_FAILED
from niwari.channels.webhooks.refused import REFUSED, WEBHOOKS, towns_refused
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.errors import NotFound
from niwari.host.models import Enablement, Quarantine
from niwari.host.running import running
from niwari.host.town_state import ON
from niwari.identity.roles.holders import posts_with
from niwari.jobs.models import DONE, FAILED, JobRun
from niwari.jobs.scheduled import declared_jobs
from niwari.jobs.service import LATEST_KEPT
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label

TIMES = LATEST_KEPT
"""How often in a row a job fails before its municipality is told."""
QUIET = timedelta(days=1)
"""How long something has to have worked before it is told of again."""

_IT = "admin.features"
_Found = tuple[int, str, str]
"""A municipality, what it is, and its name: the fields of a ``Trouble``."""


def tell_troubles(now: datetime) -> int:
    """Tell the IT of each municipality what does not work there since the last time; returns of how much.

    A part of a plugin that is on and dark, several of one plugin being one; a job that failed three
    times in a row; a chat that did not take the latest notice. What lasts, or works for less than a
    day between, is told once.
    """
    by_town: dict[int, set[_Found]] = defaultdict(set)
    for found in (*_dark(), *_failing_jobs(), *_refusing_chats()):
        by_town[found[0]].add(found)
    told = 0
    for town in sorted(by_town):
        with suppress(NotFound):  # it is no municipality any more
            told += _tell(now, town, sorted(by_town[town]))
    Trouble.delete().where((Trouble.seen_at < now - QUIET) & ~_is_untried()).execute()
    return told


def _is_untried() -> Any:
    """Tell of a trouble whether it is a job that was not done since, though not found failing either.

    Its plugin is away, or somebody asked for a run that is not over. Whose runs are all gone is new.
    """
    runs = JobRun.select(JobRun.id).where(
        (JobRun.municipality_id == Trouble.municipality_id) & (JobRun.job == Trouble.name)
    )
    done = runs.where((JobRun.state == DONE) & (JobRun.finished_at >= Trouble.seen_at))
    return (Trouble.what == JOB) & fn.EXISTS(runs) & ~fn.EXISTS(done)


def _tell(now: datetime, town: int, troubles: Iterable[_Found]) -> int:
    ctx = system_context(now, "admin", municipality_ref(town, tokyo_day(now)))
    told = 0
    with transaction(ctx):
        for _town, what, name in troubles:
            if _is_new(now, town, what, name):
                _notify(ctx, what, name)
                told += 1
    return told


def _is_new(now: datetime, town: int, what: str, name: str) -> bool:
    """Note that there is such a trouble now; returns whether there was none before."""
    made = rows(
        Trouble.insert(municipality_id=town, what=what, name=name, seen_at=now)
        .on_conflict_ignore()
        .returning(Trouble.id)
    )
    if not made:
        this = (Trouble.municipality_id == town) & (Trouble.what == what) & (Trouble.name == name)
        Trouble.update(seen_at=now).where(this).execute()
    return bool(made)


def _notify(ctx: Context, what: str, name: str) -> None:
    permission = running().host.permissions()[WEBHOOKS if what == CHAT else _IT]
    to = posts_with(ctx.municipality, permission, ctx.today)
    if what == CHAT:
        notify(ctx, REFUSED.code, to)
    elif what == DARK:
        notify(ctx, DARK_PART.code, to, feature=_feature(name))
    else:
        notify(ctx, JOB_FAILED.code, to, job=_jobs()[name])


def _dark() -> Iterator[_Found]:
    """Yield the plugins of which a part is dark, where they are on."""
    on = Enablement.select(Enablement.plugin).where(
        (Enablement.municipality_id == Quarantine.municipality_id) & (Enablement.state == ON)
    )
    wanted = Quarantine.closed_at.is_null() & Quarantine.plugin.in_(on)
    plugins = running().host.plugins
    query = Quarantine.select(Quarantine.municipality_id, Quarantine.plugin).where(wanted)
    for town, plugin in rows(query.distinct()):
        if plugin in plugins:
            yield town, DARK, plugin


def _failing_jobs() -> Iterator[_Found]:
    """Yield the jobs of municipalities whose latest runs failed, by a query for each that fails often."""
    known = _jobs()
    often = (
        JobRun.select(JobRun.municipality_id, JobRun.job)
        .where((JobRun.state == FAILED) & (JobRun.municipality_id > 0))
        .group_by(JobRun.municipality_id, JobRun.job)
        .having(fn.COUNT(JobRun.id) >= TIMES)
    )
    for town, job in rows(often):
        ended = JobRun.select(JobRun.state).where(
            (JobRun.municipality_id == town)
            & (JobRun.job == job)
            & JobRun.state.in_((DONE, FAILED))
        )
        latest = rows(ended.order_by(JobRun.due_at.desc()).limit(TIMES))
        if job in known and all(state == FAILED for (state,) in latest):
            yield town, JOB, job


def _refusing_chats() -> Iterator[_Found]:
    for (town,) in rows(towns_refused()):
        yield town, CHAT, ""


def _jobs() -> dict[str, Label]:
    return {one.job.name: one.job.label for one in declared_jobs(running())}


def _feature(name: str) -> Label:
    manifest = running().host.plugins[name].manifest
    return manifest.label if manifest is not None else Label(name, name)
