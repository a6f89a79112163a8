"""When a period opens with too little: times are suspended whole, and both are told (rule L12)."""

import json
from dataclasses import replace
from datetime import date, datetime, time

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.events.models import Event
from niwari.ledger.models import RateRow, Request, State
from niwari.ledger.standing import asking, drawing
from niwari.ledger.standing.opening import open_periods
from niwari.testing.told import told

from .conftest import OFFERED
from .standing import (
    HEAD,
    STAFF,
    THIRD_WEDNESDAYS,
    agree,
    agreed,
    occurrences,
    reserved,
    wish,
)
from .test_standing_allowance import TWO_HOURS

DECEMBER = datetime(2026, 12, 1, 0, 10, tzinfo=TOKYO)
WEDNESDAYS = replace(THIRD_WEDNESDAYS, rule="FREQ=WEEKLY;BYDAY=WE", starts=time(13), ends=time(17))


def away(ledger, start="2026-12-07T08:30", end="2026-12-29T00:00"):
    """Leave of December but for its first four days: 4 × 93 = 372 minutes remain."""
    ledger.leave(STAFF, "childcare", start, end)


def states(standing, month=12):
    times = [one for one in occurrences(standing) if one.work_date.month == month]
    return [(one.work_date.day, one.state) for one in times]


def open_december(ledger, day=1):
    now = DECEMBER.replace(day=day)
    ledger.world.clock.set(now)
    return open_periods(now)


def test_what_december_cannot_hold_is_suspended_the_latest_first(ledger):
    standing = agreed(ledger, WEDNESDAYS)
    assert reserved(ledger, 12) == [960]  # 2, 9, 16, 23 December
    away(ledger)
    assert open_december(ledger) == 3
    assert states(standing) == [
        (2, State.AGREED),
        (9, State.SUSPENDED),
        (16, State.SUSPENDED),
        (23, State.SUSPENDED),
    ]
    assert reserved(ledger, 12) == [240]
    suspended = [one.login for one in told() if one.code == "ledger.standing_suspended"]
    assert sorted(suspended) == sorted([STAFF, HEAD] * 3)
    acts = AuditEntry.select().where(AuditEntry.action == "ledger.suspend_standing")
    assert acts.count() == 3


def test_again_it_changes_nothing(ledger):
    agreed(ledger, WEDNESDAYS)
    away(ledger)
    open_december(ledger)
    before = ledger.journal()
    assert open_december(ledger, day=2) == 0
    assert ledger.journal() == before


def test_where_enough_is_free_nothing_happens(ledger):
    standing = agreed(ledger, WEDNESDAYS)
    assert open_december(ledger) == 0
    assert {state for _, state in states(standing)} == {State.AGREED}


def test_a_month_that_has_not_opened_yet_waits(ledger):
    agreed(ledger, WEDNESDAYS)
    away(ledger)
    assert open_periods(ledger.world.clock()) == 0
    assert reserved(ledger, 12) == [960]


def test_never_partly_of_a_time(ledger):
    """372 minutes would hold one time of 240 and half of another."""
    agreed(ledger, WEDNESDAYS)
    away(ledger)
    open_december(ledger)
    minutes = {one.agreed_minutes for one in Request.select()}
    assert minutes == {240}


def test_whatever_makes_the_base_fall_later_in_the_month(ledger):
    standing = agreed(ledger, WEDNESDAYS)
    assert open_december(ledger) == 0
    RateRow.create(
        level="person",
        target_id=ledger.ctx(STAFF).person_id,
        starts_on=date(2026, 12, 1),
        basis_points=500,
    )
    # 20 × 465 × 5% = 465 minutes: one time of 240 remains; 2 December has begun and stays.
    assert open_december(ledger, day=3) == 3
    assert states(standing)[0] == (2, State.AGREED)
    assert reserved(ledger, 12) == [240]


def test_what_was_agreed_to_one_by_one_stays(ledger):
    ledger.agreed(date(2026, 12, 2), 400)
    standing = agreed(ledger, THIRD_WEDNESDAYS)
    away(ledger)
    assert open_december(ledger) == 1
    assert states(standing) == [(16, State.SUSPENDED)]
    assert reserved(ledger, 12) == [400]


def test_of_an_allowance_what_was_drawn_stays_and_the_rest_is_suspended(ledger):
    december = occurrences(agreed(ledger, replace(TWO_HOURS, minutes=600)))[1]
    ledger.now(12, 2, 18)
    drawing.draw(ledger.ctx(STAFF), december.id, day=date(2026, 12, 2), minutes=100, seen=0)
    away(ledger)
    assert open_december(ledger, day=3) == 1
    day = date(2026, 12, 1)
    assert ledger.amounts(day=day) == (100, 0, 272)
    assert Request.get_by_id(december.id).state == State.SUSPENDED


def test_whoever_waits_there_hears_of_it(ledger):
    standing = asking.ask(ledger.ctx(STAFF), wish(ledger, WEDNESDAYS), OFFERED, ("consult.desk", 7))
    agree(ledger, standing)
    away(ledger)
    open_december(ledger)
    suspended = Event.select().where(Event.name == "ledger.RequestSuspended")
    last = [one.id for one in occurrences(standing) if one.state == State.SUSPENDED]
    assert sorted(json.loads(one.data)["request_id"] for one in suspended) == last
