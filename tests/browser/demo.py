"""A demo as anybody starts it: the command ``niwari demo`` in a process and a folder of its own."""

from __future__ import annotations

import os
import random
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from niwari.testing.engines import Engines
from tests.browser.forking import start

PATIENCE = 60.0
"""Seconds until a demo must answer; it takes about three on a machine with nothing else to do."""

BROKEN_PLUGIN = {"PYTHONPATH": str(Path(__file__).with_name("broken_plugin"))}
"""The variables with which a demo has two further plugins: one whose card and pages fail, one that
was written for another Niwari."""

HIDDEN_PLUGIN = {
    "PYTHONPATH": os.pathsep.join(
        str(folder)
        for folder in (
            Path(__file__).with_name("hidden_plugin"),
            Path(__file__).parents[1] / "plugins",
        )
    )
}
"""The variables with which a demo has a plugin whose rows have hidden authors, and one such row."""

OFFERING_PLUGIN = {
    "PYTHONPATH": os.pathsep.join(
        str(folder)
        for folder in (
            Path(__file__).with_name("offering_plugin"),
            Path(__file__).parents[1] / "plugins",
        )
    )
}
"""The variables with which a demo has a plugin whose notes people join, and whose section hosts them."""

_PAUSE = 0.05
# A demo binds its port seconds after it was chosen: any other program must not get it meanwhile.
_PORTS = (20_000, 30_000)
# A proxy that the environment names does not lead to this machine.
_DIRECT = build_opener(ProxyHandler({}))


class DemoFailedError(Exception):
    """The demo did not come up; the message has its last words."""


class Demo:
    """A running ``niwari demo`` whose data lies in ``home``; ``address`` is where it answers.

    A context manager that stops the process at its end. A ``home`` that is empty is filled first.
    ``variables`` are added to its environment, from which all settings of Niwari are taken out.
    """

    def __init__(self, home: Path, variables: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.address = f"http://127.0.0.1:{_free_port()}"
        self.variables = variables or {}
        self._log = home.with_name(f"{home.name}.log")

    def __enter__(self) -> Self:
        """Start the process and wait until it answers; raises ``DemoFailedError`` if it does not."""
        env = _environment(self.home, self.variables)
        env["PORT"] = self.address.rpartition(":")[2]
        self._process = start(_program(), ["demo"], env, self._log)
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the process."""
        self.stop()

    def stop(self) -> None:
        """End the process; again changes nothing."""
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)

    def said(self) -> str:
        """Return what the process has printed and logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def publish_keys(self) -> None:
        """Let its provider make the key with which it signs; else the first who signs in waits for it."""
        with _DIRECT.open(f"{self.address}/development-provider/jwks", timeout=PATIENCE) as answer:
            assert answer.status == 200

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        pause = threading.Event()
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise DemoFailedError(f"niwari demo did not come up in {self.home}:\n{self.said()}")
            pause.wait(_PAUSE)

    def _answers(self) -> bool:
        try:
            with _DIRECT.open(f"{self.address}/healthz", timeout=PATIENCE) as answer:
                return answer.status == 200
        except (URLError, ConnectionError):
            return False


@dataclass(frozen=True)
class Filled:
    """A demo that has been started once and that nobody has used, for tests to begin with copies of it.

    Its data lies in ``home``, on PostgreSQL all but what is in the database that ``engines`` copies.
    """

    home: Path
    engines: Engines

    @contextmanager
    def begun(self, home: Path) -> Iterator[Demo]:
        """Run a copy in the new folder ``home`` for a block; nothing of its database is left then."""
        if self.engines.kind == "sqlite":
            with Demo(shutil.copytree(self.home, home)) as running:
                yield running
            return
        url = self.engines.copy_of("demo", self._fill)
        try:
            with Demo(shutil.copytree(self.home, home), _with_database(url)) as running:
                yield running
        finally:
            self.engines.drop(url)

    def _fill(self, url: str) -> None:
        fill(self.home, _with_database(url))


def fill(home: Path, variables: Mapping[str, str] | None = None) -> None:
    """Start a demo once, so that its folder and its database hold what it begins with."""
    with Demo(home, variables) as running:
        running.publish_keys()


def _with_database(url: str) -> dict[str, str]:
    return {"NIWARI_DATABASE_URL": url}


def command(home: Path, *words: str, variables: Mapping[str, str]) -> str:
    """Run the command ``niwari`` for the installation in ``home``; returns what it printed."""
    log = home.with_name("command.log")
    code = start(_program(), words, _environment(home, variables), log).wait()
    printed = log.read_text(encoding="utf-8", errors="replace")
    if code:
        raise DemoFailedError(f"niwari {' '.join(words)} failed:\n{printed}")
    return printed


def _environment(home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("NIWARI_")}
    return {**env, "NIWARI_HOME": str(home), **variables}


def _program() -> str:
    found = shutil.which("niwari", path=str(Path(sys.executable).parent))
    if found is None:
        raise DemoFailedError(f"no program niwari beside {sys.executable}: run make demo once")
    return found


def _free_port() -> int:
    """Return a port that is free and that no system gives to whoever asks for any."""
    while True:
        port = random.randrange(*_PORTS)
        with socket.socket() as asked, suppress(OSError):
            asked.bind(("127.0.0.1", port))
            return port
