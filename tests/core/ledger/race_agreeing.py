"""Several processes in which a head agrees to the same requests; run by test_races.py.

Arguments: the number of processes, the folder of the installation, the database's URL, the head's
login, the instant, and what is wanted. Each process connects, waits for the others, then does all that
is wanted in an order of its own. That is for each the id of a request to agree to, or one of
``bulk:ID,ID`` (all at once), ``standing:ID:MARK`` and ``oral:LOGIN:DAY:MINUTES`` (a person of this
login notes that the head said yes). Prints as JSON what came of it: for each process by what was
wanted the minutes agreed to, or the name of what was raised, of several a list of them.
"""

import json
import multiprocessing
import random
import sys
from datetime import date, datetime
from pathlib import Path

from niwari.app import create_app
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.context import Context
from niwari.db import connection
from niwari.directory.people import main_appointment
from niwari.errors import DomainError
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import OralOk, Wish
from niwari.ledger.deciding import bulk, decisions
from niwari.ledger.plugin import activities
from niwari.ledger.standing import deciding as deciding_standing

# What is imported above is shared by fork; where there is none, each process imports it again.
STARTING = multiprocessing.get_context(
    "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
)


def one_request(ctx: Context, wanted: str, key: str) -> int:
    """Agree to one request; returns the minutes."""
    return decisions.agree(ctx, int(wanted), key=key).agreed_minutes


def in_bulk(ctx: Context, wanted: str, key: str) -> list[int | str]:
    """Agree to several at once; returns for each line the minutes, or the name of the refusal."""
    outcome = bulk.agree_to_all(ctx, [int(one) for one in wanted.split(",")], key=key)
    refused = [type(line.refusal).__name__ for line in outcome.refused]
    return [line.request.minutes for line in outcome.agreed] + refused


def standing(ctx: Context, wanted: str, key: str) -> int:
    """Agree to a standing agreement that was seen as its mark says; returns the minutes held."""
    one, _, seen = wanted.partition(":")
    return deciding_standing.agree(ctx, int(one), key=key, seen=seen).minutes


def oral(ctx: Context, wanted: str, key: str) -> int:
    """Note as another person that the acting head said yes; returns the minutes."""
    login, day, minutes = wanted.split(":")
    found = main_appointment(login, ctx.today)
    wish = Wish(
        "general",
        "学び・相談",
        "head_office",
        date.fromisoformat(day),
        int(minutes),
        None,
        None,
        key,
        OralOk(ctx.acting.id, ctx.now),
    )
    offered = {one.code: one for one in activities()}
    person = Context(found.municipality, found.appointment, ctx.now)
    return requests.ask(person, wish, offered).agreed_minutes


ACTS = {"bulk": in_bulk, "standing": standing, "oral": oral}


def agree(
    barrier, answers, seed: int, home: str, url: str, login: str, now: str, ids: list[str]
) -> None:
    """Do all that is wanted, as fast as the database lets."""
    instant = datetime.fromisoformat(now)
    settings = Settings(
        home=Path(home), environment="test", database_url=url, base_url="http://localhost"
    )
    create_app(settings, clock=FrozenClock(instant), plugins=[])
    outcomes: dict[str, int | str | list[int | str]] = {}
    order = random.Random(seed).sample(ids, len(ids))
    with connection():
        found = main_appointment(login, instant.date())
        ctx = Context(found.municipality, found.appointment, instant)
        barrier.wait()
        for one in order:
            kind, _, wanted = one.partition(":")
            act = ACTS.get(kind, one_request)
            try:
                outcomes[one] = act(ctx, wanted or one, f"{seed}-{order.index(one)}")
            except DomainError as error:
                outcomes[one] = type(error).__name__
    answers.put(outcomes)


def main(number: str, home: str, url: str, login: str, now: str, *ids: str) -> None:
    """Start the processes and collect what they say."""
    barrier, answers = STARTING.Barrier(int(number)), STARTING.Queue()
    processes = [
        STARTING.Process(
            target=agree, args=(barrier, answers, seed, home, url, login, now, list(ids))
        )
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
