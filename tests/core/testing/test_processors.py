"""A process of the tests and its PostgreSQL server take turns at one processor, but for what races."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from threading import Thread

import pytest

from niwari.channels.sending import THREAD
from niwari.testing import processors

# It has a child, as a server has one for each connection, and ends with its input.
SERVER = """
import subprocess, sys
child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
sys.stdin.read()
"""

pytestmark = [
    pytest.mark.of_the_tests,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """The numbers of a process and of its child; this one takes turns with nobody."""
    made = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    monkeypatch.setattr(processors, "_turns", [])
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    with made:
        assert made.stdout is not None
        yield made.pid, int(made.stdout.readline())
        processors.end_turns()
        made.communicate()


def places(server: tuple[int, int]) -> set[frozenset[int]]:
    """Where this process, the server and its child may be."""
    return {frozenset(os.sched_getaffinity(process)) for process in (0, *server)}


def test_both_take_turns_until_something_is_started(
    server: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (everywhere,) = places(server)
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", str(len(everywhere)))
    one = frozenset({min(everywhere)})
    seen: list[set[frozenset[int]]] = []

    def look() -> None:
        seen.append(places(server))

    def in_a_thread(name: str = "") -> None:
        thread = Thread(target=look, name=name or None)
        thread.start()
        thread.join()

    def in_a_fork() -> None:
        here, there = get_context("fork").Pipe(duplex=False)
        child = get_context("fork").Process(target=lambda: there.send(places(server)))
        child.start()
        seen.append(here.recv())
        child.join()

    def in_a_program() -> None:
        subprocess.run([sys.executable, "-c", ""], check=True)
        look()

    processors.take_turns_with(server[0])
    for begin, at in (
        (look, one),
        (in_a_thread, everywhere),
        (look, everywhere),
        (in_a_fork, everywhere),
        (in_a_program, everywhere),
        (lambda: in_a_thread(THREAD), one),
    ):
        if begin is not look or at == one:
            processors.gather()
            assert places(server) == {one}
        begin()
        assert seen.pop() == {at}
    processors.end_turns()
    assert places(server) == {everywhere}


@pytest.mark.parametrize("more", [-1, 1])
def test_they_do_not_where_processes_and_processors_are_not_as_many(
    server: tuple[int, int], monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    before = places(server)
    many = len(os.sched_getaffinity(0)) + more
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", str(many))
    processors.take_turns_with(server[0])
    assert places(server) == before
