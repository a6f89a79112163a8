"""Several processes in which a head agrees to the same requests; run by test_races.py.

Arguments: the number of processes, the database's URL, the head's login, the instant, the ids of the
requests. Each process connects, waits for the others, then agrees to every request in an order of
its own. Prints as JSON what came of it: for each process the minutes agreed to by id, or the name
of what was raised.
"""

import json
import multiprocessing
import random
import sys
from datetime import datetime

from niwari.context import Context
from niwari.db import connection, open_database
from niwari.directory.people import main_appointment
from niwari.errors import DomainError
from niwari.ledger import decisions

# What is imported above is shared by fork; where there is none, each process imports it again.
STARTING = multiprocessing.get_context(
    "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
)


def agree(barrier, answers, seed: int, url: str, login: str, now: str, ids: list[str]) -> None:
    """Agree to all requests, as fast as the database lets."""
    instant = datetime.fromisoformat(now)
    open_database(url, pool_size=1)
    outcomes: dict[str, int | str] = {}
    order = random.Random(seed).sample(ids, len(ids))
    with connection():
        found = main_appointment(login, instant.date())
        ctx = Context(found.municipality, found.appointment, instant)
        barrier.wait()
        for one in order:
            try:
                agreed = decisions.agree(ctx, int(one), key=f"{seed}-{one}")
                outcomes[one] = agreed.agreed_minutes
            except DomainError as error:
                outcomes[one] = type(error).__name__
    answers.put(outcomes)


def main(number: str, url: str, login: str, now: str, *ids: str) -> None:
    """Start the processes and collect what they say."""
    barrier, answers = STARTING.Barrier(int(number)), STARTING.Queue()
    processes = [
        STARTING.Process(target=agree, args=(barrier, answers, seed, url, login, now, list(ids)))
        for seed in range(int(number))
    ]
    for process in processes:
        process.start()
    said = [answers.get(timeout=60) for _process in processes]
    for process in processes:
        process.join()
    sys.stdout.write(json.dumps(said))
    sys.exit(max(abs(process.exitcode or 0) for process in processes))


if __name__ == "__main__":
    main(*sys.argv[1:])
