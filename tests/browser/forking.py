"""The command ``niwari`` in processes that begin where its imports have been done.

To import it takes far longer than to start it. One process does so; for each order on its standard
input it forks another, which gets an environment, standard output and arguments of its own and runs
the command as its program does. Templates are compiled once for all processes of a run of tests. Where
there is no fork, the program itself is started.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

_PAUSE = 0.01


class Started(Protocol):
    """A process, as ``subprocess.Popen`` is one."""

    def poll(self) -> int | None:
        """Return the exit code, or ``None`` while it runs."""

    def terminate(self) -> None:
        """Ask it to end."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns the exit code."""


def start(program: str, words: Sequence[str], env: Mapping[str, str], log: Path) -> Started:
    """Start ``niwari`` with these words and variables; all that it prints goes to ``log``."""
    if hasattr(os, "fork"):
        return _Forked(_foster(), words, env, log)
    with log.open("wb") as out:
        command = [program, *words]
        return subprocess.Popen(command, env=dict(env), stdout=out, stderr=subprocess.STDOUT)


class _Foster:
    """The process that forks; one order at a time, each with an answer."""

    def __init__(self) -> None:
        from niwari.testing.plugin import TEMPLATES

        compiled = os.environ.get(TEMPLATES, "")  # outside a run of tests none is named
        command = [sys.executable, __file__, compiled]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._one = threading.Lock()
        atexit.register(self._end)

    def ask(self, **order: Any) -> int:
        """Return the answer to an order."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._one:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def _end(self) -> None:
        self._process.communicate()


@cache
def _foster() -> _Foster:
    return _Foster()


class _Forked:
    """A process that was forked."""

    def __init__(
        self, foster: _Foster, words: Sequence[str], env: Mapping[str, str], log: Path
    ) -> None:
        self._foster = foster
        self._pid = foster.ask(words=list(words), env=dict(env), log=str(log))
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, or ``None`` while it runs."""
        if self._code is None:
            told = self._foster.ask(pid=self._pid)
            self._code = None if told == _RUNS else told
        return self._code

    def terminate(self) -> None:
        """Ask it to end."""
        if self.poll() is None:
            os.kill(self._pid, signal.SIGTERM)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns the exit code."""
        deadline = None if timeout is None else time.monotonic() + timeout
        pause = threading.Event()
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"the process {self._pid} does not end")
            pause.wait(_PAUSE)
        return code


_RUNS = 1_000  # no exit code


def _serve() -> None:
    """Fork for each order of a command, and tell of each order of a process whether it has ended."""
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache

    import niwari.cli.main  # noqa: F401
    from niwari.app import load_host

    for late in ("holidays.countries.japan", "icalendar"):  # what is imported at its first use
        import_module(late)
    load_host()  # the plugins are imported too, and what is wrong with their sources is known
    with TemporaryDirectory(prefix="niwari-templates-") as own:
        compiled = sys.argv[1] or own
        Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(compiled)}
        # What has been imported stays: no process that begins here has to look whether it does.
        gc.collect()
        gc.freeze()
        _fork_for_orders()


def _fork_for_orders() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if "pid" in order:
            ended, status = os.waitpid(order["pid"], os.WNOHANG)
            _answer(os.waitstatus_to_exitcode(status) if ended else _RUNS)
            continue
        pid = os.fork()
        if not pid:
            _become(**order)
        _answer(pid)


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _become(words: list[str], env: dict[str, str], log: str) -> None:
    """Be the program, from its first line to its end."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.environ.clear()
        os.environ.update(env)
        sys.path[:0] = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
        sys.argv = ["niwari", *words]

        from niwari.cli import main

        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
