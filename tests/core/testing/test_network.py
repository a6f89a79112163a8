"""No test leaves this machine unnoticed, also where what was raised was caught."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from niwari.testing.network import LeavesTheMachine, staying_here

ELSEWHERE = ("192.0.2.1", 80)
SWALLOWED = """
import socket

def test_it_is_caught():
    try:
        socket.create_connection(("elsewhere.example", 80))
    except BaseException:
        pass

def test_it_stays_here():
    socket.getaddrinfo("localhost", 80)
"""


@pytest.mark.slow
def test_what_a_plugin_caught_fails_its_test_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(SWALLOWED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if k != "PYTEST_ADDOPTS"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the test tried to reach elsewhere.example; nothing may leave" in done.stdout
    assert "2 passed, 1 error" in done.stdout
    assert "test_it_stays_here" not in done.stdout


def datagram() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


@pytest.mark.parametrize(
    ("way", "given"),
    [
        ("connect", (ELSEWHERE,)),
        ("connect_ex", (ELSEWHERE,)),
        ("sendto", (b"x", ELSEWHERE)),
        ("sendto", (b"x", 0, ELSEWHERE)),
        ("sendmsg", ([b"x"], [], 0, ELSEWHERE)),
    ],
    ids=["connect", "connect_ex", "sendto", "sendto with flags", "sendmsg"],
)
def test_every_way_out_is_refused_and_noted(way: str, given: tuple[Any, ...]) -> None:
    refused = pytest.raises(LeavesTheMachine, match=re.escape(ELSEWHERE[0]))
    with staying_here() as tried, datagram() as sender, refused:
        getattr(sender, way)(*given)
    assert tried == [ELSEWHERE[0]]


@pytest.mark.parametrize("name", ["elsewhere.example", b"elsewhere.example"], ids=["str", "bytes"])
def test_a_name_is_not_asked_for_elsewhere(name: str | bytes) -> None:
    with (
        staying_here() as tried,
        pytest.raises(LeavesTheMachine, match=r"reach elsewhere\.example"),
    ):
        socket.getaddrinfo(name, 80)
    assert tried == ["elsewhere.example"]


def test_what_stays_on_this_machine_is_let_through() -> None:
    with staying_here() as tried, socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with socket.create_connection(address) as client, datagram() as sender:
            assert client.connect_ex(address) != 0  # it is connected already
            sender.sendto(b"x", address)
        socket.getaddrinfo(socket.gethostname(), 80, type=socket.SOCK_STREAM)
        socket.getaddrinfo(None, 80)
    assert tried == []
