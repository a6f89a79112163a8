"""The two programs that have to understand each other, each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "var" / "interop"
"""Where ``make test-interop`` installs the provider."""

NIWARI = str(Path(sys.executable).with_name("niwari"))

PATIENCE = 60.0
"""Seconds until a program must answer; each takes about two."""

# As a password program may make one: sent without encoding, a provider reads another.
SECRET = "of this test: 100%+/="

_PAUSE = 0.05


class NotRunningError(Exception):
    """A program did not come up; the message has its last words or what it lacks."""


class Program:
    """A program that answers under ``address``; a context manager that stops it at its end."""

    def __init__(self, port: int, host: str, health: str, log: Path) -> None:
        self.port = port
        self.address = f"http://{host}:{port}"
        self._health = f"http://127.0.0.1:{port}{health}"
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it answers; raises ``NotRunningError``."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.folder(),
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + PATIENCE
        pause = threading.Event()
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NotRunningError(f"{self.command()[0]} did not come up:\n{self.said()}")
            pause.wait(_PAUSE)

    def stop(self) -> None:
        """End the process; again changes nothing."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=PATIENCE)
            self._process = None

    def said(self) -> str:
        """Return what it has printed and logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def command(self) -> Sequence[str]:
        """Return the program and its arguments."""
        raise NotImplementedError

    def folder(self) -> Path:
        """Return the folder that it runs in."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """Return its variables: this run's, without any setting of Niwari."""
        return {name: value for name, value in os.environ.items() if not name.startswith("NIWARI_")}

    def _answers(self) -> bool:
        try:
            return requests.get(self._health, timeout=PATIENCE).ok
        except requests.ConnectionError:
            return False


class ForeignProvider(Program):
    """The provider of provider.mjs; each start gives it another key and lets it forget everybody."""

    def __init__(self, port: int, niwari: str, log: Path) -> None:
        super().__init__(port, "127.0.0.1", "/.well-known/openid-configuration", log)
        self._niwari = niwari

    def command(self) -> Sequence[str]:
        """Raises ``NotRunningError`` where node or the package is missing."""
        node = shutil.which("node")
        if node is None or not (INSTALLED / "node_modules" / "oidc-provider").is_dir():
            raise NotRunningError("the provider is not installed: run make test-interop, with node")
        settings = {"port": self.port, "niwari": self._niwari, "secret": SECRET}
        return (node, "provider.mjs", json.dumps(settings))

    def folder(self) -> Path:
        """Return the folder of its packages, in which node looks for them beside the program."""
        shutil.copy(HERE / "provider.mjs", INSTALLED)
        return INSTALLED

    def metadata(self) -> Any:
        """Return what it says about itself."""
        return self._asked("/.well-known/openid-configuration")

    def key_names(self) -> set[str]:
        """Return the names of the keys that it signs with."""
        return {key["kid"] for key in self._asked("/jwks")["keys"]}

    def _asked(self, path: str) -> Any:
        answer = requests.get(f"{self.address}{path}", timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json()


class Niwari(Program):
    """``niwari serve``; made, it is a folder with settings, and ``told`` runs any command in it.

    One process with threads, so that a later sign-in meets what an earlier one has remembered.
    Browsers reach it as ``localhost``: for them that is another site than the provider's.
    ``variables`` are added to its environment.
    """

    def __init__(
        self, port: int, home: Path, database_url: str, variables: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(port, "localhost", "/healthz", home.with_suffix(".log"))
        self._home = home
        self._variables = variables or {}
        home.mkdir(parents=True)
        settings = {
            "environment": "test",
            "base_url": self.address,
            "database_url": database_url,
            # Not the machine's time: the provider's tokens must be judged by that all the same.
            "clock_start": "2026-11-10T09:00",
        }
        text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
        (home / "niwari.toml").write_text(text, encoding="utf-8")

    def name_provider(self, issuer: str, *codes: str, secret: str = SECRET) -> None:
        """Let everybody of the municipalities with ``codes`` sign in at ``issuer``, as IT does it.

        ``secret`` is the client secret that it shows.
        """
        towns = (word for code in codes for word in ("--municipality", code))
        self.told(
            *("identity", "provider", "add", "--label", "認証サーバー", "--issuer", issuer),
            *("--client-id", "niwari", "--secret-from", "-", *towns),
            given=f"{secret}\n",
        )

    def told(self, *words: str, given: str = "") -> None:
        """Run ``niwari`` with ``words``; raises ``NotRunningError`` where it refuses."""
        done = subprocess.run(
            [NIWARI, *words],
            env=self.environment(),
            cwd=self._home,
            input=given,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise NotRunningError(f"niwari {' '.join(words)} failed:\n{done.stderr}")

    def command(self) -> Sequence[str]:
        """Return the command as anybody gives it."""
        return (NIWARI, "serve", "--port", str(self.port), "--workers", "1")

    def folder(self) -> Path:
        """Return the installation's folder."""
        return self._home

    def environment(self) -> dict[str, str]:
        """Add where the installation lies."""
        return {**super().environment(), **self._variables, "NIWARI_HOME": str(self._home)}


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port
