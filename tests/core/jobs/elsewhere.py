"""What a second connection meets while the first one is in a transaction."""

import threading
from collections.abc import Callable
from typing import Any

from peewee import OperationalError

from niwari.db import connection, database, is_postgresql

WAITS = "waits"


def elsewhere(do: Callable[[], Any]) -> Any:
    """Return what ``do`` gives in another thread; ``WAITS`` where it would have to wait for others."""
    seen: list[Any] = []

    def run() -> None:
        with connection():
            # SQLite has one writer: there it is the whole database that would be waited for.
            if is_postgresql():
                database.execute_sql("SET lock_timeout = '100ms'")
            else:
                database.execute_sql("PRAGMA busy_timeout = 0")
            try:
                seen.append(do())
            except OperationalError:
                seen.append(WAITS)
            finally:
                if is_postgresql():
                    database.execute_sql("RESET lock_timeout")
                else:
                    database.execute_sql("PRAGMA busy_timeout = 10000")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    (answer,) = seen
    return answer
