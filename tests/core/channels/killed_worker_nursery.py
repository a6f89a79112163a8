"""A process from which load clients and workers are forked; run by test_killed_worker.py.

Arguments: the database's URL, the home with the keys, the port of the mail server, the file of what
was acknowledged, the login of who writes, the id of the post that is told. Each line of the standard
input makes a process, whose id is printed: ``work`` one that sends until it is killed, ``load N`` one
that tells N times and writes the ids of the notices of each transaction once it is committed.
"""

import os
import signal
import sys
import traceback
from datetime import timedelta
from pathlib import Path
from time import sleep

from niwari.app import load_host
from niwari.channels.letters import Composer
from niwari.channels.sending import send_due
from niwari.channels.smtp import Mail, MailServer
from niwari.clock import system_clock, tokyo_day
from niwari.config import Settings
from niwari.context import Context
from niwari.db import connection, open_database, transaction
from niwari.directory.people import main_appointment
from niwari.host.dispatch import Dispatcher
from niwari.host.running import bind
from niwari.keyring import open_keyring
from niwari.notices.mail import enlist_mail
from niwari.notices.models import Received
from niwari.notices.outbox import leave_by, notify

LEASE = timedelta(seconds=2)
TOGETHER = 5


def work(port: int) -> None:
    """Send what is due, again and again."""
    server = MailServer("127.0.0.1", port, "none", "niwari@example.jp")
    compose = Composer("http://localhost").mail
    while True:
        with connection():
            send_due(Mail(server, "localhost"), compose, system_clock, lease=LEASE)
        sleep(0.02)


def load(times: int, acknowledged: str, login: str, told: int) -> None:
    """Tell ``times`` times, ``TOGETHER`` in each transaction."""
    leave_by([enlist_mail], lambda: None)
    file = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with connection():
        found = main_appointment(login, tokyo_day(system_clock()))
        for _turn in range(times // TOGETHER):
            ctx = Context(found.municipality, found.appointment, system_clock())
            with transaction(ctx):
                for _notice in range(TOGETHER):
                    assert notify(ctx, "consult.answered", [told]) == 1
                newest = Received.select(Received.id).order_by(Received.id.desc()).limit(TOGETHER)
                ids = [row.id for row in newest]
            os.write(file, "".join(f"{one}\n" for one in ids).encode())
            sleep(0.05)  # SQLite lets whoever writes without a pause go first


def main(url: str, home: str, port: str, acknowledged: str, login: str, told: str) -> None:
    """Fork as the lines of the standard input say."""
    settings = Settings(home=Path(home), environment="test", database_url=url)
    open_database(url, pool_size=2)
    open_keyring(settings)
    host = load_host()
    with connection():
        host.check_migrations()
    # Closed again: a connection that was forked would be two processes' at once.
    open_database(url, pool_size=2)
    bind(Dispatcher(host, system_clock))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child:
            sys.stdout.write(f"{child}\n")
            sys.stdout.flush()
            continue
        command, *number = line.split()
        try:
            if command == "work":
                work(int(port))
            else:
                load(int(number[0]), acknowledged, login, int(told))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(0)


main(*sys.argv[1:])
