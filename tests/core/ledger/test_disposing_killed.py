"""A removal that is killed goes on where it was; a long one takes no more memory than a short one (L6)."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from niwari.db import transaction
from niwari.db.sets import put_rows
from niwari.ledger.disposing import removing
from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.disposing.parts import PARTS
from niwari.ledger.models import Account, Disposal, DisposalRecord, JournalEntry

from .disposing import HR, HR2, STAFF

ALONE = Path(__file__).parent / "killed_disposal.py"
MEASURED = Path(__file__).parent / "measured_disposal.py"
KORIYAMA = "072036"


def left(old):
    """Return how many rows the municipality has of the year."""
    of = FiscalYear(old.ctx().municipality.id, 2026)
    return sum(part.model.select().where(part.of(of)).count() for part in PARTS)


@pytest.mark.slow
def test_killed_between_two_portions_it_ends_whole(old, database_url):
    number, whole = old.agreed(), left(old)
    settings, now = old.ledger.world.settings, old.ledger.world.clock().isoformat()
    arguments = [
        sys.executable,
        str(ALONE),
        database_url,
        str(settings.home),
        now,
        KORIYAMA,
        str(number),
    ]
    gone = 0
    for portions in (1, 5):
        with subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as worker:
            for done in range(portions):
                assert worker.stdout.readline().endswith(" 1\n")
                gone += 1
                if done < portions - 1:
                    worker.stdin.write("on\n")
                    worker.stdin.flush()
            worker.kill()
        assert left(old) == whole - gone
        assert Disposal.get_by_id(number).gate_id is None
        assert DisposalRecord.select().count() == 0
    assert removing.remove_all(old.ctx(), number) == whole - gone
    assert left(old) == 0
    assert sum(json.loads(DisposalRecord.get().counts).values()) == whole


@pytest.mark.slow
def test_a_hundred_thousand_postings_go_in_flat_memory(old, database_url):
    account = Account.get(Account.person == old.ctx(STAFF).person_id)
    most = 100_000
    fields = (
        JournalEntry.account,
        JournalEntry.kind,
        JournalEntry.work_date,
        JournalEntry.minutes,
        JournalEntry.used_delta,
        JournalEntry.reserved_delta,
        JournalEntry.posted_at,
    )
    day = JournalEntry.work_date.db_value(date(2026, 11, 18))
    at = JournalEntry.posted_at.db_value(account.closed_at - timedelta(days=1))
    with transaction(old.ctx()):
        put_rows(
            JournalEntry,
            fields,
            ((account.id, "record", day, 1, 1, 0, at) for _ in range(most)),
        )
    world = old.ledger.world
    told = subprocess.run(
        [
            *(sys.executable, str(MEASURED), database_url, str(world.settings.home)),
            *(world.clock().isoformat(), HR, HR2, "2026"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    removed, grown = map(int, told.stdout.split())
    assert removed > most
    assert left(old) == 0
    assert grown < 16 * 2**20
