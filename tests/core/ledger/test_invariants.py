"""Whatever people do, and in whatever order: the ledger's sums hold (ledger.md, "Invariants")."""

from collections.abc import Callable
from datetime import date, datetime, time
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from peewee import fn

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.db import transaction
from niwari.errors import DomainError
from niwari.ledger import accounts, decisions, requests
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
DAYS = st.dates(date(2026, 11, 9), date(2026, 12, 4))
MINUTES = st.one_of(st.integers(1, 60), st.integers(1, 1800))
TIMES = st.builds(time, st.integers(8, 17), st.sampled_from([0, 15, 30, 45]))


def make_machine(ledger: Any, town: Callable[[str], Any]) -> type[RuleBasedStateMachine]:
    """Return a machine whose every run has a new person in the small world."""
    people = count()

    class People(RuleBasedStateMachine):
        """A person who asks, a head who answers, HR who imports, and time that goes by."""

        asked: Any = Bundle("asked")

        def __init__(self) -> None:
            super().__init__()
            self.login = f"any{next(people)}@x"
            self.person = town("072036").appoint(self.login, "市民部/市民課").person_id
            self.notes = AuditEntry.select().count()
            ledger.now(11, 10, 9)

        def attempt(self, act: Callable[[], Any]) -> Any:
            """Act; what a rule refuses leaves no trace, what is done leaves its audit row."""
            before = self.trace()
            try:
                done = act()
            except DomainError as error:
                assert self.trace() == before
                return error
            if self.trace()[1] > before[1]:
                assert self.trace()[1] == before[1] + 1
            else:
                assert self.trace() == before
            return done

        def trace(self) -> tuple[int, int, int]:
            """Count what the person's acts leave behind."""
            return (
                JournalEntry.select().count(),
                AuditEntry.select().count(),
                Request.select().count(),
            )

        @rule(target=asked, day=DAYS, minutes=MINUTES, activity=st.sampled_from(sorted(OFFERED)))
        def ask_for_minutes(self, day: date, minutes: int, activity: str) -> int:
            wish = ledger.wish(day, minutes, activity=activity)
            return self.ask(wish)

        @rule(target=asked, day=DAYS, starts=TIMES, ends=TIMES)
        def ask_for_an_interval(self, day: date, starts: time, ends: time) -> int:
            return self.ask(ledger.wish(day, at=(f"{starts:%H:%M}", f"{ends:%H:%M}")))

        def ask(self, wish: Any) -> int:
            done = self.attempt(lambda: requests.ask(ledger.ctx(self.login), wish, OFFERED))
            return done.id if isinstance(done, Request) else 0

        @rule(one=asked, part=st.none() | MINUTES)
        def agree(self, one: int, part: int | None) -> None:
            key = ledger.key()
            done = self.attempt(
                lambda: decisions.agree(ledger.ctx(HEAD), one, key=key, minutes=part)
            )
            if isinstance(done, OverFree):
                wanted = part or Request.get_by_id(one).minutes
                assert wanted > done.params["free"]
            if not isinstance(done, Request):
                return
            account = Account.get(
                (Account.person == self.person)
                & (Account.starts_on <= done.work_date)
                & (Account.ends_on >= done.work_date)
            )
            if done.counts:
                assert account.used + account.reserved <= account.cap
            again = decisions.agree(ledger.ctx(HEAD), one, key=key, minutes=part)
            assert again.id == done.id

        @rule(one=asked)
        def return_(self, one: int) -> None:
            self.attempt(
                lambda: decisions.return_(ledger.ctx(HEAD), one, key=ledger.key(), note="相談")
            )

        @rule(one=asked, day=DAYS, minutes=MINUTES)
        def ask_again(self, one: int, day: date, minutes: int) -> None:
            wish = ledger.wish(day, minutes)
            self.attempt(lambda: requests.ask_again(ledger.ctx(self.login), one, wish, OFFERED))

        @rule(one=asked)
        def decline(self, one: int) -> None:
            self.attempt(
                lambda: decisions.decline(ledger.ctx(HEAD), one, key=ledger.key(), note="見送り")
            )

        @rule(one=asked)
        def withdraw(self, one: int) -> None:
            self.attempt(lambda: requests.withdraw(ledger.ctx(self.login), one))

        @rule(one=asked, minutes=MINUTES)
        def record(self, one: int, minutes: int) -> None:
            self.attempt(lambda: decisions.record(ledger.ctx(self.login), one, minutes=minutes))

        @rule(one=asked)
        def record_as_agreed(self, one: int) -> None:
            request = Request.get_or_none(Request.id == one)
            if request is not None and request.agreed_minutes:
                self.record(one, request.agreed_minutes)

        @rule(days=st.integers(0, 4), hour=st.integers(7, 19))
        def go_on(self, days: int, hour: int) -> None:
            now = ledger.world.clock().astimezone(TOKYO)
            later = datetime.combine(now.date(), time(hour), TOKYO)
            ledger.world.clock.set(max(now, later))
            ledger.world.clock.advance(days=days)

        @rule(day=DAYS, hours=st.integers(1, 40))
        def take_leave(self, day: date, hours: int) -> None:
            begins = datetime.combine(day, time(8, 30), TOKYO)
            ends = begins.replace(hour=9 + hours % 9)
            LeaveSpan.insert(
                person=self.person, kind="annual", starts_at=begins, ends_at=ends
            ).on_conflict_ignore().execute()

        @rule(basis_points=st.integers(0, 2000))
        def lower_the_rate(self, basis_points: int) -> None:
            RateRow.delete().where(RateRow.target_id == self.person).execute()
            RateRow.create(
                level="person",
                target_id=self.person,
                starts_on=date(2026, 11, 1),
                basis_points=basis_points,
            )

        @invariant()
        def the_account_is_the_sum_of_its_journal(self) -> None:
            for account in Account.select().where(Account.person == self.person):
                used, reserved = (
                    JournalEntry.select(
                        fn.COALESCE(fn.SUM(JournalEntry.used_delta), 0),
                        fn.COALESCE(fn.SUM(JournalEntry.reserved_delta), 0),
                    )
                    .where(JournalEntry.account == account.id)
                    .tuples()
                    .get()
                )
                assert (account.used, account.reserved) == (used, reserved)

        @invariant()
        def the_account_is_what_its_requests_say(self) -> None:
            for account in Account.select().where(Account.person == self.person):
                own = [
                    one
                    for one in Request.select().where(
                        (Request.person == self.person)
                        & Request.work_date.between(account.starts_on, account.ends_on)
                    )
                    if one.counts
                ]
                standing = sum(one.agreed_minutes for one in own if one.state in STANDING)
                recorded = sum(
                    decisions.recorded_minutes(one) for one in own if one.state == State.RECORDED
                )
                assert (account.used, account.reserved) == (recorded, standing)

        @invariant()
        def a_recomputed_base_is_the_stored_one(self) -> None:
            ctx = ledger.ctx(self.login)
            for account in Account.select().where(Account.person == self.person):
                with transaction(ctx):
                    accounts.open_account(
                        ctx, self.person, account.municipality_id, account.starts_on
                    )
                stored = Account.get_by_id(account.id)
                found = explain(self.login, f"{account.starts_on:%Y-%m}")
                assert (stored.base, stored.cap) == (found.base, found.cap)
                assert (stored.used, stored.reserved) == (found.used, found.reserved)

        @invariant()
        def nobody_is_in_two_places(self) -> None:
            taken = [
                (one.starts_at, one.ends_at)
                for one in Request.select().where(
                    (Request.person == self.person)
                    & Request.starts_at.is_null(False)
                    & Request.state.in_([State.REQUESTED, *STANDING, State.RECORDED])
                )
            ]
            taken.sort()
            assert all(
                one[1] <= other[0] for one, other in zip(taken, taken[1:], strict=False)
            )

    return People


def test_any_order_of_acts(ledger, town):
    run_state_machine_as_test(
        make_machine(ledger, town),
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
