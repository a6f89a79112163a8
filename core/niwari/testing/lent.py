"""One application of the installed plugins, lent to one test after another.

To make an application takes longer than most tests do. Each test still has a database, a clock
and sessions of its own; what it put in the place of the application's parts is put back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask

from niwari.app import Niwari, create_app
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.db import open_database
from niwari.events.service import ring_the_worker_with
from niwari.files.storage import open_files
from niwari.host.costs import Costs
from niwari.host.failing import Failing
from niwari.host.running import bind
from niwari.identity.development import store_development_provider
from niwari.identity.providers.relying_parties import install_providers
from niwari.identity.sign_in.limits import install_limits
from niwari.keyring import open_keyring
from niwari.schedule import make_worker_queue
from niwari.testing.world import World, settings_of_a_test


class Lent:
    """The application of the installed plugins; it is made at the first use."""

    def __init__(self, home: Path) -> None:
        """Let its keys lie in ``home``."""
        self._home = home
        self._app: Flask | None = None
        self._clock: FrozenClock | None = None

    @contextmanager
    def world(self, url: str, clock: FrozenClock) -> Iterator[World]:
        """Lend it to one test, on the database at ``url`` and by ``clock``."""
        self._clock = clock
        settings = settings_of_a_test(url, self._home)
        if self._app is None:
            self._app = create_app(settings, clock=self._now)
        else:
            _begin_anew(self._app, settings)
        config, extensions = dict(self._app.config), dict(self._app.extensions)
        try:
            with World.around(self._app, clock, settings) as world:
                yield world
        finally:
            self._app.config.clear()
            self._app.config.update(config)
            self._app.extensions.clear()
            self._app.extensions.update(extensions)

    def _now(self) -> datetime:
        assert self._clock is not None
        return self._clock()


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
    store_development_provider(settings)
    ring_the_worker_with(make_worker_queue(settings, niwari.clock).wake)
