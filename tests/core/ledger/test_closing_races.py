"""While a month is closed nothing slips between, and two who close it close it once (L2, L7)."""

import pytest

from niwari.db import database, transaction
from niwari.errors import DomainError
from niwari.ledger.closing import closing as closing_module
from niwari.ledger.closing.closing import close
from niwari.ledger.models import Account, Closing, JournalEntry, Request, State
from niwari.ledger.recording import correcting, recording
from niwari.ledger.recording.correcting import Wanted
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.notices.models import Notice, Received

from .conftest import WEDNESDAY
from .test_races import at_once

NOVEMBER = period_of(PeriodKind.MONTH, WEDNESDAY)
STAFF, HR = "staff@koriyama", "hr@koriyama"
PEOPLE = [STAFF, "staff2@koriyama", "staff3@koriyama"]


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch):
    monkeypatch.setattr(closing_module, "BATCH", 1)


def sums_hold():
    for account in Account.select():
        entries = list(JournalEntry.select().where(JournalEntry.account == account.id))
        assert account.used == sum(one.used_delta for one in entries)
        assert account.reserved == sum(one.reserved_delta for one in entries)


@pytest.mark.parametrize("attempt", range(3))
def test_two_who_close_at_once(ledger, attempt):
    for login in PEOPLE:
        ledger.agreed(WEDNESDAY, 60, by=login)
    ledger.now(12, 2, 9)
    ctx = ledger.ctx(HR)
    first, second = at_once(*[lambda: close(ctx, NOVEMBER)] * 2)
    assert first.id == second.id
    assert (first.lapsed, Closing.select().count()) == (3, 1)
    told = Received.select().join(Notice).where(Notice.kind == "ledger.lapsed")
    assert told.count() == 3
    sums_hold()


@pytest.mark.parametrize("attempt", range(3))
def test_a_record_comes_before_the_closing_or_not_at_all(ledger, attempt):
    requests = [ledger.agreed(WEDNESDAY, 60, by=login) for login in PEOPLE]
    ledger.now(12, 2, 9)
    hr, people = ledger.ctx(HR), [ledger.ctx(login) for login in PEOPLE]
    _closed, *records = at_once(
        lambda: close(hr, NOVEMBER),
        *[
            lambda ctx=ctx, one=one: recording.record(ctx, one.id)
            for ctx, one in zip(people, requests, strict=True)
        ],
    )
    for request, told in zip(requests, records, strict=True):
        state = Request.get_by_id(request.id).state
        refused = isinstance(told, DomainError)
        assert state == (State.LAPSED if refused else State.RECORDED)
    sums_hold()
    assert {account.reserved for account in Account.select()} == {0}


@pytest.mark.parametrize("attempt", range(3))
def test_two_corrections_at_once_reverse_once(ledger, attempt):
    request = ledger.agreed(WEDNESDAY, 120)
    ledger.now(11, 18, 17)
    ledger.record(request, 100)
    ctx = ledger.ctx(STAFF)
    at_once(
        *[
            lambda n=n: correcting.correct(ctx, request.id, Wanted(n, "", f"click-{n}"))
            for n in (90, 80)
        ]
    )
    assert ledger.amounts()[0] in (80, 90)
    sums_hold()


def test_the_database_refuses_a_second_reversal(ledger):
    """Whatever a service forgets: of each entry one reversal, and one entry in its place."""
    request = ledger.agreed(WEDNESDAY, 120)
    ledger.now(11, 18, 17)
    ledger.record(request, 100)
    ctx = ledger.ctx(STAFF)
    correcting.correct(ctx, request.id, Wanted(90, "", "click"))
    reversal = JournalEntry.get(JournalEntry.kind == "reversal")
    again = {
        name: value for name, value in reversal.__data__.items() if name not in ("id", "replaces")
    }
    with pytest.raises(Exception, match=r"(?i)unique"), transaction(ctx):
        JournalEntry.insert(again).execute()
    assert not database.in_transaction()
