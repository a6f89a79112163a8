"""Whoever locks several requests locks their accounts first, and requests by their ids (rule L2)."""

from datetime import date

import pytest

from niwari.directory.events import PersonTransferred
from niwari.directory.models import Appointment
from niwari.ledger.deciding import reagreeing
from niwari.ledger.deciding.moving import transferred
from niwari.ledger.models import Request

from .conftest import WEDNESDAY
from .test_moving import MOVE, MOVER, NEW_HEAD, move, office, who

__all__ = ["office"]


@pytest.fixture
def handed_over(ledger, office):
    """Two requests, the later day asked for first, which somebody takes along to a new head."""
    for day in (date(2026, 11, 19), WEDNESDAY):
        ledger.agreed(day, 60, by=MOVER)
    former = Appointment.get(Appointment.person == who(MOVER))
    new = move(ledger, office, "移動部/新課")
    return PersonTransferred(
        person_id=who(MOVER),
        from_appointment_id=former.id,
        to_appointment_id=new.id,
        on=MOVE.isoformat(),
    )


def check_order(log):
    """Accounts are read, by person and period; after that the requests that are locked, by id."""
    reads = [text for text in log.statements if text.startswith("SELECT")]
    accounts = [n for n, text in enumerate(reads) if 'FROM "ledger_account"' in text[:400]]
    requests = [n for n, text in enumerate(reads) if 'FROM "ledger_request" AS "t1"' in text]
    assert 'ORDER BY "t1"."person_id", "t1"."starts_on"' in reads[accounts[0]]
    before, locking = requests[0], requests[1]
    assert before < accounts[0] < locking
    assert reads[locking].partition(" FOR ")[0].endswith('ORDER BY "t1"."id"')


def test_handing_over(ledger, handed_over, queries):
    Request.update(appointment=handed_over.from_appointment_id).execute()
    with queries() as log:
        transferred(ledger.ctx("hr@koriyama"), handed_over)
    check_order(log)


def test_agreeing_anew(ledger, handed_over, queries):
    with queries() as log:
        assert reagreeing.reagree(ledger.ctx(NEW_HEAD)) == 2
    check_order(log)
