"""People who act at once: in processes of their own, in two tabs, in a different order (L2)."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import connection
from niwari.errors import DomainError
from niwari.ledger import decisions, requests
from niwari.ledger.errors import AlreadyDecided, DayFull, Overlap
from niwari.ledger.models import Account, JournalEntry, Request, State

from .conftest import OFFERED, WEDNESDAY

AGREEING = Path(__file__).with_name("race_agreeing.py")
DAYS = [date(2026, 11, day) for day in (18, 19, 20, 24, 25, 26, 27, 30)]


def agree_in_processes(
    number: int, url: str, ledger: Any, asked: list[Request]
) -> Counter[int | str]:
    """Let ``number`` processes agree to all of ``asked`` at once; returns what they were told."""
    now = ledger.world.clock().isoformat()
    ids = [str(one.id) for one in asked]
    done = subprocess.run(
        [sys.executable, str(AGREEING), str(number), url, "head@koriyama", now, *ids],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers = json.loads(done.stdout)
    assert [sorted(one) for one in answers] == [sorted(ids)] * number
    return Counter(outcome for one in answers for outcome in one.values())


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread of its own, begun together; returns results and domain errors."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        with connection():
            barrier.wait()
            try:
                results[place] = act()
            except Exception as error:  # what no rule says is raised in the test's own thread
                results[place] = error

    threads = [Thread(target=run, args=numbered) for numbered in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, DomainError):
            raise result
    return results


@pytest.mark.slow
class TestEightProcesses:
    """Never over the cap, no error but "already decided" or "not enough left"."""

    def test_agreeing_for_the_same_person(self, ledger, database_url):
        asked = [ledger.ask(day, 150) for day in DAYS for _twice in range(2)]
        outcomes = agree_in_processes(8, database_url, ledger, asked)
        assert set(outcomes) <= {150, "AlreadyDecided", "OverFree"}
        assert outcomes[150] == 11
        account = ledger.account()
        assert (account.cap, account.used, account.reserved) == (1767, 0, 1650)
        agreed = [r for r in Request.select() if r.state == State.AGREED]
        assert len(agreed) == 11
        assert Counter(entry.request_id for entry in JournalEntry.select()) == Counter(
            request.id for request in agreed
        )
        assert AuditEntry.select().where(AuditEntry.action == "ledger.agree").count() == 11

    def test_two_requests_of_a_thousand(self, ledger, database_url):
        asked = [ledger.ask(WEDNESDAY, 1000), ledger.ask(WEDNESDAY, 1000)]
        outcomes = agree_in_processes(2, database_url, ledger, asked)
        assert outcomes == {1000: 1, "AlreadyDecided": 1, "OverFree": 2}
        assert ledger.amounts() == (0, 1000, 767)


class TestTwoTabs:
    @pytest.mark.parametrize("attempt", range(3))
    def test_a_double_click_is_one_request(self, ledger, attempt):
        ctx, wish = ledger.ctx("staff@koriyama"), ledger.wish(WEDNESDAY, 120)
        first, second = at_once(*[lambda: requests.ask(ctx, wish, OFFERED)] * 2)
        assert first.id == second.id
        assert Request.select().count() == 1
        assert AuditEntry.select().where(AuditEntry.action == "ledger.ask").count() == 1

    def test_two_requests_for_the_same_hour(self, ledger):
        ctx = ledger.ctx("staff@koriyama")
        wishes = [ledger.wish(at=("15:00", "16:00")), ledger.wish(at=("15:30", "16:30"))]
        results = at_once(*[lambda w=w: requests.ask(ctx, w, OFFERED) for w in wishes])
        assert {type(one) for one in results} == {Request, Overlap}
        assert Account.select().count() == 1

    def test_two_requests_for_one_whole_day(self, ledger):
        ctx = ledger.ctx("staff@koriyama")
        wishes = [ledger.wish(WEDNESDAY, 465), ledger.wish(WEDNESDAY, 1)]
        results = at_once(*[lambda w=w: requests.ask(ctx, w, OFFERED) for w in wishes])
        assert {type(one) for one in results} == {Request, DayFull}

    def test_a_double_click_is_one_answer(self, ledger):
        request, head = ledger.ask(WEDNESDAY, 120), ledger.ctx("head@koriyama")
        results = at_once(*[lambda: decisions.agree(head, request.id, key="click")] * 2)
        assert [one.state for one in results] == [State.AGREED] * 2
        assert ledger.journal() == [("agreement", 0, 0, 120)]

    def test_two_answers_of_two_approvers(self, ledger):
        request, head = ledger.ask(WEDNESDAY, 120), ledger.ctx("head@koriyama")
        results = at_once(
            lambda: decisions.agree(head, request.id, key="one"),
            lambda: decisions.decline(head, request.id, key="two", note="議会です"),
        )
        assert {type(one) for one in results} == {Request, AlreadyDecided}

    def test_a_record_is_made_once(self, ledger):
        request = ledger.agreed(date(2026, 11, 10), 60)
        ctx = ledger.ctx("staff@koriyama")
        at_once(*[lambda: decisions.record(ctx, request.id, minutes=50)] * 2)
        assert ledger.amounts() == (50, 0, 1717)

    @pytest.mark.parametrize("attempt", range(3))
    def test_the_person_withdraws_while_the_head_agrees(self, ledger, attempt):
        request = ledger.ask(WEDNESDAY, 120)
        staff, head = ledger.ctx("staff@koriyama"), ledger.ctx("head@koriyama")
        at_once(
            lambda: requests.withdraw(staff, request.id),
            lambda: decisions.agree(head, request.id, key="click"),
        )
        assert Request.get_by_id(request.id).state == State.WITHDRAWN
        assert ledger.amounts() == (0, 0, 1767)

    def test_changing_and_answering_never_wait_for_each_other_for_ever(self, ledger):
        """All lock the account before the request, also where the month stays the same."""
        staff, head = ledger.ctx("staff@koriyama"), ledger.ctx("head@koriyama")
        for day in DAYS:
            request = ledger.ask(day, at=("15:00", "16:00"))
            ledger.return_(request)
            wish = ledger.wish(day, at=("09:00", "10:00"))
            at_once(
                lambda one=request.id, wish=wish: requests.ask_again(staff, one, wish, OFFERED),
                lambda one=request.id: decisions.agree(head, one, key=f"click-{one}"),
                lambda one=request.id: requests.withdraw(staff, one),
            )
            changed = Request.get_by_id(request.id)
            assert changed.state in (State.WITHDRAWN, State.REQUESTED, State.AGREED)
        agreed = [one.agreed_minutes for one in Request.select() if one.state == State.AGREED]
        assert ledger.account().reserved == sum(agreed)
