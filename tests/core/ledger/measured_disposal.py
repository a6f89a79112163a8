"""Disposes of a fiscal year in a process of its own; run by test_disposing_killed.py for what it takes.

Arguments: the database's URL, the home with the keys, the instant at which it is, the logins of the two
officials and the year. It prints how many rows it removed, and by how many bytes the memory of the
process grew at most, the parts that are not Python's included.
"""

import resource
import sys
from datetime import datetime
from pathlib import Path

from niwari.app import create_app
from niwari.clock import FrozenClock, tokyo_day
from niwari.config import Settings
from niwari.context import Context
from niwari.dates.calendar_jp import japan
from niwari.db import connection
from niwari.directory.people import main_appointment
from niwari.ledger.disposing import proposing, removing

STATUS = Path("/proc/self/status")


def most() -> int:
    """Return the bytes that the process had in memory when it had most."""
    if STATUS.exists():  # Linux lets a process begin with what its parent had, but for here
        return int(STATUS.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(url: str, home: str, now: str, first: str, second: str, year: str) -> None:
    """Propose as the first official, agree as the second, and remove."""
    at = datetime.fromisoformat(now)
    settings = Settings(
        home=Path(home), environment="test", database_url=url, base_url="http://localhost"
    )
    create_app(settings, clock=FrozenClock(at), plugins=[])
    japan()  # a server has imported it, and it does not grow with what is removed

    def official(login: str) -> Context:
        found = main_appointment(login, tokyo_day(at))
        return Context(found.municipality, found.appointment, at)

    with connection():
        before = most()
        number = proposing.propose(official(first), int(year), "保存年限が過ぎたため", "a-key")
        proposing.agree(official(second), number)
        removed = removing.remove_all(official(first), number)
        sys.stdout.write(f"{removed} {most() - before}\n")


main(*sys.argv[1:])
