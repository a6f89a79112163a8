"""``create_app``: the one place where the parts are put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from niwari.admin import plugin as admin_plugin
from niwari.audit import plugin as audit_plugin
from niwari.calendar import plugin as calendar_plugin
from niwari.calendar.events import own_plans_from
from niwari.catalogue import plugin as catalogue_plugin
from niwari.channels import plugin as channels_plugin
from niwari.channels.installing import let_leave
from niwari.clock import Clock
from niwari.config import Settings, read_key
from niwari.db import connection, database, end_use, open_database
from niwari.db.migrate import CORE, MigrationSet, migrate
from niwari.demo import plugin as demo_plugin
from niwari.digest import plugin as digest_plugin
from niwari.digest.telling import ISSUE, ISSUED, has_digest, issue_links
from niwari.directory import plugin as directory_plugin
from niwari.directory.linking import link_with
from niwari.events import plugin as events_plugin
from niwari.events.service import ring_the_worker_with
from niwari.files import plugin as files_plugin
from niwari.files.storage import limits_of, open_files
from niwari.host import plugin as host_plugin
from niwari.host.blueprint import LARGEST_BODY, MOST_BYTES
from niwari.host.discovery import Found, installed_plugins
from niwari.host.dispatch import Dispatcher
from niwari.host.environment import claim_database
from niwari.host.gate import install_gate
from niwari.host.keys import check_keys
from niwari.host.late_rules import LateRule
from niwari.host.registry import Host
from niwari.host.running import bind
from niwari.host.wiring import AccessTable, wire
from niwari.identity import plugin as identity_plugin
from niwari.identity.sessions.web import install_sessions
from niwari.identity.sign_in.recent import ask_again
from niwari.installation import installation_clock
from niwari.jobs import plugin as jobs_plugin
from niwari.jobs import shifts
from niwari.jobs.service import Queue, ScheduledJob
from niwari.keyring import Keyring, open_keyring
from niwari.ledger import plugin as ledger_plugin
from niwari.ledger.plans import plans_between
from niwari.moderation import plugin as moderation_plugin
from niwari.notices import plugin as notices_plugin
from niwari.notices.choices import offer_where
from niwari.rest import plugin as rest_plugin
from niwari.rest.problems import problem_of
from niwari.rest.tokens import install_tokens
from niwari.schedule import make_worker_queue
from niwari.search import plugin as search_plugin
from niwari.stewardship import plugin as stewardship_plugin
from niwari.vault import plugin as vault_plugin
from niwari.web import plugin as web_plugin
from niwari.web.addresses import Pages
from niwari.web.errors import install_errors
from niwari.web.formatting import install_formatting
from niwari.web.languages import install_languages
from niwari.web.security import check_form_tokens, install_security
from niwari.web.shell import install_shell
from niwari.web.static_files import serve_static_files
from niwari.web.uploads import RequestInMemory
from niwari.writing import plugin as writing_plugin
from niwari.writing.installing import install_writing

# In order of dependence: their tables are created in this order.
CORE_AREAS = {
    "directory": directory_plugin,
    "audit": audit_plugin,
    "host": host_plugin,
    "jobs": jobs_plugin,
    "events": events_plugin,
    "notices": notices_plugin,
    "search": search_plugin,
    "files": files_plugin,
    "writing": writing_plugin,
    "identity": identity_plugin,
    "vault": vault_plugin,
    "channels": channels_plugin,
    "calendar": calendar_plugin,
    "moderation": moderation_plugin,
    "ledger": ledger_plugin,
    "catalogue": catalogue_plugin,
    "digest": digest_plugin,
    "stewardship": stewardship_plugin,
    "web": web_plugin,
    "rest": rest_plugin,
    "admin": admin_plugin,
}


class PendingMigrations(RuntimeError):
    """The core's tables are behind its code; nothing is served until ``niwari migrate`` has run."""


class RowId(IntegerConverter):
    """An id in an address; what no row can have is no page (404), not a driver's overflow."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        """Accept 0 to the largest id of a row unless the route says otherwise."""
        super().__init__(map, *args, **{"max": 2**31 - 1, **options})


@dataclass(frozen=True, slots=True)
class Niwari:
    """What the application keeps in ``app.extensions["niwari"]``: read-only after the start."""

    settings: Settings
    clock: Clock
    dispatcher: Dispatcher
    access: AccessTable
    jobs: tuple[ScheduledJob, ...]

    @property
    def host(self) -> Host:
        """The plugins of the application."""
        return self.dispatcher.host


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    plugins: Sequence[Found] | None = None,
) -> Flask:
    """Make the WSGI application of one installation.

    ``plugins`` replaces the installed ones, for tests. Raises ``PendingMigrations`` where the
    core's migrations have not run, and what ``check_keys`` does; a plugin whose migrations have not
    run waits at its stage.
    """
    open_database(settings.database_url)
    ring = open_keyring(settings)
    open_files(settings)
    clock = clock or installation_clock(settings)
    host = load_host(plugins, demo=settings.environment == "demo", safe_mode=settings.safe_mode)
    with connection():
        require_migrated()
        take_up_database(settings, ring)
        host.check_migrations()
    dispatcher = bind(Dispatcher(host, clock))
    app = Pages("niwari.web")
    app.config.update(
        SECRET_KEY=read_key(settings, "cookie"),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
    )
    app.request_class = RequestInMemory
    app.url_rule_class = LateRule
    app.url_map.converters["int"] = RowId
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _connect_per_request(app, dispatcher)
    install_languages(app, host)
    install_security(app, settings)
    install_sessions(app, host, settings, clock)
    install_tokens(app, host, clock)
    access = wire(app, dispatcher)
    if settings.strict:
        host.require_ready()  # only now is it known whether Flask takes all of their pages
    install_gate(app, host, access, "identity.sign_in", ask_again)
    check_form_tokens(app, access, limits_of(settings).request)
    queue = make_worker_queue(settings, clock)
    app.extensions["niwari"] = Niwari(settings, clock, dispatcher, access, queue.jobs)
    install_formatting(app, clock)
    install_writing(app)
    install_errors(app, problem_of)
    install_shell(app)
    own_plans_from(plans_between)
    link_with(ISSUE, issue_links)
    offer_where(ISSUED.code, has_digest)
    wake_by(queue, settings)
    serve_static_files(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    if not settings.is_production:
        # Imported here alone, so that production never loads a provider that asks for no password.
        from niwari.identity.development import mount_development_provider

        mount_development_provider(app, settings, clock)
    return app


def take_up_database(settings: Settings, ring: Keyring) -> None:
    """Let the database that is open belong to the installation's environment and know its keys."""
    claim_database(settings.environment)
    check_keys(ring, is_production=settings.is_production)


def wake_by(queue: Queue, settings: Settings) -> None:
    """Let what is published, asked for and told in this process wake the worker of ``queue``."""
    ring_the_worker_with(queue.wake)
    shifts.wake_with(queue.wake, queue.go_on)
    let_leave(settings, queue.wake)


def largest_request(settings: Settings) -> int:
    """Return how many bytes a request may have at the most, on whatever page; servers refuse more."""
    return max(MOST_BYTES, limits_of(settings).request) + LARGEST_BODY


def load_host(
    plugins: Sequence[Found] | None = None, *, demo: bool = False, safe_mode: bool = False
) -> Host:
    """Load the core areas and the given (else the installed) plugins; needs no database.

    With ``demo`` the demo's own area is among them. In ``safe_mode`` no plugin's code runs.
    """
    areas = {**CORE_AREAS, "demo": demo_plugin} if demo else CORE_AREAS
    found = installed_plugins() if plugins is None else plugins
    return Host(areas, found, safe_mode=safe_mode)


def core_migrations() -> MigrationSet:
    """Return the core's migration history."""
    return MigrationSet(CORE, Path(__file__).parent / "migrations")


def require_migrated() -> None:
    """Raise ``PendingMigrations`` unless the core's tables are up to date; needs a connection."""
    if waiting := core_migrations().pending():
        raise PendingMigrations(
            f"{len(waiting)} migration(s) of the core have not run; run: niwari migrate"
        )


def migrate_all(host: Host) -> list[tuple[str, str]]:
    """Apply all pending migrations, the core's first; returns (set, migration) for each."""
    sets = [core_migrations()]
    sets += [s for plugin in host.optional() if (s := plugin.migration_set()) is not None]
    return migrate(sets)


def _connect_per_request(app: Flask, dispatcher: Dispatcher) -> None:
    @app.before_request
    def connect() -> None:
        # The health check connects by itself, to say in its own way when that fails.
        endpoint = request.endpoint or "static"
        if not endpoint.endswith("static") and endpoint != "web.healthz":
            database.connect(reuse_if_open=True)

    @app.teardown_request
    def disconnect(_error: BaseException | None) -> None:
        if not database.is_closed():
            dispatcher.failing.write_waiting()
            dispatcher.write_costs()
        end_use()
