"""serve, worker, migrate: what an installation runs."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from niwari.admin.upgrading import note_plugins
from niwari.app import (
    LARGEST_BODY,
    core_migrations,
    create_app,
    load_host,
    make_worker_queue,
    migrate_all,
)
from niwari.cli.opening import opened
from niwari.config import load_settings
from niwari.host.dispatch import Dispatcher
from niwari.host.environment import claim_database, environment_of_database
from niwari.host.registry import Host
from niwari.host.running import bind
from niwari.identity.provider import configured_provider
from niwari.installation import home, installation_clock
from niwari.jobs.service import run_worker


class UpgradeFailed(RuntimeError):
    """The tables are up to date, but a plugin could not adapt its data; the next run tries again."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="The port.")
@click.option("--workers", default=2, show_default=True, help="Processes (not on Windows).")
@click.option("--threads", default=8, show_default=True, help="Threads in each process.")
@click.option("--strict", is_flag=True, help="Start only if every plugin is ready.")
@click.option("--safe-mode", is_flag=True, help="Start the core alone, without any plugin.")
def serve(host: str, port: int, workers: int, threads: int, strict: bool, safe_mode: bool) -> None:
    """Serve the web pages of an installation.

    gunicorn on Linux and macOS, waitress on Windows. Run the worker beside it.

    Example: NIWARI_HOME=/srv/niwari niwari serve --port 8000
    """
    for chosen, variable in ((strict, "NIWARI_STRICT"), (safe_mode, "NIWARI_SAFE_MODE")):
        if chosen:
            os.environ[variable] = "true"  # for the processes that are started below
    # What is wrong is said here, once and in a sentence, and not by each process.
    with opened() as installation:
        configured_provider(installation.settings)
        loaded = load_host(safe_mode=installation.settings.safe_mode)
        loaded.check_migrations()
        if strict or installation.settings.strict:
            loaded.require_ready()
    if sys.platform == "win32":
        from waitress import serve as waitress_serve

        settings = load_settings(home())
        proxies = _waitress_proxies(settings.trusted_proxies)
        waitress_serve(
            create_app(settings),
            host=host,
            port=port,
            threads=threads,
            max_request_body_size=LARGEST_BODY,
            **proxies,
        )
        return
    command = [
        *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
        *("--bind", f"{host}:{port}", "--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", str(threads)),
        # Without the query: it may carry a sign-in's code.
        *("--access-logfile", "-", "--access-logformat", "%(h)s %(m)s %(U)s %(s)s %(L)s"),
        "niwari.wsgi:application()",
    ]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


def _waitress_proxies(count: int) -> dict[str, Any]:
    """Return what lets waitress pass on the headers of ``count`` proxies; it removes them else."""
    if not count:
        return {}
    return {
        "trusted_proxy": "*",
        "trusted_proxy_count": count,
        "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto x-forwarded-host",
        "clear_untrusted_proxy_headers": True,
    }


@click.command()
@click.option("--threads", default=2, show_default=True, help="Jobs worked off at the same time.")
def worker(threads: int) -> None:
    """Work off the jobs of an installation until stopped.

    Example: NIWARI_HOME=/srv/niwari niwari worker
    """
    settings = load_settings(home())
    create_app(settings)
    clock = installation_clock(settings)
    run_worker(make_worker_queue(settings, clock), clock, threads)


@click.command()
@click.option("--status", is_flag=True, help="Only tell what has run and what waits.")
def migrate(status: bool) -> None:
    """Bring the tables of the core and of all installed plugins up to date.

    Doing it again changes nothing. Example: NIWARI_HOME=/srv/niwari niwari migrate --status
    """
    with opened(migrated=False) as installation:
        host = load_host()
        if status:
            for line in _status(host):
                click.echo(line)
            return
        applied = migrate_all(host)
        if environment_of_database() is None:
            claim_database(installation.settings.environment)
        host.check_migrations()
        failures = note_plugins(bind(Dispatcher(host, installation.clock)))
    for name, migration in applied:
        click.echo(f"{name}: {migration}")
    if not applied:
        click.echo("Nothing to do: all tables are up to date.")
    if failures:
        raise UpgradeFailed("\n".join(failures))


def _status(host: Host) -> Iterator[str]:
    sets = [core_migrations()]
    sets += [s for plugin in host.optional() if (s := plugin.migration_set()) is not None]
    for one in sets:
        for name, has_run in one.status():
            yield f"{one.name}: {name}  {'has run' if has_run else 'waits; run: niwari migrate'}"
    for plugin in host.optional():
        if plugin.error:
            yield f"{plugin.name}: stopped: {plugin.error}"
