"""serve, worker: what an installation runs."""

import os
import sys
from typing import Any

import click

from niwari.admin.file_pages import LARGEST_UPLOAD
from niwari.app import create_app, largest_request
from niwari.cli.opening import opened
from niwari.config import load_settings
from niwari.identity.providers.start import require_provider
from niwari.installation import home, installation_clock
from niwari.jobs.service import run_worker
from niwari.schedule import make_worker_queue


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8000,
    show_default=True,
    envvar="PORT",
    help="The port.",
)
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
        require_provider(installation.settings)
    settings = load_settings(home())
    app = create_app(settings)
    if sys.platform == "win32":
        from waitress import serve as waitress_serve

        proxies = _waitress_proxies(settings.trusted_proxies)
        waitress_serve(
            app,
            host=host,
            port=port,
            threads=threads,
            max_request_body_size=largest_request(settings),
            # Files of imports stay in memory, attachments go into temporary files.
            inbuf_overflow=LARGEST_UPLOAD + 1,
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
