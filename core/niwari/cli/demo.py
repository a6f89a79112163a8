"""demo: everything in one process, on this machine alone."""

import os
import socket
import webbrowser
from typing import Any

import click
from waitress import serve

from niwari.admin.upgrading import note_plugins
from niwari.app import create_app, largest_request, load_host, migrate_all
from niwari.config import Settings, load_settings
from niwari.db import connection, database, open_database
from niwari.demo.loading import enable_new, load_demo
from niwari.demo.people import ACCOUNTS
from niwari.demo.story import BEGINNING
from niwari.files.storage import open_files
from niwari.host.dispatch import Dispatcher
from niwari.host.environment import claim_database
from niwari.host.keys import prepare_keys
from niwari.host.running import bind
from niwari.installation import home, installation_clock
from niwari.jobs.service import start_embedded_worker
from niwari.keyring import open_keyring
from niwari.schedule import make_worker_queue
from niwari.search.indexing import index_due


@click.command()
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="The port.")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser too.")
def demo(port: int, open_browser: bool) -> None:
    """Run the demo region: pages, sign-in without passwords and job worker in one process.

    It listens on 127.0.0.1 alone and begins on Tuesday 10 November 2026. Its data lies in
    NIWARI_HOME; remove that folder to begin anew.

    Example: PORT=8010 niwari demo
    """
    settings = demo_settings(port)
    _check_port(port)
    prepare(settings)
    # One clock for the pages and the worker: who moves it on the pages moves the worker along.
    clock = installation_clock(settings)
    app = create_app(settings, clock=clock)
    app.config["NIWARI_DEMO_ACCOUNTS"] = ACCOUNTS
    consumer = start_embedded_worker(make_worker_queue(settings, clock), clock)
    click.echo(f"\nNiwari demo: {settings.base_url}\n")
    for login, label in ACCOUNTS:
        click.echo(f"  {login:<18} {label.ja} / {label.en}")
    click.echo("\nStop with Ctrl+C.")
    if open_browser:
        webbrowser.open(settings.base_url)
    try:
        serve(
            app,
            host="127.0.0.1",
            port=port,
            threads=8,
            ident=None,
            max_request_body_size=largest_request(settings),
        )
    finally:
        consumer.stop(graceful=True)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} is taken ({error.strerror}); choose another: PORT=8010 make demo"
            ) from error


def demo_settings(port: int) -> Settings:
    """Return the settings of the demo in ``NIWARI_HOME``, with the clock of its story."""
    given: dict[str, Any] = {"environment": "demo", "base_url": f"http://127.0.0.1:{port}"}
    if "NIWARI_CLOCK_START" not in os.environ:
        given["clock_start"] = BEGINNING
    return load_settings(home(), **given)


def prepare(settings: Settings) -> None:
    """Bring the demo's tables up to date and fill them at the first start."""
    settings.home.mkdir(parents=True, exist_ok=True)
    open_database(settings.database_url)
    open_files(settings)
    with connection():
        if "host_installation" in database.get_tables():
            claim_database(settings.environment)
        host = load_host()
        for name, migration in migrate_all(host):
            click.echo(f"migrated {name}: {migration}")
        claim_database(settings.environment)
        prepare_keys(open_keyring(settings))
        host.check_migrations()
        note_plugins(bind(Dispatcher(host, installation_clock(settings))))
        if load_demo(host):
            index_due(installation_clock(settings)())
            click.echo("Loaded the demo region: 17 municipalities.")
        for name in enable_new(host):
            click.echo(f"{name} is new: switched on in all 17 municipalities.")
