"""Rules about what a plugin lets the worker do by the clock."""

import json
from collections.abc import Iterator

from niwari.admin.tables import lines_of, tables_of
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.directory.people import municipality_by_code
from niwari.host.dispatch import contained
from niwari.jobs.models import DONE, JobRun
from niwari.testing.conformance.bench import HERE, NEIGHBOUR, THERE, Bench, Stand
from niwari.testing.conformance.rule import rule

A_MONTH = 32


@rule("Its jobs run where it is on, filled and empty, and change nothing where it is off.")
def jobs(bench: Bench) -> Iterator[str]:
    """A month later all of them are due: with rows in two towns, of which one has it off."""
    with bench.stand() as stand:
        if not stand.plugin.contributions.jobs:
            return
        stand.sample(NEIGHBOUR)
        stand.world.switch(THERE, stand.plugin.name, on=False)
        there = _town(stand, THERE)
        before = _rows(stand, there)
        stand.world.clock.advance(days=A_MONTH)
        stand.world.work()
        for job in stand.plugin.contributions.jobs:
            for run in JobRun.select().where(JobRun.job == job.name):
                if run.municipality_id == there:
                    yield f"job {job.name} ran in a municipality that has the plugin off"
                elif run.state != DONE:
                    yield f"job {job.name} did not end well: {run.error or run.state}"
        if _rows(stand, there) != before:
            yield (
                "its jobs changed rows of a municipality in which they did not run; "
                "let each keep to ctx.municipality"
            )


@rule("A job that says that it may be done again does no harm when it is.")
def jobs_again(bench: Bench) -> Iterator[str]:
    """Each is run twice at one moment: after the second time its tables are as after the first."""
    with bench.stand() as stand:
        stand.world.clock.advance(days=A_MONTH)
        ctx = _ctx(stand)
        for job in stand.plugin.contributions.jobs:
            if not job.again:
                continue
            contained(job.run, ctx)
            before = _rows(stand)
            _value, error, _micros = contained(job.run, ctx)
            if error is not None:
                yield f"job {job.name} fails when it is done again: {error!r}"
            elif _rows(stand) != before:
                yield (
                    f"job {job.name} changes its tables each time that it runs; let it see what "
                    "was done already, or declare it with again=False"
                )


def _town(stand: Stand, code: str) -> int:
    return municipality_by_code(code, tokyo_day(stand.world.clock())).id


def _ctx(stand: Stand) -> Context:
    now = stand.world.clock()
    return Context(municipality_by_code(HERE, tokyo_day(now)), None, now, actor="test")


def _rows(stand: Stand, municipality_id: int | None = None) -> list[str]:
    """Return the rows of the plugin's tables as JSON; of one municipality those that name it."""
    found = [
        line
        for table in tables_of(stand.world.dispatcher, stand.plugin.name)
        for line in lines_of(table)
    ]
    if municipality_id is None:
        return found
    return [line for line in found if json.loads(line).get("municipality_id") == municipality_id]
