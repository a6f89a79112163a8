"""Workers that are killed at random moments lose no mail that was promised, and send few twice."""

import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from niwari.clock import FrozenClock, system_clock
from niwari.directory.models import Person
from niwari.testing.lent import Lent
from niwari.testing.world import World
from tests.core.channels.post_office import PostOffice, open_post_office

NURSERY = Path(__file__).with_name("killed_worker_nursery.py")
WRITER, TOLD = "staff2@koriyama", "staff@koriyama"
LETTERS, WORKERS, PATIENCE = 1_000, 2, 80
MOST = 150  # letters that arrive in the life of a worker: each machine kills more than ten


@pytest.fixture
def world(database_url: str, clock: FrozenClock, lent_application: Lent) -> Iterator[World]:
    """A world with the installed plugins, which the processes have too."""
    with lent_application.world(database_url, clock) as opened:
        yield opened


class Nursery:
    """Makes processes and kills them; ``kills`` counts the workers that were killed."""

    def __init__(self, process: "subprocess.Popen[str]", chance: random.Random) -> None:
        self._process, self._chance = process, chance
        self._workers: dict[int, tuple[float, float]] = {}
        self.kills = 0

    def make(self, line: str) -> int:
        """Let a process be made; returns its id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def keep_and_kill(self, arrived: int) -> None:
        """Let there be workers; kill whose time has come, or in whose life enough has *arrived*."""
        for worker, (until, letters) in list(self._workers.items()):
            if monotonic() >= until or arrived >= letters:
                os.kill(worker, signal.SIGKILL)
                del self._workers[worker]
                self.kills += 1
        while len(self._workers) < WORKERS:
            until = monotonic() + self._chance.uniform(0.1, 4.0)
            self._workers[self.make("work")] = until, arrived + self._chance.uniform(1, MOST)

    def end(self) -> None:
        """Kill what still works."""
        for worker in self._workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


@contextmanager
def nursery(world: World, office: PostOffice, acknowledged: Path, seed: int) -> Iterator[Nursery]:
    settings = world.settings
    arguments = (settings.database_url, settings.home, office.port, acknowledged, WRITER)
    told = world.ctx_for(TOLD).acting.id
    process = subprocess.Popen(
        [sys.executable, str(NURSERY), *map(str, arguments), str(told)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    made = Nursery(process, random.Random(seed))
    try:
        yield made
    finally:
        made.end()
        process.communicate()


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def arrived(office: PostOffice) -> Counter[int]:
    """How often each notice arrived, by the address in its letter."""
    found = (re.search(r"/notices/(\d+)\s", text) for text in office.texts())
    return Counter(int(one[1]) for one in found if one)


@pytest.mark.slow
def test_whatever_was_acknowledged_arrives_and_only_what_was_in_flight_arrives_twice(
    world: World, clock: FrozenClock, tmp_path: Path
) -> None:
    clock.set(system_clock())  # the processes go by the machine's
    Person.update(email="told@example.jp").where(Person.login == TOLD).execute()
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    acknowledged = tmp_path / "acknowledged"
    begun = monotonic()
    with (
        open_post_office() as office,
        nursery(world, office, acknowledged, seed) as processes,
    ):
        load = processes.make(f"load {LETTERS}")
        while monotonic() < begun + PATIENCE:
            processes.keep_and_kill(len(office.arrived))
            if not is_there(load) and len(set(office.ids())) >= LETTERS:
                break
            sleep(0.01)
    written = [int(line) for line in acknowledged.read_text(encoding="ascii").splitlines()]
    times = arrived(office)
    twice = sum(times.values()) - len(times)
    sys.stdout.write(
        f"{processes.kills} kills, {len(times)} arrived, {twice} twice, "
        f"{monotonic() - begun:.0f} s\n"
    )
    assert len(written) == LETTERS
    assert set(written) - set(times) == set()
    assert set(times) == set(written)
    assert processes.kills > 10
    assert twice <= processes.kills
    assert len(set(office.ids())) == LETTERS  # the second of two bears the id of the first
