"""Reminders of what nobody answered: to the heads after 2 working days, to deputies after 5 (L20)."""

from dataclasses import replace
from datetime import date

import pytest

from niwari.ledger.asking import requests
from niwari.ledger.deciding.reminding import remind_due
from niwari.ledger.models import Request, Standing, State
from niwari.ledger.standing import asking, deciding
from niwari.testing.told import told

from .conftest import OFFERED, WEDNESDAY
from .test_oral import confirm, note, yes
from .test_standing_agreements import ask as ask_standing
from .test_standing_agreements import wish
from .test_standing_allowance import TWO_HOURS
from .test_standing_in import delegate

HEADS, DEPUTIES = "ledger.reminder", "ledger.reminder_deputy"


def remind(ledger):
    """Run the job at the clock's time, and say how many requests it told of."""
    return remind_due(ledger.world.clock())


def heard(code):
    """Return who was told of ``code``, and of how many requests."""
    return [(one.login, one.values["count"]) for one in told() if one.code == code]


@pytest.fixture
def asked(ledger, office):
    """Two requests of Tuesday 10 November wait for the head of 税務課."""
    return [ledger.ask(WEDNESDAY, 60, by="member@x") for _ in range(2)]


def test_the_head_is_reminded_once_on_the_second_working_day(ledger, asked):
    ledger.now(11, 11, 23)
    assert remind(ledger) == 0
    ledger.now(11, 12, 0)
    assert remind(ledger) == 2
    assert remind(ledger) == 0
    assert heard(HEADS) == [("head@x", 2)]


def test_weekends_and_holidays_do_not_count(ledger, office):
    ledger.now(11, 20, 16)  # a Friday; Monday the 23rd is a holiday
    ledger.ask(date(2026, 11, 30), 60, by="member@x")
    ledger.now(11, 24, 9)
    assert remind(ledger) == 0
    ledger.now(11, 25, 9)
    assert remind(ledger) == 1


def test_after_five_working_days_the_first_in_post_order_is_told(ledger, asked):
    delegate(ledger, login="second@x")
    ledger.now(11, 12, 9)
    remind(ledger)
    assert heard(HEADS) == [("head@x", 2), ("second@x", 2)]
    ledger.now(11, 17, 9)
    assert remind(ledger) == 2
    assert remind(ledger) == 0
    assert heard(DEPUTIES) == [("first@x", 2)]


def test_the_one_who_asks_is_not_told_of_the_own_request(ledger, office):
    ledger.ask(WEDNESDAY, 60, by="first@x")
    ledger.now(11, 17, 9)
    remind(ledger)
    assert heard(HEADS) == [("head@x", 1)]
    assert heard(DEPUTIES) == [("second@x", 1)]


def test_a_heads_own_request_is_for_the_superior(ledger, office):
    ledger.ask(WEDNESDAY, 60, by="head@x")
    ledger.now(11, 12, 9)
    remind(ledger)
    assert heard(HEADS) == [("director@x", 1)]


def test_what_is_answered_is_not_reminded_of(ledger, asked):
    ledger.agree(asked[0], by="head@x")
    ledger.withdraw(asked[1], by="member@x")
    ledger.now(11, 17, 9)
    assert remind(ledger) == 0


def test_an_oral_ok_that_waits_is_reminded_of_until_it_is_confirmed(ledger, office):
    first, second = (note(ledger, minutes=60, by="member@x", ok=yes("head@x")) for _ in range(2))
    confirm(ledger, second, "head@x")
    ledger.now(11, 12, 9)
    assert remind(ledger) == 1
    confirm(ledger, first, "head@x")
    ledger.now(11, 17, 9)
    assert remind(ledger) == 0


def test_a_standing_agreement_that_waits_is_reminded_of_with_the_others(ledger, asked):
    standing = ask_standing(ledger, TWO_HOURS, by="member@x")
    ledger.now(11, 11, 23)
    assert remind(ledger) == 0
    ledger.now(11, 12, 9)
    assert [remind(ledger), remind(ledger)] == [3, 0]
    assert heard(HEADS) == [("head@x", 3)]
    ledger.now(11, 17, 9)
    assert [remind(ledger), remind(ledger)] == [3, 0]
    assert heard(DEPUTIES) == [("first@x", 3)]
    assert Standing.get_by_id(standing.id).state == State.REQUESTED


def test_a_standing_agreement_asked_for_again_waits_anew(ledger, office):
    standing = ask_standing(ledger, TWO_HOURS, by="member@x")
    ledger.now(11, 12, 9)
    remind(ledger)
    deciding.return_(ledger.ctx("head@x"), standing.id, key="k", note="長さを相談したいです。")
    again = wish(ledger, replace(TWO_HOURS, first_day=date(2026, 11, 12)))
    asking.ask_again(ledger.ctx("member@x"), standing.id, again, OFFERED)
    assert remind(ledger) == 0
    ledger.now(11, 16, 9)
    assert remind(ledger) == 1


def test_asked_again_it_waits_anew(ledger, office):
    first = ledger.ask(date(2026, 11, 30), 60, by="member@x")
    ledger.now(11, 12, 9)
    assert remind(ledger) == 1
    ledger.return_(first, by="head@x")
    again = ledger.wish(date(2026, 11, 30), 30)
    from_page = ledger.ctx("member@x")
    requests.ask_again(from_page, first.id, again, OFFERED)
    assert remind(ledger) == 0
    ledger.now(11, 16, 9)
    assert remind(ledger) == 1
    assert heard(HEADS) == [("head@x", 1), ("head@x", 1)]


def test_nothing_is_ever_agreed_to_by_waiting(ledger, asked):
    for day in (12, 17, 30):
        ledger.now(11, day, 9)
        remind(ledger)
    assert [one.state for one in Request.select()] == [State.REQUESTED] * 2
    assert ledger.journal("member@x") == []


def test_each_town_has_its_own(ledger):
    ledger.ask(WEDNESDAY, 60)
    ledger.ask(WEDNESDAY, 60, by="staff@sukagawa")
    ledger.now(11, 12, 9)
    assert remind(ledger) == 2
    assert heard(HEADS) == [("head@koriyama", 1), ("head@sukagawa", 1)]


def test_it_costs_the_same_for_2_and_for_40(ledger, office, queries):
    ledger.now(11, 12, 9)
    costs = []
    for number, day in ((2, 16), (40, 18)):
        for _ in range(number):
            ledger.ask(date(2026, 12, 18), 1, by="member@x")
        ledger.now(11, day, 9)
        with queries() as log:
            assert remind(ledger) >= number
        costs.append(len(log))
    assert costs[0] == costs[1]
