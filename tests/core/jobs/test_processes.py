"""Real workers beside each other: each due time once, and what a killed one leaves is seen to."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from niwari.jobs.models import JobRun, TaskRow
from niwari.jobs.signs import GONE_AFTER
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

pytestmark = pytest.mark.slow

PATIENCE = 60

# Each call of the job says so to whoever waits at the other end, and goes on when it is told to.
PLUGIN = """
import os
import socket

def _tell(ctx, what):
    with socket.create_connection(("127.0.0.1", int(os.environ["TEA_PORT"])), 60) as line:
        line.sendall(f"{what} {ctx.municipality.code}\\n".encode())
        line.recv(1)

def brew(ctx):
    _tell(ctx, "brew")

def wash(ctx):
    _tell(ctx, "wash")

@hookimpl
def jobs():
    return [Job("tea.brew", brew, Every(1440), Label("いれる", "Brew"))]

@hookimpl
def tasks():
    return [Task("tea.wash", wash, Label("洗う", "Wash"))]
"""
WORKER = """
import sys
from datetime import datetime
from pathlib import Path

from niwari.app import create_app
from niwari.clock import FrozenClock
from niwari.db import connection
from niwari.host.discovery import located
from niwari.jobs.working import work_off
from niwari.testing.world import settings_of_a_test

url, home, site, now = sys.argv[1:]
sys.path.insert(0, site)
clock = FrozenClock(datetime.fromisoformat(now))
plugins = located([("tea", "niwari_tea")])
create_app(settings_of_a_test(url, Path(home)), clock=clock, plugins=plugins)
print("ready", flush=True)
sys.stdin.readline()
with connection():
    print(work_off(clock, seconds=60))
"""


@pytest.fixture
def line() -> Iterator[socket.socket]:
    """Where the jobs call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        yield server


@pytest.fixture
def world(open_world: Callable[..., World], workshop: Workshop) -> World:
    """Three towns with the plugin on, on the day after it was switched on."""
    world = open_world([workshop.make("tea", PLUGIN)])
    world.clock.advance(days=1)
    return world


Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start(world: World, workshop: Workshop, line: socket.socket) -> Iterator[Start]:
    """Start a process that takes one turn of work once it is told to; killed at the end."""
    ended = ExitStack()

    def begin() -> subprocess.Popen[str]:
        settings = world.settings
        given = (settings.database_url, str(settings.home), str(workshop.folder))
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, *given, world.clock().isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(line),
        )
        ended.enter_context(process)
        ended.callback(process.kill)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    with ended:
        yield begin


def environment(line: socket.socket, **more: str) -> Mapping[str, str]:
    return {**os.environ, "TEA_PORT": str(line.getsockname()[1]), **more}


def tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def call(line: socket.socket) -> tuple[str, socket.socket]:
    """Wait for the next call of a job; returns what it says, and the line that it waits at."""
    there, _address = line.accept()
    there.settimeout(PATIENCE)
    return there.recv(100).decode().strip(), there


def test_two_workers_at_once_run_each_due_time_once(
    world: World, start: Start, line: socket.socket
) -> None:
    workers = [start(), start()]
    for worker in workers:
        tell(worker)
    # Both are held at a run each, at the same time: neither takes the other's for cut off.
    first, second = call(line), call(line)
    told = [first[0], second[0]]
    for _what, waiting in (first, second):
        waiting.close()
    what, waiting = call(line)
    waiting.close()
    done = sorted(int(worker.communicate(timeout=PATIENCE)[0]) for worker in workers)
    assert sorted([*told, what]) == ["brew 072036", "brew 072079", "brew 075213"]
    assert sum(done) == 3
    assert min(done) >= 1
    assert [row.state for row in JobRun.select().where(JobRun.job == "tea.brew")] == ["done"] * 3
    assert len({row.worker for row in JobRun.select()}) == 2


def test_a_run_of_a_worker_that_is_killed_is_done_by_another(
    world: World, start: Start, line: socket.socket
) -> None:
    killed = start()
    tell(killed)
    what, waiting = call(line)
    killed.kill()
    killed.wait(timeout=PATIENCE)
    waiting.close()
    (row,) = JobRun.select()
    assert (row.state, row.attempts) == ("running", 1)
    world.clock.advance(seconds=GONE_AFTER.total_seconds() + 1)
    other = start()
    tell(other)
    told = []
    for _ in range(3):
        again, waiting = call(line)
        told.append(again)
        waiting.close()
    assert int(other.communicate(timeout=PATIENCE)[0]) == 3
    assert what in told
    assert sorted((row.state, row.attempts) for row in JobRun.select()) == [
        ("done", 1),
        ("done", 1),
        ("done", 2),
    ]


def test_the_worker_ends_with_what_it_is_at_when_it_is_told_to_stop(
    world: World, workshop: Workshop, line: socket.socket, tmp_path: Path
) -> None:
    workshop.install("tea")
    log = tmp_path / "worker.log"
    given = environment(
        line,
        NIWARI_HOME=str(world.settings.home),
        NIWARI_DATABASE_URL=world.settings.database_url,
        NIWARI_ENVIRONMENT="test",
        NIWARI_CLOCK_START="2026-11-12T09:00:00+09:00",
        PYTHONPATH=str(workshop.folder),
    )
    with log.open("w") as told:
        worker = subprocess.Popen(
            [sys.executable, "-c", "from niwari.cli import main; main()", "worker"],
            env=given,
            stdout=told,
            stderr=told,
        )
    try:
        _what, waiting = call(line)
        worker.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(timeout=1)  # it is at something
        waiting.sendall(b".")
        waiting.close()
        assert worker.wait(timeout=PATIENCE) == 0, log.read_text()
    finally:
        worker.kill()
        worker.wait(timeout=PATIENCE)
    states = [row.state for row in JobRun.select().where(JobRun.job == "tea.brew")]
    assert states == ["done"]  # nothing new was begun
    assert TaskRow.select().where(TaskRow.state == "running").count() == 0
