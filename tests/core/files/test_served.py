"""Requests that are far too large, at a server process as an installation has it (gunicorn)."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from niwari.app import load_host, migrate_all
from niwari.clock import tokyo_day
from niwari.config import load_settings
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.directory.enabling import switch
from niwari.directory.people import main_appointment
from niwari.host.keys import prepare_keys
from niwari.host.town_state import ON
from niwari.identity.sessions.stored import open_session
from niwari.installation import installation_clock
from niwari.keyring import open_keyring
from niwari.testing.engines import Engines, release
from niwari.testing.plugin import START
from niwari.testing.workshop import Workshop, forgotten_imports
from niwari.testing.world import prepare_town

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]

PLUGINS = Path(__file__).parents[2] / "plugins"
PATIENCE = 60.0
MOST_MEMORY = 300 * 1024
"""Kilobytes that a process may ever have had."""

_BOUNDARY = "niwari"
_BEGIN = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n'
    "Content-Type: text/plain\r\n\r\n"
).encode()


@dataclass(frozen=True)
class Server:
    """A process that serves, and somebody who is signed in there."""

    process: subprocess.Popen[bytes]
    address: tuple[str, int]
    token: str

    def begin(self, *headers: str) -> socket.socket:
        """Begin to send the form of a note with a file; only its headers are sent yet."""
        opened = socket.create_connection(self.address, timeout=PATIENCE)
        lines = (
            "POST /dummy/new HTTP/1.1",
            f"Host: 127.0.0.1:{self.address[1]}",
            f"Cookie: niwari_session={self.token}",
            f"Content-Type: multipart/form-data; boundary={_BOUNDARY}",
            *headers,
        )
        opened.sendall("\r\n".join((*lines, "", "")).encode())
        return opened

    def most_memory(self) -> int:
        """Return the most kilobytes that the process that answers has ever had."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        assert len(children) == 1
        status = Path(f"/proc/{children[0]}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1])


def status_of(opened: socket.socket) -> int:
    return int(opened.recv(65_536).split()[1])


@pytest.fixture(scope="module")
def database_url(database_engines: Engines) -> Iterator[str]:
    """A database with the people of three towns."""
    url = database_engines.copy_of("town", prepare_town)
    yield url
    database_engines.drop(url)


@pytest.fixture(scope="module")
def server(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dummy is on in 郡山市; one process answers."""
    folder = tmp_path_factory.mktemp("served")
    site = folder / "site"
    site.mkdir()
    Workshop(site).install("dummy")
    with (
        forgotten_imports((site, PLUGINS)),
        socket.create_server(("127.0.0.1", 0), backlog=64) as listening,
    ):
        environment = _environment(database_url, folder, listening.getsockname()[1])
        token = _prepared(environment)
        command = [
            *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
            *("--bind", f"fd://{listening.fileno()}", "--workers", "1"),
            *("--worker-class", "gthread", "--threads", "8", "niwari.wsgi:application()"),
        ]
        with (folder / "gunicorn.log").open("wb") as said:
            process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=(listening.fileno(),),
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        try:
            yield Server(process, listening.getsockname(), token)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE)


def _environment(url: str, folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NIWARI_")}
    return {
        **kept,
        "NIWARI_HOME": str(folder / "home"),
        "NIWARI_DATABASE_URL": url,
        "NIWARI_ENVIRONMENT": "test",
        "NIWARI_BASE_URL": f"http://127.0.0.1:{port}",
        "NIWARI_CLOCK_START": START.isoformat(),
        "PYTHONPATH": os.pathsep.join((str(folder / "site"), str(PLUGINS))),
    }


def _prepared(environment: dict[str, str]) -> str:
    """Migrate, switch the dummy on, and sign somebody in; returns the session's token."""
    settings = load_settings(Path(environment["NIWARI_HOME"]), environment)
    now = installation_clock(settings)()
    open_database(settings.database_url)
    with connection():
        migrate_all(load_host())
        prepare_keys(open_keyring(settings))
        found = main_appointment("staff@koriyama", tokyo_day(now))
        ctx = Context(found.municipality, None, now, actor="test")
        switch(ctx, found.municipality.id, "dummy", ON)
        token = open_session(settings, now, appointment_id=found.appointment.id)
    release()
    return token


def test_what_announces_five_gigabytes_is_refused_before_any_of_it_is_sent(
    server: Server,
) -> None:
    with server.begin(f"Content-Length: {5 * 2**30}") as opened:
        assert status_of(opened) == 413
    assert server.most_memory() < MOST_MEMORY


def test_what_never_ends_is_refused_at_the_limit_and_takes_no_memory(server: Server) -> None:
    block = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    sent = 0
    with server.begin("Transfer-Encoding: chunked") as opened:
        opened.sendall(b"%x\r\n%s\r\n" % (len(_BEGIN), _BEGIN))
        with suppress(BrokenPipeError, ConnectionResetError):  # the server does not read on
            while sent < 1_000:
                opened.sendall(block)
                sent += 1
    assert 100 <= sent < 1_000  # what a row's files may have in all was read
    assert server.most_memory() < MOST_MEMORY
