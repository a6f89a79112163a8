"""The small world of the tests: three towns, ten people, one application."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from click import Command
from click.exceptions import Exit
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from peewee import PeeweeException

from niwari.admin import switching
from niwari.app import create_app, load_host, migrate_all
from niwari.clock import FrozenClock, tokyo_day
from niwari.config import Settings
from niwari.context import Context
from niwari.db import connection, database, open_database, transaction
from niwari.demo.people import load_people
from niwari.directory.enabling import switch
from niwari.directory.people import main_appointment, municipality_by_code
from niwari.directory.system import system_context
from niwari.events.models import Event
from niwari.events.service import deliver_due
from niwari.host.discovery import Found
from niwari.host.dispatch import Dispatcher
from niwari.host.registry import Host
from niwari.host.settings import declared_settings, save_settings
from niwari.host.town_state import OFF, ON
from niwari.identity.development.storing import development_issuer
from niwari.identity.roles.mapping import town_permissions
from niwari.identity.roles.rules import roles_of
from niwari.identity.sessions.stored import open_session
from niwari.jobs.working import work_off
from niwari.keyring import open_keyring
from niwari.search.indexing import index_due
from niwari.testing.engines import release
from niwari.testing.plugin import TEMPLATES
from niwari.vault.publishing import publish_due

KORIYAMA, SUKAGAWA, MIHARU = "072036", "072079", "075213"
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def prepare_tables(url: str) -> None:
    """Migrate the database at ``url``; there is nothing in it."""
    open_database(url)
    with connection():
        migrate_all(load_host())


def prepare_town(url: str) -> None:
    """Migrate the database at ``url`` and load the demo's people, with nothing else in it."""
    prepare_tables(url)
    with connection():
        load_people()


def settings_of_a_test(url: str, home: Path) -> Settings:
    """Return settings for an application of a test, whose keys lie in ``home``; both are made."""
    home.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        home=home, environment="test", database_url=url, base_url="http://localhost"
    )
    open_keyring(settings).make_first()
    return settings


def keep_templates(app: Flask) -> None:
    """Let the templates of ``app`` be compiled once for all applications of a run of tests."""
    folder = os.environ.get(TEMPLATES, "")
    if not os.path.isdir(folder):
        folder = _compiled_templates().name
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(folder)


@cache
def _compiled_templates() -> TemporaryDirectory[str]:
    """Return where the applications of this process keep templates outside a run of tests."""
    return TemporaryDirectory(prefix="niwari-templates-")


@dataclass
class World:
    """An application on a prepared database, and the people in it."""

    app: Flask
    clock: FrozenClock
    settings: Settings

    @classmethod
    @contextmanager
    def open(
        cls,
        url: str,
        clock: FrozenClock,
        home: Path,
        plugins: Sequence[Found] | None = None,
        enabled: Sequence[str] | None = None,
    ) -> Iterator[Self]:
        """Start an application on ``url``; the installed plugins are on in all three towns.

        ``plugins`` replaces the installed ones, ``enabled`` names those to switch on.
        """
        settings = settings_of_a_test(url, home)
        app = create_app(settings, clock=clock, plugins=plugins)
        keep_templates(app)
        with cls.around(app, clock, settings) as world:
            world.switch_on(enabled)
            yield world

    @classmethod
    @contextmanager
    def around(cls, app: Flask, clock: FrozenClock, settings: Settings) -> Iterator[Self]:
        """Let ``app``, which stands on a prepared database, be one."""
        app.testing = False  # errors become pages, as they do for people
        with connection():
            try:
                yield cls(app, clock, settings)
            finally:
                release()

    def switch_on(self, names: Sequence[str] | None = None) -> None:
        """Let the named plugins, else all that are ready, be on in the three towns."""
        ready = [p.name for p in self.host.optional() if self.host.is_ready(p.name)]
        for code in (KORIYAMA, SUKAGAWA, MIHARU):
            ctx = self._system(code)
            with transaction(ctx):
                for name in ready if names is None else names:
                    switch(ctx, ctx.municipality.id, name, ON)

    @property
    def host(self) -> Host:
        """The plugin host of the application."""
        host: Host = self.app.extensions["niwari"].host
        return host

    @property
    def issuer(self) -> str:
        """The provider with which people sign in: it serves all three towns."""
        return development_issuer(self.settings)

    @property
    def dispatcher(self) -> Dispatcher:
        """What calls the plugins of the application."""
        dispatcher: Dispatcher = self.app.extensions["niwari"].dispatcher
        return dispatcher

    def ctx_for(self, login: str) -> Context:
        """Return the context in which the person with ``login`` acts now."""
        database.connect(reuse_if_open=True)
        found = main_appointment(login, tokyo_day(self.clock()))
        roles = roles_of(found.appointment.id, self.clock())
        return Context(
            found.municipality,
            found.appointment,
            self.clock(),
            permissions=town_permissions(self.host.permissions(), found.municipality, roles),
            issuer=self.issuer,
        )

    def system_context(self) -> Context:
        """Return the context of a command, which acts for no municipality alone."""
        database.connect(reuse_if_open=True)
        return system_context(self.clock(), "test")

    def switch(self, code: str, plugin: str, *, on: bool) -> None:
        """Switch a plugin in the municipality with ``code``; nobody is asked whether it may be."""
        ctx = self._system(code)
        switch(ctx, ctx.municipality.id, plugin, ON if on else OFF)

    def set_settings(self, login: str, plugin: str, **values: str | int | bool) -> None:
        """Keep settings of a plugin as the person does: the municipality's, or the person's own."""
        database.connect(reuse_if_open=True)
        ctx = self.ctx_for(login)
        for scope in ("municipality", "person"):
            known = {setting.key for setting in declared_settings(plugin, scope)}
            chosen = {key: value for key, value in values.items() if key in known}
            save_settings(ctx, plugin, scope, chosen)

    def ask_to_switch(self, code: str, plugin: str, *, on: bool) -> None:
        """Switch a plugin as municipal IT does: what is in the way is raised, as ``Blocked``."""
        state = ON if on else OFF
        switching.switch(self._system(code), self.dispatcher, plugin, state)

    def command(self, plugin: str, name: str, *, code: str, args: Sequence[str] = ()) -> str:
        """Run a command of a plugin in a municipality's name; returns what it printed.

        What it raises is raised on, also click's own errors, and ends with a code other than 0.
        """
        found = self.host.plugins[plugin].contributions.commands
        command = next(command for command in found if command.name == name)
        ctx = self._system(code)

        def run() -> None:
            with command.make_context(name, list(args), obj=ctx) as click_ctx:
                command.invoke(click_ctx)

        try:
            # Around it a command that returns nothing: else click gives an exit's code and what
            # the command returned in the same place.
            around = Command(name, callback=run)
            done = CliRunner().invoke(around, catch_exceptions=False, standalone_mode=False)
        finally:
            database.connect(reuse_if_open=True)
        if done.exit_code and done.exception is not None:
            raise done.exception
        if done.return_value:
            raise Exit(done.return_value)
        return done.output

    def _system(self, code: str) -> Context:
        database.connect(reuse_if_open=True)
        now = self.clock()
        return Context(municipality_by_code(code, tokyo_day(now)), None, now, actor="test")

    def published(self) -> list[object]:
        """Return the events that were published so far, the oldest first."""
        database.connect(reuse_if_open=True)
        found: list[object] = []
        for row in Event.select().order_by(Event.id):
            kind = self.host.event_type(row.name)
            found.append(kind(**json.loads(row.data)) if kind is not None else row.name)
        return found

    def deliver(self) -> int:
        """Deliver what is due, as the worker does; returns how many deliveries ended."""
        database.connect(reuse_if_open=True)
        return deliver_due(self.clock())

    def index(self) -> int:
        """Index what changed, as the worker does; returns how many rows were looked at."""
        database.connect(reuse_if_open=True)
        return index_due(self.clock())

    def work(self) -> int:
        """Run the jobs and hidden acts that are due and do the tasks, as the worker; returns how many."""
        database.connect(reuse_if_open=True)
        return publish_due(self.clock()) + work_off(self.clock)

    def client_for(self, login: str) -> "Browser":
        """Return a browser-like client in which the person has just signed in."""
        database.connect(reuse_if_open=True)
        now = self.clock()
        token = open_session(
            self.settings,
            now,
            appointment_id=self.ctx_for(login).acting.id,
            issuer=self.issuer,
            auth_time=now,
        )
        client = self.anonymous()
        client.set_cookie("niwari_session", token)
        return client

    def anonymous(self) -> "Browser":
        """Return a client in which nobody is signed in."""
        return Browser(self.app)


class Browser(FlaskClient):
    """A test client that fills in a form's CSRF token the way a browser would: from the page.

    After a request the test has a connection again, which the end of the request had closed.
    """

    _token = ""

    def open(self, *positional: Any, **named: Any) -> Any:
        """Send a request, as Flask's own client does."""
        answer = super().open(*positional, **named)
        with suppress(PeeweeException):  # a test may have taken the database away
            database.connect(reuse_if_open=True)
        return answer

    def submit(self, address: str, data: dict[str, Any], *, form_at: str | None = None) -> Any:
        """Open the page with the form, then POST ``data`` to ``address`` with its token."""
        token = self.token_at(form_at or address)
        return self.post(address, data={**data, "csrf_token": token})

    def token(self) -> str:
        """Return the CSRF token of a form that the person has open; it holds for the others too."""
        if not self._token:
            self._token = self.token_at("/")
        return self._token

    def token_at(self, address: str) -> str:
        """Return the CSRF token of the forms on the page at ``address``."""
        page = self.get(address)
        found = _CSRF.search(page.get_data(as_text=True))
        if found is None:
            raise AssertionError(f"no form at {address}: answered {page.status}")
        return found[1]
