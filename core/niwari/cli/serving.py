"""serve, worker, migrate: what an installation runs."""

import os
import sys

import click

from niwari.app import create_app, load_host, make_worker_queue, migrate_all
from niwari.cli.opening import opened
from niwari.config import load_settings
from niwari.installation import home, installation_clock
from niwari.jobs.service import run_worker


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="The port.")
@click.option("--workers", default=2, show_default=True, help="Processes (not on Windows).")
@click.option("--threads", default=8, show_default=True, help="Threads in each process.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the web pages of an installation.

    gunicorn on Linux and macOS, waitress on Windows. Run the worker beside it.

    Example: NIWARI_HOME=/srv/niwari niwari serve --port 8000
    """
    load_settings(home())  # a bad setting is said here, once, and not by each process
    if sys.platform == "win32":
        from waitress import serve as waitress_serve

        waitress_serve(create_app(load_settings(home())), host=host, port=port, threads=threads)
        return
    command = [
        *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
        *("--bind", f"{host}:{port}", "--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", str(threads)),
        *("--access-logfile", "-", "niwari.wsgi:application()"),
    ]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


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
def migrate() -> None:
    """Bring the tables of the core and of all installed plugins up to date.

    Doing it again changes nothing. Example: NIWARI_HOME=/srv/niwari niwari migrate
    """
    with opened(migrated=False):
        applied = migrate_all(load_host())
    for name, migration in applied:
        click.echo(f"{name}: {migration}")
    if not applied:
        click.echo("Nothing to do: all tables are up to date.")
