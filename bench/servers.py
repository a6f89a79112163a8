"""gunicorn for both sides, alike; on the loopback address, and gone at the end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.installation import Page

ROOT = Path(__file__).parents[1]
HERE = "127.0.0.1"
_START_SECONDS = 30.0
_STOP_SECONDS = 5.0


class ServerFailed(RuntimeError):
    """A server did not come up, or a page is not what it should be; the message says which."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; ``cookie`` goes with each request to it."""

    name: str
    port: int
    cookie: str = ""

    def address(self, page: Page) -> str:
        """Return the full address of ``page``."""
        return f"http://{HERE}:{self.port}{page.address}"


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    server: Server,
    application: str,
    environ: Mapping[str, str],
    log: Path,
    *,
    workers: int,
    threads: int,
) -> Iterator[Server]:
    """Run gunicorn with ``application`` (module:factory()) for the block, then stop it.

    It is stopped also when the block ends by Ctrl-C or an error. Raises ``ServerFailed`` where it
    does not listen within 30 seconds, and where it wrote a warning or an error into ``log`` until
    the end: what is measured must be a healthy page.
    """
    command = [
        *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
        *("--bind", f"{HERE}:{server.port}", "--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", str(threads)),
        *("--log-level", "warning", application),
    ]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("NIWARI_")}
    with log.open("wb") as written:
        # A group of its own: Ctrl-C reaches us alone, and we stop the server in order.
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**inherited, **environ},
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_up(server, process, log)
            yield server
            _check_log(server, log)
        finally:
            _stop(process)


def _wait_until_up(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerFailed(
                f"{server.name}: gunicorn ended with {process.returncode}; see above"
            )
        with socket.socket() as probe:
            if probe.connect_ex((HERE, server.port)) == 0:
                return
        time.sleep(0.1)
    raise ServerFailed(f"{server.name}: gunicorn did not listen within {_START_SECONDS:.0f} s")


def _check_log(server: Server, log: Path) -> None:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if lines:
        raise ServerFailed("\n".join((f"{server.name} wrote {len(lines)} lines:", *lines[-20:])))


def _stop(process: "subprocess.Popen[bytes]") -> None:
    for ending in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, ending)
        try:
            process.wait(_STOP_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            continue  # a second Ctrl-C is impatience: the harder way, but never leave it running


def check(server: Server, page: Page) -> int:
    """Return the size of the answer for ``page`` in bytes, with its head.

    Raises ``ServerFailed`` where it is not 200 with the page's heading in its h1 and its marks.
    """
    connection = HTTPConnection(HERE, server.port, timeout=10)
    try:
        connection.request("GET", page.address, headers={"Cookie": server.cookie})
        answer = connection.getresponse()
        body = answer.read()
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
    except (OSError, HTTPException) as error:
        raise ServerFailed(f"{page.name}: no answer from {page.address}: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise ServerFailed(f"{page.name}: {page.address} answered {answer.status}, not 200")
    for mark in (f"<h1>{page.heading}</h1>", *page.marks):
        if mark not in body.decode():
            raise ServerFailed(f"{page.name}: {page.address} answers without {mark!r}")
    return head + len(body)
