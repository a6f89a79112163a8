"""People who act at once: in processes of their own, in two tabs, in a different order (L2)."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import connection
from niwari.errors import DomainError
from niwari.ledger.asking import requests
from niwari.ledger.attending import absence
from niwari.ledger.deciding import decisions, supplementing
from niwari.ledger.errors import AlreadyDecided, DayFull, Overlap
from niwari.ledger.models import Account, Correction, JournalEntry, Request, State, Supplement
from niwari.ledger.recording import correcting, recording
from niwari.ledger.standing import asking as asking_standing
from niwari.ledger.standing import deciding as deciding_standing
from niwari.ledger.standing import drawing
from niwari.ledger.standing import ending as ending_standing
from niwari.ledger.standing import sight as standing_sight
from niwari.ledger.standing.asking import StandingWish
from niwari.ledger.standing.terms import Terms

from .conftest import OFFERED, WEDNESDAY

AGREEING = Path(__file__).with_name("race_agreeing.py")
DAYS = [date(2026, 11, day) for day in (18, 19, 20, 24, 25, 26, 27, 30)]


def agree_in_processes(
    number: int, url: str, ledger: Any, asked: list[Request]
) -> Counter[int | str]:
    """Let ``number`` processes agree to all of ``asked`` at once; returns what they were told."""
    answers = do_in_processes(number, url, ledger, [str(one.id) for one in asked])
    return Counter(outcome for one in answers for outcome in one.values())


def do_in_processes(number: int, url: str, ledger: Any, ids: list[str]) -> list[dict[str, Any]]:
    """Let ``number`` processes do all of ``ids`` at once, as race_agreeing.py takes them."""
    now, home = ledger.world.clock().isoformat(), str(ledger.world.settings.home)
    done = subprocess.run(
        [sys.executable, str(AGREEING), str(number), home, url, "head@koriyama", now, *ids],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers = json.loads(done.stdout)
    assert [sorted(one) for one in answers] == [sorted(ids)] * number
    return list(answers)


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

    def test_bulk_standing_and_oral_at_once(self, ledger, database_url):
        """Of two people each has more asked for than a month holds, in three ways at once."""
        people = ["staff@koriyama", "staff2@koriyama"]
        asked = [ledger.ask(day, 150, by=login) for day in DAYS for login in people]
        ctx, head = ledger.ctx(people[0]), ledger.ctx("head@koriyama")
        terms = Terms("dated", DAYS[0], DAYS[-1], 300, rule="FREQ=WEEKLY;BYDAY=WE")
        wish = StandingWish("general", "学び・相談", "head_office", terms, ledger.key())
        standing = asking_standing.ask(ctx, wish, OFFERED)
        seen = standing_sight.see(head, standing.id).plan.mark
        wanted = [
            f"bulk:{','.join(str(one.id) for one in asked[:8])}",
            f"bulk:{','.join(str(one.id) for one in asked[4:])}",
            f"standing:{standing.id}:{seen}",
            *[f"oral:{login}:{day}:120" for login in people for day in DAYS[::2]],
        ]
        answers = do_in_processes(8, database_url, ledger, wanted)
        told: Counter[int | str] = Counter()
        for one in answers:
            for outcome in one.values():
                told.update(outcome if isinstance(outcome, list) else [outcome])
        # Of the standing agreement the head is told that less can be held than was seen, or nothing.
        refusals = {name for name in told if isinstance(name, str)}
        not_enough = {"OverFree", "DayFull", "HeldChanged", "NothingHeld"}
        assert refusals <= {"AlreadyDecided", *not_enough}
        assert {"AlreadyDecided", "OverFree"} <= refusals
        agreed = [one for one in Request.select() if one.state == State.AGREED]
        entries = Counter(entry.request_id for entry in JournalEntry.select())
        assert entries == Counter(one.id for one in agreed)
        for account in Account.select():
            assert account.used + account.reserved <= account.cap
            own = [one.agreed_minutes for one in agreed if one.person_id == account.person_id]
            assert account.reserved == sum(own)
            assert account.cap - account.reserved < 150


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

    @pytest.mark.parametrize("attempt", range(3))
    def test_two_answers_to_what_is_beyond_an_agreement(self, ledger, tolerate, attempt):
        """L17: accepted or refused, never both; refused it is reversed once."""
        tolerate(15)
        ledger.record(ledger.agreed(date(2026, 11, 10), 60), 70)
        one, head = Supplement.get().id, ledger.ctx("head@koriyama")
        results = at_once(
            lambda: supplementing.accept(head, one, key="one"),
            lambda: supplementing.refuse(head, one, key="two", note="いいえ"),
            lambda: supplementing.refuse(head, one, key="three", note="いいえ"),
        )
        assert [type(one) for one in results].count(AlreadyDecided) == 2
        used = 70 if Supplement.get().state == "accepted" else 60
        assert ledger.amounts() == (used, 0, 1767 - used)

    def test_the_person_corrects_while_the_head_refuses(self, ledger, tolerate):
        tolerate(15)
        request = ledger.record(ledger.agreed(date(2026, 11, 10), 60), 70)
        one, head = Supplement.get().id, ledger.ctx("head@koriyama")
        staff = ledger.ctx("staff@koriyama")
        results = at_once(
            lambda: supplementing.refuse(head, one, key="one", note="いいえ"),
            lambda: correcting.correct(staff, request.id, correcting.Wanted(50, "", "click")),
        )
        assert type(results[1]) is Correction
        assert ledger.amounts() == (50, 0, 1717)

    def test_a_record_is_made_once(self, ledger):
        request = ledger.agreed(date(2026, 11, 10), 60)
        ctx = ledger.ctx("staff@koriyama")
        at_once(*[lambda: recording.record(ctx, request.id, minutes=50)] * 2)
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


class TestStandingAgreements:
    """Accounts of all periods are locked in one order: never over the cap, never for ever (L2, L12)."""

    WHOLE_WEEKS = Terms(
        "dated", date(2026, 11, 10), date(2027, 3, 31), 400, rule="FREQ=WEEKLY;BYDAY=WE"
    )

    def standing(self, ledger, weekday):
        terms = replace(self.WHOLE_WEEKS, rule=f"FREQ=WEEKLY;BYDAY={weekday}")
        wish = StandingWish("general", "学び・相談", "head_office", terms, ledger.key())
        made = asking_standing.ask(ledger.ctx("staff@koriyama"), wish, OFFERED)
        seen = standing_sight.see(ledger.ctx("head@koriyama"), made.id).plan.mark
        return made, seen

    def test_two_at_once_are_never_over_the_cap(self, ledger):
        """Each fits alone, 1,600 of 1,767 in November; both do not, and the second is told so."""
        head = ledger.ctx("head@koriyama")
        pairs = [self.standing(ledger, weekday) for weekday in ("WE", "TH")]
        results = at_once(
            *[
                lambda one=one, seen=seen: deciding_standing.agree(
                    head, one.id, key=f"k{one.id}", seen=seen
                )
                for one, seen in pairs
            ]
        )
        assert sorted(type(one).__name__ for one in results) == ["Agreed", "HeldChanged"]
        for account in Account.select():
            assert account.used + account.reserved <= account.cap

    def test_a_double_click_agrees_once(self, ledger):
        (one, seen), head = self.standing(ledger, "WE"), ledger.ctx("head@koriyama")
        results = at_once(
            *[lambda: deciding_standing.agree(head, one.id, key="click", seen=seen)] * 2
        )
        assert len({(result.held, result.minutes) for result in results}) == 1
        assert JournalEntry.select().count() == results[0].held

    def test_the_person_withdraws_while_the_head_agrees(self, ledger):
        (one, seen), head = self.standing(ledger, "WE"), ledger.ctx("head@koriyama")
        staff = ledger.ctx("staff@koriyama")
        at_once(
            lambda: ending_standing.withdraw(staff, one.id),
            lambda: deciding_standing.agree(head, one.id, key="click", seen=seen),
        )
        held = sum(account.reserved for account in Account.select())
        states = [each.agreed_minutes for each in Request.select() if each.state == State.AGREED]
        assert held == sum(states)

    def test_an_allowance_is_never_drawn_beyond_what_is_left(self, ledger):
        terms = Terms("allowance", date(2026, 11, 10), date(2026, 11, 30), 120)
        ctx, head = ledger.ctx("staff@koriyama"), ledger.ctx("head@koriyama")
        wish = StandingWish("general", "学び・相談", "head_office", terms, ledger.key())
        made = asking_standing.ask(ctx, wish, OFFERED)
        seen = standing_sight.see(head, made.id).plan.mark
        deciding_standing.agree(head, made.id, key="k", seen=seen)
        (request,) = Request.select()
        results = at_once(
            *[
                lambda minutes=minutes: drawing.draw(
                    ctx, request.id, day=date(2026, 11, 10), minutes=minutes, seen=0
                )
                for minutes in (70, 80)
            ]
        )
        assert {type(one) for one in results} == {Request, AlreadyDecided}
        assert ledger.account().used in (70, 80)


class TestAttendance:
    @pytest.mark.parametrize("turn", range(4))
    def test_a_record_a_host_and_an_absence_at_once_are_one_outcome(self, ledger, turn):
        """Whoever comes first wins; the minutes are used, reserved or back, and counted once."""
        wanted = ledger.agreed(WEDNESDAY, at=("10:00", "11:00"))
        Request.update(source_kind="consult.question", source_id=1).execute()
        ledger.now(11, 18, 12)
        own = ledger.ctx("staff@koriyama")
        acts = [
            lambda: recording.record(own, wanted.id, minutes=60),
            lambda: absence.cancel(own, wanted.id),
            lambda: absence.cancel(own, wanted.id),
        ]
        at_once(*acts[turn % 3 :], *acts[: turn % 3])
        now = Request.get_by_id(wanted.id)
        amounts = {State.RECORDED: (60, 0), State.CANCELLED: (0, 0)}[now.state]
        assert ledger.amounts()[:2] == amounts
        assert len(ledger.journal()) == 2
