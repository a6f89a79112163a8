"""A server that is killed at random moments loses nothing that it acknowledged, and does nothing twice."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from peewee import fn

from niwari.audit.models import AuditEntry
from niwari.ledger.models import Account, JournalEntry, Request
from tests.core.rest.conftest import make_token

HERE = Path(__file__).parent
NURSERY, LOAD = HERE / "killed_server_nursery.py", HERE / "killed_server_load.py"
PEOPLE = 10
"""Each has one request in flight, so there are at least eight while two write down what was said."""
KILLS = 20
PATIENCE = 60
"""Seconds in which a server must do something: many times what it takes."""
KINDS = {"agree": "agreement", "record": "record", "withdraw": "release"}


@contextmanager
def servers(ledger: Any, url: str) -> Iterator[tuple[int, Callable[[], int]]]:
    """Yield the port, and what makes a server and returns its id; kills the last one at the end."""
    home, now = ledger.world.settings.home, ledger.world.clock().isoformat()
    nursery = subprocess.Popen(
        [sys.executable, str(NURSERY), url, str(home), now],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    made: list[int] = []

    def make() -> int:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        nursery.stdin.write("serve\n")
        nursery.stdin.flush()
        made.append(int(nursery.stdout.readline()))
        return made[-1]

    try:
        yield int(nursery.stdout.readline()), make
    finally:
        for server in made:
            with suppress(ProcessLookupError):
                os.kill(server, signal.SIGKILL)
        nursery.communicate()


@contextmanager
def load(ledger: Any, town: Any, port: int, acknowledged: Path) -> Iterator[Callable[[], int]]:
    """Yield what ends the load client and returns its exit code."""
    people = [f"any{number}@koriyama" for number in range(PEOPLE)]
    for login in people:
        town("072036").appoint(login, "市民部/市民課")
    tokens = [make_token(ledger.world, login) for login in (ledger.head, *people)]
    client = subprocess.Popen(
        [sys.executable, str(LOAD), str(port), str(acknowledged), *tokens], stdin=subprocess.PIPE
    )

    def end() -> int:
        client.communicate()
        return client.returncode

    try:
        yield end
    finally:
        client.kill()
        client.wait()


def lines(log: Path) -> int:
    """How much was acknowledged so far."""
    return log.read_bytes().count(b"\n") if log.exists() else 0


def kill_at_random_moments(make: Callable[[], int], chance: random.Random, log: Path) -> None:
    """Kill ``KILLS`` servers, each amid what it is asked; leave another one."""
    for _kill in range(KILLS):
        server, enough = make(), lines(log) + chance.randint(1, 15)
        until = monotonic() + PATIENCE
        while lines(log) < enough:
            assert monotonic() < until, "the server acknowledged too little"
            sleep(0.002)
        sleep(chance.uniform(0.0, 0.03))
        os.kill(server, signal.SIGKILL)
    make()


@pytest.mark.slow
def test_what_was_acknowledged_is_there_exactly_once(
    ledger: Any, town: Any, database_url: str, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    log = tmp_path / "acknowledged"
    with servers(ledger, database_url) as (port, make), load(ledger, town, port, log) as end:
        kill_at_random_moments(make, random.Random(seed), log)
        assert end() == 0
    told = [line.split() for line in log.read_text(encoding="ascii").splitlines()]
    said = Counter((what, int(one), int(minutes)) for what, one, minutes in told)
    sys.stdout.write(f"{KILLS} kills, {len(told)} acknowledged\n")
    assert len(told) >= KILLS
    assert set(said.values()) == {1}
    assert {what for what, *_ in said} == {"ask", *KINDS}
    assert {(one.id, one.minutes) for one in Request.select()} == {
        (one, minutes) for what, one, minutes in said if what == "ask"
    }
    entries = Counter((one.kind, one.request_id) for one in JournalEntry.select())
    assert entries == Counter({(KINDS[what], one): 1 for what, one, _ in said if what in KINDS})
    recorded = {one.request_id: one.minutes for one in JournalEntry.select() if one.minutes}
    assert recorded == {one: minutes for what, one, minutes in said if what == "record"}
    audited = Counter((one.action, one.object_id) for one in AuditEntry.select())
    assert {(what, one): audited[f"ledger.{what}", one] for what, one, _ in said} == {
        (what, one): 1 for what, one, _ in said
    }
    sums_hold()


def sums_hold() -> None:
    for account in Account.select():
        used, reserved = (
            JournalEntry.select(
                fn.SUM(JournalEntry.used_delta), fn.SUM(JournalEntry.reserved_delta)
            )
            .where(JournalEntry.account == account.id)
            .tuples()
            .get()
        )
        assert (account.used, account.reserved) == (used or 0, reserved or 0)
        assert 0 <= account.used + account.reserved <= account.cap
