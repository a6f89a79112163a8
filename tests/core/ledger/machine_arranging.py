"""Standing agreements, closing, freezes, leave and rates, in any order; for test_invariants.py."""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from niwari.clock import TOKYO
from niwari.directory.system import system_context
from niwari.ledger.arranging import freezing, rates, suspending
from niwari.ledger.closing.closing import close
from niwari.ledger.deciding import reviving
from niwari.ledger.explain import explain
from niwari.ledger.importing import import_leave
from niwari.ledger.models import AGREED_STATES, Account, Freeze, RateRow, State
from niwari.ledger.recording import approving, correcting
from niwari.ledger.standing import asking as asking_standing
from niwari.ledger.standing import deciding as deciding_standing
from niwari.ledger.standing import drawing, ending, opening
from niwari.ledger.standing import sight as standing_sight
from niwari.ledger.standing.asking import StandingWish
from niwari.ledger.standing.terms import Terms, last_possible_day
from niwari.ledger.worktime import PeriodKind, period_of

from .conftest import OFFERED
from .machine_asking import PICK, Asking

DAYS_OF_WEEK = st.sampled_from(["MO", "TU", "WE", "TH", "FR"])


class Anything(Asking):
    """All that happens in a ledger."""

    # Standing agreements (L12)

    @rule(
        allowance=st.booleans(),
        minutes=st.integers(30, 300),
        weekday=DAYS_OF_WEEK,
        hour=st.one_of(st.none(), st.integers(9, 15)),
        answer=st.sampled_from(["agree", "agree", "agree", "return", "decline", "withdraw"]),
        activity=st.sampled_from(sorted(OFFERED)),
    )
    def ask_for_standing(
        self,
        allowance: bool,
        minutes: int,
        weekday: str,
        hour: int | None,
        answer: str,
        activity: str,
    ) -> None:
        """Ask for a standing agreement, and let the head answer it."""
        first, last = self.today, last_possible_day(self.today)
        if allowance:
            terms = Terms("allowance", first, last, minutes)
        else:
            times = (None, None) if hour is None else (time(hour), time(hour + 1))
            rule = f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}"
            terms = Terms("dated", first, last, minutes, *times, rule=rule)
        wish = StandingWish(activity, "学び・相談", "head_office", terms, self.ledger.key())
        act = partial(asking_standing.ask, self.own, wish, OFFERED)
        made = self.attempt("standing ask", act, changes_cap=False)
        if made is not None:
            self.answer_standing(made.id, answer)

    def answer_standing(self, one: int, answer: str) -> None:
        """Answer it; what the head saw a moment ago can be held."""
        head, key = self.by(self.head), self.ledger.key()
        if answer == "agree":
            seen = standing_sight.see(head, one).plan
            agree = partial(deciding_standing.agree, head, one, key=key, seen=seen.mark)
            self.attempt("standing agree", agree)
        elif answer == "withdraw":
            self.attempt("standing withdraw", partial(ending.withdraw, self.own, one))
        else:
            refuse = {"return": deciding_standing.return_, "decline": deciding_standing.decline}
            act = partial(refuse[answer], head, one, key=key, note="相談")
            self.attempt(f"standing {answer}", act)

    @rule(pick=PICK, days=st.integers(0, 40), by_head=st.booleans())
    def end_standing(self, pick: int, days: int, by_head: bool) -> None:
        """Call off the rest of a standing agreement, or take it back."""
        one = self.standing(pick, State.AGREED)
        if days < 4:
            self.wait_until(self.day(days), 9)
        if by_head:
            self.attempt("standing revoke", partial(ending.revoke, self.by(self.head), one))
        else:
            self.attempt("standing withdraw", partial(ending.withdraw, self.own, one))

    @rule(pick=PICK, before=st.integers(0, 3), minutes=st.integers(5, 120))
    def draw(self, pick: int, before: int, minutes: int) -> None:
        """Record a part of an allowance; of what is left the rest where it is less."""
        own = [one for one in self.requests(*AGREED_STATES) if one.allowance]
        begun = [one for one in own if one.work_date <= self.today] or own
        if not begun:
            return
        one = begun[pick % len(begun)]
        has = drawing.allowance_of(one)
        day, drawn = max(self.day(-before), one.work_date), min(minutes, has.left)
        seen = len(has.records)
        act = partial(drawing.draw, self.own, one.id, day=day, minutes=drawn, seen=seen)
        self.attempt("draw", act)

    @rule(lowered=st.booleans())
    def look_at_the_open_period(self, *, lowered: bool) -> None:
        """What the period cannot hold any more is suspended."""
        if lowered:
            if not any(one.allowance for one in self.requests(*AGREED_STATES)):
                self.ask_for_standing(True, 30, "MO", None, "agree", "general")
            hr, month = self.by(self.hr), period_of(PeriodKind.MONTH, self.today)
            days = month.starts_on, month.ends_on
            lower = partial(rates.set_rate, hr, "person", self.login, 0, *days)
            self.attempt("rate", lower, changes_cap=False)
        now = self.ledger.world.clock()
        self.attempt("open periods", partial(opening.open_periods, now))

    # Closing, and what comes after it (L7)

    @rule(workdays=st.integers(0, 1))
    def close_the_month(self, workdays: int) -> None:
        """Wait for the next month, and close the one before."""
        month = period_of(PeriodKind.MONTH, self.today)
        if not self.recorded(closed=False) or month.ends_on.month == 3:
            return
        self.wait_until(month.ends_on + timedelta(days=1 + workdays), 9)
        self.attempt("close", partial(close, self.by(self.hr), month), changes_cap=False)

    @rule(
        pick=PICK,
        minutes=st.integers(0, 300),
        how=st.sampled_from(["approve", "approve", "refuse", "withdraw"]),
    )
    def correct_after_closing(self, pick: int, minutes: int, how: str) -> None:
        """Ask HR to put a record right, and let HR answer."""
        if not self.recorded(closed=True):
            self.record(pick, 0)
            self.close_the_month(0)
        asked = self.corrected(pick, minutes, closed=True)
        if asked is None:
            return
        hr = self.by(self.hr)
        acts: dict[str, Any] = {
            "approve": partial(approving.approve, hr, asked.id),
            "refuse": partial(approving.refuse, hr, asked.id, note="違います"),
            "withdraw": partial(correcting.withdraw, self.own, asked.id),
        }
        self.attempt(f"{how} correction", acts[how])

    # Freezes (L13)

    @rule(days=st.one_of(st.none(), st.integers(0, 5)), worked=st.booleans())
    def freeze(self, days: int | None, *, worked: bool) -> None:
        """Let all rest from now on, or from a day on; the worker may be late."""
        from_at = None
        if not self.requests(*AGREED_STATES):
            return
        if days is not None:
            from_at = datetime.combine(self.day(days), time(12), TOKYO)
        act = partial(freezing.freeze, self.by(self.hr), from_at=from_at, reason="台風")
        self.attempt("freeze", act, changes_cap=False)
        if worked:
            self.suspend()

    @rule()
    def suspend(self) -> None:
        """Let the worker suspend what the freeze reaches."""
        frozen = self.frozen()
        if frozen is not None:
            ctx = system_context(self.ledger.world.clock(), "test", self.by(self.hr).municipality)
            act = partial(suspending.suspend_all, ctx, frozen.id)
            self.attempt("suspend", act, changes_cap=False)

    @rule(pick=PICK, number=st.integers(0, 3))
    def lift_and_revive(self, pick: int, number: int) -> None:
        """Lift the freeze, and revive some of what it suspended; where there is nothing, freeze first."""
        if self.frozen() is None and not self.requests(State.SUSPENDED):
            self.agreed(pick)
            self.freeze(None, worked=True)
        frozen = self.frozen()
        if frozen is not None:
            act = partial(freezing.lift, self.by(self.hr), frozen.id)
            self.attempt("lift", act, changes_cap=False)
        for more in range(number):
            one, key = self.one(pick + more, State.SUSPENDED), self.ledger.key()
            head = self.by(self.head)
            self.attempt("revive", partial(reviving.revive, head, one.id, key=key))

    def frozen(self) -> Freeze | None:
        """Return the freeze that holds."""
        here = Freeze.municipality == self.town.id
        found: Freeze | None = Freeze.get_or_none(here & Freeze.lifted_at.is_null())
        return found

    # Leave and rates (L8)

    @rule(ahead=st.integers(-40, 20), begins=st.integers(8, 12), hours=st.integers(1, 9))
    def import_leave(self, ahead: int, begins: int, hours: int) -> None:
        """Import one leave, also for days of a month that is closed."""
        day = self.day(ahead)
        line = f"{self.login},annual,{day}T{begins:02}:00,{day}T{begins + hours:02}:00"
        ctx = system_context(self.ledger.world.clock(), "test")
        act = partial(import_leave, ctx, f"login,kind,start,end\n{line}\n".encode())
        self.attempt("leave", act, changes_cap=False)

    @rule(ahead=st.integers(0, 20), points=st.integers(100, 2000), pick=PICK)
    def change_the_rate(self, ahead: int, points: int, pick: int) -> None:
        """Lower the person's rate for some days, or end a rate."""
        hr, first = self.by(self.hr), self.day(ahead)
        held = list(RateRow.select().where(RateRow.target_id == self.person))
        if held and pick % 3 == 0:
            rate = held[pick % len(held)]
            # One that has not begun is taken back whole, and is not there for a second click.
            last = max(self.day(pick % 9), rate.starts_on)
            act = partial(rates.end_rate, hr, rate.id, last)
            self.attempt("end rate", act, changes_cap=False)
        else:
            last = first + timedelta(days=9)
            act = partial(rates.set_rate, hr, "person", self.login, points, first, last)
            self.attempt("rate", act, changes_cap=False)

    @invariant()
    def everything_adds_up(self) -> None:
        """See that it does, after every step."""
        self.check()

    def teardown(self) -> None:
        """See that at the end explain tells the same of every month."""
        for account in Account.select().where(Account.person == self.person):
            found = explain(self.login, f"{account.starts_on:%Y-%m}")
            assert (found.used, found.reserved) == (account.used, account.reserved)
            if account.closed_at is not None:
                assert (found.base, found.cap) == (account.base, account.cap)
