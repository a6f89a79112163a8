"""A process from which servers are forked; run by test_killed_server.py.

Arguments: the database's URL, the home with the keys, the instant at which it is. Listens on a port of
its own, which it prints first. Each line of the standard input makes a server, whose id is printed once
it listens: it serves until it is killed.
"""

import os
import signal
import socket
import sys
import traceback
from datetime import datetime
from pathlib import Path

from waitress import serve

from niwari.app import create_app
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.db import open_database

THREADS = 12


def main(url: str, home: str, now: str) -> None:
    """Fork as the lines of the standard input say."""
    # One socket for all of them: who comes while none is there waits for the next.
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    port = listening.getsockname()[1]
    settings = Settings(
        home=Path(home), environment="test", database_url=url, base_url="http://localhost"
    )
    app = create_app(settings, clock=FrozenClock(datetime.fromisoformat(now)), plugins=[])
    # Opened anew by each server: a connection that was forked would be two processes' at once.
    open_database(url, pool_size=THREADS)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        child = os.fork()
        if child:
            sys.stdout.write(f"{child}\n")
            sys.stdout.flush()
            continue
        try:
            serve(app, sockets=[listening], threads=THREADS, ident=None)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(0)


main(*sys.argv[1:])
