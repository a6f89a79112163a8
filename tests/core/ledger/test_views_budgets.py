"""Query budgets (architecture, Requests 5): counted, and the same whatever the number of rows."""

from datetime import date

import pytest

from .test_views_journey import page

SHELL, OWN = 3, 5
CARDS = 5
"""Each of our plugins has a card at home, which asks once at most."""
OFFERS = 2
"""The catalogue's card asks each plugin that offers something once: mentoring and tourism_sns."""


def cost(queries, client, address):
    """Return the statements that a page needs, once the worker knows the municipality."""
    assert client.get(address).status_code == 200
    with queries() as log:
        client.get(address)
    return len(log)


@pytest.fixture
def full_ledger(ledger, town):
    """A month with forty requests of one person, and forty people who wait for one head."""
    for number in range(40):
        ledger.agreed(date(2026, 11, 16 + number % 4), 1, purpose=f"学び{number}")
        town("072036").appoint(f"many{number}@x", "市民部/市民課")
        ledger.ask(date(2026, 11 + number % 2, 18), 60, by=f"many{number}@x")


EVERYBODYS = {
    "/": SHELL + OWN + CARDS + OFFERS,
    "/ledger/": SHELL + OWN,
    "/ledger/requests/new": SHELL + OWN,
}


def test_everybodys_pages(subtests, queries, client_for, full_ledger):
    for login in ("staff@koriyama", "head@koriyama", "it@koriyama"):
        client = client_for(login)
        for address, budget in EVERYBODYS.items():
            with subtests.test(login=login, address=address):
                assert cost(queries, client, address) <= budget


def test_a_worker_that_meets_a_municipality_first(queries, client_for, world):
    client = client_for("head@koriyama")
    client.get("/")  # the first page of a session writes what is in its cookie: not asked here
    world.switch("072036", "consult", on=False)
    with queries() as log:
        client.get("/ledger/approvals")
    assert len(log) <= SHELL + OWN


def test_the_heads_list_costs_the_same_with_3_and_with_40(queries, client_for, ledger, town):
    def waiting(numbers):
        for number in numbers:
            town("072036").appoint(f"many{number}@x", "市民部/市民課")
            ledger.ask(date(2026, 11 + number % 2, 18), 60, by=f"many{number}@x")

    head = client_for("head@koriyama")
    waiting(range(3))
    few = cost(queries, head, "/ledger/approvals")
    waiting(range(3, 40))
    many = cost(queries, head, "/ledger/approvals")
    assert few == many <= SHELL + OWN


def test_a_month_costs_the_same_with_2_and_with_40_requests(queries, client_for, ledger):
    client = client_for("staff@koriyama")
    for number in range(2):
        ledger.agreed(date(2026, 11, 16), 1, purpose=f"学び{number}")
    few = cost(queries, client, "/ledger/")
    for number in range(2, 40):
        ledger.agreed(date(2026, 11, 16), 1, purpose=f"学び{number}")
    assert few == cost(queries, client, "/ledger/")


def test_one_request(queries, client_for, ledger):
    request = ledger.ask(minutes=60)
    address = f"/ledger/requests/{request.id}"
    for login in ("staff@koriyama", "head@koriyama"):
        assert cost(queries, client_for(login), address) <= SHELL + OWN


@pytest.mark.parametrize("changed", [False, True])
def test_giving_one_ok(queries, client_for, ledger, full_ledger, changed):
    """At most 12, also where leave came in since and the base has to be stored anew.

    Two of them tell the person by a notice: what is said, and who received it.
    """
    request = ledger.ask(date(2026, 11, 24), minutes=60)
    if changed:
        ledger.leave("staff@koriyama", "annual", "2026-11-20T08:30", "2026-11-20T17:15")
    head = client_for("head@koriyama")
    shown = page(head, f"/ledger/requests/{request.id}")
    fields = {"key": shown.hidden("key")[0], "csrf_token": shown.hidden("csrf_token")[0]}
    with queries() as log:
        answer = head.post(f"/ledger/requests/{request.id}/agree", data=fields)
    assert answer.status_code == 303
    assert len(log) <= 12


def test_giving_one_ok_to_a_request_with_its_ways(queries, client_for, ledger, world):
    """As many as without ways: one journal statement and one update for all three lines."""
    world.set_settings("it@koriyama", "ledger", travel=True)
    request = ledger.ask(at=("14:00", "16:00"), travel_there=30, travel_back=45)
    head = client_for("head@koriyama")
    shown = page(head, f"/ledger/requests/{request.id}")
    fields = {"key": shown.hidden("key")[0], "csrf_token": shown.hidden("csrf_token")[0]}
    with queries() as log:
        answer = head.post(f"/ledger/requests/{request.id}/agree", data=fields)
    assert answer.status_code == 303
    assert len(log) <= 12
    assert ledger.amounts()[1] == 195
