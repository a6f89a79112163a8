"""Scheduled runs: whoever claims the row does the work, once, and its failure is kept."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

from niwari.clock import TOKYO, FrozenClock
from niwari.config import Settings
from niwari.db import database
from niwari.jobs.models import JobRun
from niwari.jobs.service import KEPT_FOR, ScheduledJob, purge_old, run_once
from niwari.jobs.signs import this_worker

pytestmark = pytest.mark.usefixtures("settings")


def job(run: Callable[[datetime], object], every: int = 10, name: str = "test.job") -> ScheduledJob:
    return ScheduledJob(name, every, run)


@pytest.mark.parametrize("every", [0, -10, 7, 25, 45, 61, 120])
def test_an_interval_that_does_not_divide_the_hour_is_refused(every: int) -> None:
    with pytest.raises(ValueError, match=r"job test\.job: every_minutes must divide 60"):
        job(print, every)


@pytest.mark.parametrize("every", [1, 2, 5, 15, 30, 60])
def test_an_interval_that_divides_the_hour_is_fine(every: int) -> None:
    assert job(print, every).every_minutes == every


@pytest.mark.parametrize(
    ("every", "now", "due"),
    [(10, (9, 0), (9, 0)), (10, (9, 9), (9, 0)), (15, (9, 59), (9, 45)), (60, (9, 59), (9, 0))],
)
def test_a_job_is_told_when_it_was_due(
    clock: FrozenClock, every: int, now: tuple[int, int], due: tuple[int, int]
) -> None:
    clock.set(datetime(2026, 11, 10, *now, 42, 7, tzinfo=TOKYO))
    told: list[datetime] = []
    assert run_once(job(told.append, every), clock)
    assert told == [datetime(2026, 11, 10, *due, tzinfo=TOKYO)]


def test_a_job_runs_once_for_each_time_it_is_due(clock: FrozenClock) -> None:
    told: list[datetime] = []
    again = job(told.append)
    assert [run_once(again, clock), run_once(again, clock)] == [True, False]
    clock.advance(minutes=9, seconds=59)
    assert not run_once(again, clock)
    clock.advance(seconds=1)
    assert run_once(again, clock)
    assert len(told) == 2


def test_two_jobs_that_are_due_together_both_run(clock: FrozenClock) -> None:
    told: list[datetime] = []
    assert run_once(job(told.append, name="test.one"), clock)
    assert run_once(job(told.append, name="test.other"), clock)
    assert len(told) == 2


def test_the_row_tells_when_a_run_began_and_ended(clock: FrozenClock) -> None:
    began = clock()
    run_once(job(lambda due: clock.advance(minutes=3)), clock)
    row = JobRun.get()
    assert (row.job, row.due_at, row.started_at, row.error) == ("test.job", began, began, "")
    assert (row.state, row.worker) == ("done", this_worker())
    assert row.finished_at == clock() != began


def test_a_failure_is_kept_and_raised_and_not_tried_again_for_that_time(
    clock: FrozenClock,
) -> None:
    def fail(due: datetime) -> None:
        raise LookupError("no such shelf")

    with pytest.raises(LookupError):
        run_once(job(fail), clock)
    row = JobRun.get()
    assert re.fullmatch(r"LookupError niwari/jobs/service\.py:\d+", row.error)  # no word of its own
    assert (row.state, row.finished_at) == ("failed", None)
    assert not run_once(job(fail), clock)
    clock.advance(minutes=10)
    with pytest.raises(LookupError):
        run_once(job(fail), clock)


def test_a_failure_in_the_database_is_kept_too(clock: FrozenClock) -> None:
    with pytest.raises(Exception, match="no_such_table"):
        run_once(job(lambda due: database.execute_sql("SELECT * FROM no_such_table")), clock)
    assert "Error niwari/" in JobRun.get().error
    assert "no_such_table" not in JobRun.get().error  # a database's words may quote a row


def test_a_job_has_a_connection_of_its_own_thread(clock: FrozenClock) -> None:
    seen: list[bool] = []

    def run() -> None:
        run_once(job(lambda due: seen.append(database.is_closed())), clock)
        seen.append(database.is_closed())

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    assert seen == [False, True]


def test_eight_threads_run_a_due_job_once(clock: FrozenClock) -> None:
    start = Barrier(8)
    told: list[datetime] = []
    ran: list[bool] = []

    def run() -> None:
        start.wait(timeout=20)
        ran.append(run_once(job(told.append), clock))

    threads = [Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(ran) == [False] * 7 + [True]
    assert len(told) == JobRun.select().count() == 1


# -- an end ---------------------------------------------------------------------------------------


def test_runs_go_after_fourteen_days_those_that_failed_or_were_cut_off_too(
    clock: FrozenClock,
) -> None:
    def fail(due: datetime) -> None:
        raise LookupError

    run_once(job(print, name="test.done"), clock)
    with pytest.raises(LookupError):
        run_once(job(fail, name="test.failed"), clock)
    JobRun.create(job="test.cut", due_at=clock(), started_at=clock(), state="cut")
    assert purge_old(clock() + KEPT_FOR, ()) == 0
    clock.advance(minutes=10)
    run_once(job(print, name="test.done"), clock)
    assert purge_old(clock() + KEPT_FOR, ()) == 3
    assert JobRun.get().due_at == clock()
    assert JobRun.select().count() == 1


def test_what_waits_or_is_being_done_does_not_go(clock: FrozenClock) -> None:
    for state in ("waiting", "running"):
        JobRun.create(job=f"test.{state}", due_at=clock(), started_at=clock(), state=state)
    assert purge_old(clock() + timedelta(days=99), ()) == 0


# -- several processes ----------------------------------------------------------------------------


PROCESS = """
import sys
from datetime import UTC, datetime
from niwari.clock import FrozenClock
from niwari.db import open_database
from niwari.jobs.service import ScheduledJob, run_once

open_database(sys.argv[1])
clock = FrozenClock(datetime(2026, 11, 10, tzinfo=UTC))
print("ready", flush=True)
sys.stdin.readline()
print(run_once(ScheduledJob("test.job", 10, lambda due: None), clock))
"""


@pytest.mark.slow
def test_three_processes_run_a_due_job_once(settings: Settings) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, settings.database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0].strip() for process in running]
    assert sorted(answers) == ["False", "False", "True"]
    assert JobRun.select().count() == 1
