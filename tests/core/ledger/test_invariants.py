"""Whatever people do, and in whatever order: the ledger's sums hold (ledger.md, "Invariants")."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from peewee import fn

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.context import Context
from niwari.errors import DomainError
from niwari.ledger import decisions, requests
from niwari.ledger.errors import OverFree
from niwari.ledger.explain import explain
from niwari.ledger.models import (
    STANDING,
    Account,
    JournalEntry,
    LeaveSpan,
    RateRow,
    Request,
    State,
)

from .conftest import OFFERED

HEAD = "head@koriyama"
DAYS = st.dates(date(2026, 11, 10), date(2026, 12, 2))
MINUTES = st.one_of(st.integers(1, 240), st.integers(241, 1800))
# Which of the fitting requests is meant; now and then one that does not fit.
PICK = st.integers(0, 1000)


def make_machine(
    ledger: Any, town: Callable[[str], Any], done: set[str]
) -> type[RuleBasedStateMachine]:
    """Return a machine whose every run has a new person in the small world.

    ``done`` takes the names of the acts that a rule has allowed at least once.
    """
    people = count()

    class People(RuleBasedStateMachine):
        """A person who asks, a head who answers, HR who imports, and time that goes by."""

        def __init__(self) -> None:
            super().__init__()
            self.login = f"any{next(people)}@x"
            self.person = town("072036").appoint(self.login, "市民部/市民課").person_id
            ledger.now(11, 10, 9)
            self.own, self.head = ledger.ctx(self.login), ledger.ctx(HEAD)

        def acting(self, ctx: Context) -> Context:
            """Return the context as it is by now."""
            return ctx.at(ledger.world.clock())

        @initialize(
            days=st.lists(st.dates(date(2026, 11, 10), date(2026, 11, 20)), min_size=4, max_size=5),
            minutes=st.integers(600, 900),
        )
        def begin(self, days: list[date], minutes: int) -> None:
            for day in days:
                self.ask("minutes", day, minutes, 0, "general")

        @rule(
            how=st.sampled_from(["minutes", "interval"]),
            day=DAYS,
            minutes=MINUTES,
            quarter=st.integers(32, 70),
            activity=st.sampled_from(sorted(OFFERED)),
        )
        def ask(self, how: str, day: date, minutes: int, quarter: int, activity: str) -> None:
            times = [
                f"{at // 4:02}:{at % 4 * 15:02}" for at in (quarter, quarter + 1 + minutes % 16)
            ]
            wish = (
                ledger.wish(day, minutes, activity=activity)
                if how == "minutes"
                else ledger.wish(day, at=tuple(times), activity=activity)
            )
            self.attempt("ask", partial(requests.ask, self.acting(self.own), wish, OFFERED))

        @rule(
            how=st.sampled_from(["agree", "agree", "agree", "part", "return", "decline"]), pick=PICK
        )
        def answer(self, how: str, pick: int) -> None:
            one, key, head = self.one(pick, State.REQUESTED), ledger.key(), self.acting(self.head)
            act = {
                "agree": partial(decisions.agree, head, one, key=key),
                "part": partial(decisions.agree, head, one, key=key, minutes=1 + pick % 400),
                "return": partial(decisions.return_, head, one, key=key, note="相談"),
                "decline": partial(decisions.decline, head, one, key=key, note="見送り"),
            }[how]
            request = self.attempt(how, act)
            if isinstance(request, Request):
                account = self.account(request.work_date)
                if request.counts and request.agreed_minutes:
                    assert account.used + account.reserved <= account.cap
                assert act().state == request.state

        @rule(
            how=st.sampled_from(["record", "record", "withdraw", "again"]),
            pick=PICK,
            day=DAYS,
            minutes=MINUTES,
        )
        def go_on_with(self, how: str, pick: int, day: date, minutes: int) -> None:
            ctx = self.acting(self.own)
            if how == "again":
                one, wish = self.one(pick, State.RETURNED), ledger.wish(day, minutes)
                act = partial(requests.ask_again, ctx, one, wish, OFFERED)
            elif how == "withdraw":
                act = partial(requests.withdraw, ctx, self.one(pick, *STANDING, State.RETURNED))
            else:
                one = self.one(pick, *STANDING)
                request = Request.get_or_none(Request.id == one)
                agreed = (request and request.agreed_minutes) or 60
                act = partial(decisions.record, ctx, one, minutes=max(agreed - minutes % 30, 0))
            self.attempt(how, act)

        @rule(pick=PICK, days=st.integers(1, 5), minutes=MINUTES)
        def discuss_and_ask_again(self, pick: int, days: int, minutes: int) -> None:
            # Of a day ahead: what is drawn alone seldom asks again before its day has passed.
            one, key = self.one(pick, State.REQUESTED), ledger.key()
            self.attempt(
                "return",
                partial(decisions.return_, self.acting(self.head), one, key=key, note="相談"),
            )
            day = ledger.world.clock().astimezone(TOKYO).date() + timedelta(days=days)
            again = partial(
                requests.ask_again, self.acting(self.own), one, ledger.wish(day, minutes), OFFERED
            )
            self.attempt("again", again)

        @rule(days=st.integers(0, 3), hour=st.integers(7, 18))
        def let_time_go_by(self, days: int, hour: int) -> None:
            now = ledger.world.clock().astimezone(TOKYO)
            later = datetime.combine(now.date(), time(hour), TOKYO)
            ledger.world.clock.set(max(now, later))
            ledger.world.clock.advance(days=days)

        @rule(day=DAYS, hours=st.integers(1, 8), basis_points=st.integers(200, 2000))
        def change_the_conditions(self, day: date, hours: int, basis_points: int) -> None:
            begins = datetime.combine(day, time(9), TOKYO)
            LeaveSpan.insert(
                person=self.person,
                kind="annual",
                starts_at=begins,
                ends_at=begins.replace(hour=9 + hours),
            ).on_conflict_ignore().execute()
            RateRow.insert(
                level="person", target_id=self.person, starts_on=day, basis_points=basis_points
            ).on_conflict_ignore().execute()

        def one(self, pick: int, *states: State) -> int:
            own = list(Request.select().where(Request.person == self.person).order_by(Request.id))
            fitting = [one for one in own if one.state in states]
            chosen = fitting if fitting and pick % 8 else own
            return chosen[pick % len(chosen)].id if chosen else 0

        def attempt(self, name: str, act: Callable[[], Request]) -> Request | DomainError:
            """Act: what a rule refuses leaves no trace, what is done leaves one audit row."""
            before = self.trace()
            try:
                request = act()
            except DomainError as error:
                assert self.trace() == before
                if isinstance(error, OverFree):
                    done.add("over free")
                return error
            if self.trace() != before:
                done.add(name)
                assert self.trace()[1] == before[1] + 1
                # The base is stored as of the last change: from scratch it comes out the same.
                found, account = self.explained(request.work_date), self.account(request.work_date)
                assert (account.base, account.cap) == (found.base, found.cap)
            return request

        def trace(self) -> tuple[int, int, int]:
            return (
                JournalEntry.select().count(),
                AuditEntry.select().count(),
                Request.select().count(),
            )

        def account(self, day: date) -> Account:
            return Account.get(
                (Account.person == self.person) & (Account.starts_on == day.replace(day=1))
            )

        def explained(self, day: date) -> Any:
            return explain(self.login, f"{day:%Y-%m}")

        @invariant()
        def the_account_is_the_sum_of_its_journal(self) -> None:
            for account in Account.select().where(Account.person == self.person):
                sums = (
                    JournalEntry.select(
                        fn.COALESCE(fn.SUM(JournalEntry.used_delta), 0),
                        fn.COALESCE(fn.SUM(JournalEntry.reserved_delta), 0),
                    )
                    .where(JournalEntry.account == account.id)
                    .tuples()
                    .get()
                )
                assert (account.used, account.reserved) == sums

        @invariant()
        def the_account_is_what_its_requests_say(self) -> None:
            for account in Account.select().where(Account.person == self.person):
                own = Request.select().where(
                    (Request.person == self.person)
                    & Request.counts
                    & Request.work_date.between(account.starts_on, account.ends_on)
                )
                standing = sum(one.agreed_minutes for one in own if one.state in STANDING)
                recorded = sum(
                    decisions.recorded_minutes(one) for one in own if one.state == State.RECORDED
                )
                assert (account.used, account.reserved) == (recorded, standing)

        def teardown(self) -> None:
            """See that at the end explain tells the same of every month."""
            for account in Account.select().where(Account.person == self.person):
                found = self.explained(account.starts_on)
                assert (found.used, found.reserved) == (account.used, account.reserved)

        @invariant()
        def nobody_is_in_two_places(self) -> None:
            taken = sorted(
                (one.starts_at, one.ends_at)
                for one in Request.select().where(
                    (Request.person == self.person)
                    & Request.starts_at.is_null(False)
                    & Request.state.in_([State.REQUESTED, *STANDING, State.RECORDED])
                )
            )
            assert all(one[1] <= other[0] for one, other in pairwise(taken))

    return People


@pytest.mark.slow
def test_any_order_of_acts(ledger, town):
    done: set[str] = set()
    run_state_machine_as_test(
        make_machine(ledger, town, done),
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert done >= {"ask", "agree", "part", "return", "decline", "record", "withdraw", "again"}
    assert "over free" in done
