"""Enabling is visible in every worker process at its next request: gunicorn, and the command beside it.

The listening socket is the test's own, so a request waits until a worker has started. Each worker
takes one connection at a time and holds it until the test lets go, so that three requests lie with
three processes for certain.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
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

pytestmark = pytest.mark.slow

WORKERS = 3
PATIENCE = 60.0
KORIYAMA = "072036"
PLUGINS = Path(__file__).parents[1] / "plugins"


@dataclass(frozen=True)
class Installation:
    """A running Niwari of three processes, and what it takes to talk to it."""

    environment: dict[str, str]
    address: tuple[str, int]
    told: int
    tokens: dict[str, str]

    def niwari(self, *arguments: str) -> str:
        """Run the command in a process of its own; returns what it said."""
        done = subprocess.run(
            [_program("niwari"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def asked(self, path: str, login: str = "staff@koriyama") -> list[int]:
        """Ask every worker for a page once, all at the same time; returns the statuses."""
        waiting = [self._begin(path, login) for _ in range(WORKERS)]
        workers = {self._next_worker() for _ in range(WORKERS)}
        assert len(workers) == WORKERS
        return [_end(one) for one in waiting]

    def _begin(self, path: str, login: str) -> socket.socket:
        opened = socket.create_connection(self.address, timeout=PATIENCE)
        opened.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.address[1]}\r\n"
            f"Accept: text/html\r\nCookie: niwari_session={self.tokens[login]}\r\n"
            "Content-Length: 1\r\nConnection: close\r\n\r\n".encode()
        )
        return opened

    def _next_worker(self) -> int:
        line = b""
        while not line.endswith(b"\n"):
            read = os.read(self.told, 1)
            assert read, "the server has ended: gunicorn.log says why"
            line += read
        return int(line)


def _end(opened: socket.socket) -> int:
    with opened:
        opened.sendall(b".")
        answer = b"".join(iter(lambda: opened.recv(65536), b""))
    return int(answer.split()[1])


def _program(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found is not None, f"no program {name} beside {sys.executable}: run make test once"
    return found


@pytest.fixture(scope="module")
def database_url(database_engines: Engines) -> Iterator[str]:
    """A database with the people of three towns."""
    url = database_engines.copy_of("town", prepare_town)
    yield url
    database_engines.drop(url)


@pytest.fixture(scope="module")
def installation(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Consult and the crasher, migrated and on in 郡山市 and 須賀川市, served by three workers."""
    folder = tmp_path_factory.mktemp("installation")
    site = folder / "site"
    site.mkdir()
    Workshop(site).install("crasher")
    with (
        forgotten_imports((site, PLUGINS)),
        socket.create_server(("127.0.0.1", 0), backlog=64) as listening,
    ):
        environment = _environment(database_url, folder, listening.getsockname()[1])
        tokens = _prepared(environment)
        told, tell = os.pipe()
        command = [
            *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
            *("--bind", f"fd://{listening.fileno()}", "--workers", str(WORKERS)),
            *("--worker-class", "gthread", "--threads", "1", "--worker-connections", "1"),
            *("--pythonpath", str(Path(__file__).parent), "served_by:application()"),
        ]
        with (folder / "gunicorn.log").open("wb") as said:
            server = subprocess.Popen(
                command,
                env={**environment, "SERVED_BY": str(tell)},
                pass_fds=(listening.fileno(), tell),
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        os.close(tell)  # the pipe ends with the server, so that nobody waits for it in vain
        try:
            yield Installation(environment, listening.getsockname(), told, tokens)
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)
            os.close(told)


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
        "CRASHER_AT": "route",
    }


def _prepared(environment: dict[str, str]) -> dict[str, str]:
    """Migrate, switch on, and sign two people in; returns their sessions' tokens by login."""
    home = Path(environment["NIWARI_HOME"])
    settings = load_settings(home, environment)
    now = installation_clock(settings)()
    tokens = {}
    open_database(settings.database_url)
    with connection():
        migrate_all(load_host())
        prepare_keys(open_keyring(settings))
        for login in ("staff@koriyama", "staff@sukagawa"):
            found = main_appointment(login, tokyo_day(now))
            ctx = Context(found.municipality, None, now, actor="test")
            for plugin in ("consult", "crasher"):
                switch(ctx, found.municipality.id, plugin, ON)
            tokens[login] = open_session(settings, now, appointment_id=found.appointment.id)
    release()
    return tokens


def test_a_switch_by_command_holds_in_every_worker_at_its_next_request(
    installation: Installation,
) -> None:
    def command(word: str) -> None:
        installation.niwari("plugins", word, "consult", "--municipality", KORIYAMA)

    assert installation.asked("/consult/") == [200] * WORKERS
    command("disable")
    seen = [status for _ in range(10) for status in installation.asked("/consult/")]
    assert seen == [404] * 30
    assert installation.asked("/consult/", "staff@sukagawa") == [200] * WORKERS
    command("enable")
    assert installation.asked("/consult/") == [200] * WORKERS


def test_what_fails_in_some_workers_goes_dark_in_all_of_them_and_not_next_door(
    installation: Installation,
) -> None:
    first, second = installation.asked("/crasher/"), installation.asked("/crasher/")
    assert first == [500] * WORKERS
    assert set(second) <= {500, 503}
    assert installation.asked("/crasher/") == [503] * WORKERS
    assert installation.asked("/crasher/", "staff@sukagawa") == [500] * WORKERS
    assert installation.asked("/consult/") == [200] * WORKERS
