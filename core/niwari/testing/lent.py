"""Applications that are lent to one test after another.

To make an application takes longer than most tests do. Each test still has a database, a clock,
files and sessions of its own; what it put in the place of the application's parts is put back, and an
application of which it changed more is not lent again.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType

from flask import Flask

from niwari.app import Niwari, create_app, take_up_database, wake_by
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.db import connection, open_database
from niwari.files.storage import open_files
from niwari.host.costs import Costs
from niwari.host.discovery import Found
from niwari.host.failing import Failing
from niwari.host.running import bind
from niwari.identity.development import store_development_provider
from niwari.identity.development.keys import signing_key
from niwari.identity.providers.relying_parties import install_providers
from niwari.identity.sign_in.limits import install_limits
from niwari.jobs.service import Queue
from niwari.keyring import open_keyring
from niwari.schedule import make_worker_queue
from niwari.testing.plugin import START
from niwari.testing.unchanged import Parts
from niwari.testing.world import World, keep_templates, settings_of_a_test


class Lent:
    """The application of the installed plugins, or of ``plugins``; it is made at the first use."""

    def __init__(self, home: Path, plugins: Sequence[Found] | None = None) -> None:
        """Let its keys lie in ``home``, and the files of each test."""
        self._home = home
        self._plugins = plugins
        self._app: Flask | None = None
        self._queue: Queue | None = None
        self._clock: FrozenClock | None = None
        self._keys: dict[Path, bytes] = {}
        self._modules: dict[str, ModuleType] = {}
        self._parts: Parts | None = None
        self._begun: set[str] = set()

    def begin(self, url: str) -> None:
        """Do to the prepared database at ``url`` what ``world`` does to each; for a template."""
        with self._lending(url, FrozenClock(START)) as world:
            self._begin(world)
            signing_key()  # else each test in which somebody signs in has it made

    def begun(self, url: str) -> str:
        """Note that the database at ``url`` is a copy of one that has begun; returns ``url``."""
        self._begun.add(url)
        return url

    @contextmanager
    def world(self, url: str, clock: FrozenClock) -> Iterator[World]:
        """Lend it to one test, on the database at ``url`` and by ``clock``; its plugins are on."""
        with self._lending(url, clock) as world:
            if url not in self._begun:
                self._begin(world)
            yield world

    @property
    def is_known(self) -> bool:
        """Tell whether what has been imported of its plugins is what it was made of, or nothing."""
        return all(sys.modules.get(name, known) is known for name, known in self._modules.items())

    @contextmanager
    def _lending(self, url: str, clock: FrozenClock) -> Iterator[World]:
        self._clock = clock
        settings = settings_of_a_test(url, self._home)
        self._clear(settings.home)
        sys.modules.update(self._modules)
        if self._app is None:
            self._app = create_app(settings, clock=self._now, plugins=self._plugins)
            keep_templates(self._app)
            self._queue = make_worker_queue(settings, self._now)
            self._keys = {path: path.read_bytes() for path in _files(self._home / "keys")}
            self._modules = self._imported()
            self._parts = Parts(self._app, self._modules)
        else:
            _begin_anew(self._app, settings)
        # Whoever made another application in between has let its queue be woken. Of this one no test
        # runs anything: it is only woken, in the database that is open.
        assert self._queue is not None
        wake_by(self._queue, settings)
        app = self._app
        config, extensions = dict(app.config), dict(app.extensions)
        try:
            with World.around(app, clock, settings) as world:
                yield world
        finally:
            app.config.clear()
            app.config.update(config)
            app.extensions.clear()
            app.extensions.update(extensions)
            if self._parts is not None and not self._parts.are_unchanged():
                self._app, self._modules, self._parts, self._queue = None, {}, None, None

    def _begin(self, world: World) -> None:
        with connection():
            take_up_database(world.settings, open_keyring(world.settings))
        store_development_provider(world.settings)
        world.switch_on(None if self._plugins is None else [one.name for one in self._plugins])

    def _now(self) -> datetime:
        assert self._clock is not None
        return self._clock()

    def _clear(self, home: Path) -> None:
        """Leave nothing in the home but the keys as they were."""
        if not self._keys:
            return
        for path in home.iterdir():
            if path.name != "keys":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        present = {path: path.read_bytes() for path in _files(home / "keys")}
        for path in present.keys() - self._keys.keys():
            path.unlink()
        for path, key in self._keys.items():
            if present.get(path) != key:
                path.unlink(missing_ok=True)
                path.write_bytes(key)
                path.chmod(0o600)

    def _imported(self) -> dict[str, ModuleType]:
        """Return the modules of the given plugins, which are forgotten when the test ends."""
        packages = {found.package for found in self._plugins or ()}
        return {
            name: module
            for name, module in sys.modules.items()
            if name.partition(".")[0] in packages
        }


def _begin_anew(app: Flask, settings: Settings) -> None:
    """Do for another database what ``create_app`` did for the first."""
    open_database(settings.database_url)
    open_keyring(settings)
    open_files(settings)
    niwari: Niwari = app.extensions["niwari"]
    dispatcher = bind(niwari.dispatcher)
    dispatcher.costs = Costs()
    dispatcher.failing = Failing(niwari.host, niwari.clock)
    install_providers(app, settings)
    install_limits(app)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
