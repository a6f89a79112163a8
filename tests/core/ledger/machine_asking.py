"""Asking, answering, recording and correcting, in any order; for test_invariants.py."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import OralOk, Wish
from niwari.ledger.attending import absence
from niwari.ledger.attending import confirming as confirming_hosts
from niwari.ledger.attending.guests import LISTED
from niwari.ledger.deciding import confirming, decisions, revoking, supplementing
from niwari.ledger.models import AGREED_STATES, JournalEntry, Request, State, Supplement
from niwari.ledger.recording import correcting, recording
from niwari.ledger.recording.correcting import Wanted

from .conftest import OFFERED
from .machine_scene import TOLERANCE, Scene

AHEAD = st.integers(-1, 20)
MINUTES = st.one_of(st.integers(1, 240), st.integers(241, 1800))
# Which of the fitting ones is meant; now and then one that does not fit.
PICK = st.integers(0, 1000)


class Asking(Scene):
    """What the person and the head do with single requests."""

    @initialize(days=st.lists(st.integers(0, 10), min_size=3, max_size=4))
    def begin(self, days: list[int]) -> None:
        """Ask for a lot at first, so that not all of it can be agreed to."""
        for number, day in enumerate(days):
            self.ask("minutes", day, 700 + 50 * number, 0, "general", oral=False)

    def wish(self, how: str, ahead: int, minutes: int, quarter: int, activity: str) -> Wish:
        """Return a wish for minutes of a day, or for an interval of it."""
        if how == "minutes":
            return self.ledger.wish(self.day(ahead), minutes, activity=activity)
        times = [f"{at // 4:02}:{at % 4 * 15:02}" for at in (quarter, quarter + 1 + minutes % 16)]
        return self.ledger.wish(self.day(ahead), at=(times[0], times[1]), activity=activity)

    @rule(
        how=st.sampled_from(["minutes", "interval"]),
        ahead=AHEAD,
        minutes=MINUTES,
        quarter=st.integers(32, 70),
        activity=st.sampled_from(sorted(OFFERED)),
        oral=st.booleans(),
        joins=st.booleans(),
    )
    def ask(
        self,
        how: str,
        ahead: int,
        minutes: int,
        quarter: int,
        activity: str,
        *,
        oral: bool,
        joins: bool = False,
    ) -> None:
        """Ask, also with an oral OK, which reserves at once (L1), or for what a host offers."""
        wish = self.wish(how, ahead, minutes, quarter, activity)
        if oral:
            said = self.own.now - timedelta(hours=minutes % 48)
            wish = replace(wish, oral=OralOk(self.head_post.id, said))
        source = (self.offer.kind, self.offer.id) if joins else None
        act = partial(requests.ask, self.own, wish, OFFERED, source)
        self.attempt("oral" if oral else "ask", act)

    @rule(
        how=st.sampled_from(["minutes", "interval"]),
        before=st.integers(-1, 9),
        minutes=MINUTES,
        quarter=st.integers(32, 70),
        activity=st.sampled_from(sorted(OFFERED)),
        agreed=st.booleans(),
    )
    def ask_after_the_fact(
        self, how: str, before: int, minutes: int, quarter: int, activity: str, *, agreed: bool
    ) -> None:
        """Ask for what is over; the head agrees at once, or later with the rest (L1)."""
        wish = replace(self.wish(how, -before, minutes, quarter, activity), after_fact=True)
        act = partial(requests.ask, self.own, wish, OFFERED)
        made = self.attempt("after the fact", act)
        if made is not None and agreed:
            agree = partial(decisions.agree, self.by(self.head), made.id, key=self.ledger.key())
            self.attempt("agree after the fact", agree)

    @rule(
        how=st.sampled_from(["minutes", "interval"]),
        ahead=st.integers(0, 5),
        quarter=st.integers(35, 60),
        minutes=st.integers(1, 120),
        there=st.integers(1, 90),
        back=st.integers(1, 90),
        oral=st.booleans(),
    )
    def ask_with_ways(
        self, how: str, ahead: int, quarter: int, minutes: int, there: int, back: int, *, oral: bool
    ) -> None:
        """Ask with the ways there and back (L16)."""
        wish = self.wish(how, ahead, minutes, quarter, "general")
        said = OralOk(self.head_post.id, self.own.now) if oral else None
        wish = replace(wish, travel_there=there, travel_back=back, oral=said)
        self.attempt("ways", partial(requests.ask, self.own, wish, OFFERED))

    @rule(how=st.sampled_from(["agree", "agree", "part", "return", "decline"]), pick=PICK)
    def answer(self, how: str, pick: int) -> None:
        """Answer as the head."""
        if not self.requests(State.REQUESTED):
            self.ask("minutes", pick % 4, 60 + pick % 60, 0, "general", oral=False)
        one, key, head = self.one(pick, State.REQUESTED).id, self.ledger.key(), self.by(self.head)
        acts = {
            "agree": partial(decisions.agree, head, one, key=key),
            "part": partial(decisions.agree, head, one, key=key, minutes=1 + pick % 60),
            "return": partial(decisions.return_, head, one, key=key, note="相談"),
            "decline": partial(decisions.decline, head, one, key=key, note="見送り"),
        }
        self.attempt(how, acts[how])

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        """Take back what is asked for, given back or agreed to."""
        one = self.one(pick, State.REQUESTED, State.RETURNED, *AGREED_STATES)
        self.attempt("withdraw", partial(requests.withdraw, self.own, one.id))

    @rule(pick=PICK, ahead=st.integers(0, 5), minutes=MINUTES)
    def discuss_and_ask_again(self, pick: int, ahead: int, minutes: int) -> None:
        """Give back, and ask for something else."""
        one, key = self.one(pick, State.REQUESTED, State.RETURNED).id, self.ledger.key()
        head = self.by(self.head)
        self.attempt("return", partial(decisions.return_, head, one, key=key, note="相談"))
        wish = self.ledger.wish(self.day(ahead), minutes)
        self.attempt("again", partial(requests.ask_again, self.own, one, wish, OFFERED))

    def agreed(self, pick: int) -> Request:
        """Choose one that is agreed to; where there is none, the head agrees to something first."""
        if not any(not one.allowance for one in self.requests(*AGREED_STATES)):
            self.answer("agree", pick)
        own = [one for one in self.requests(*AGREED_STATES) if not one.allowance]
        return own[pick % len(own)] if own and pick % 8 else self.one(pick, *AGREED_STATES)

    @rule(pick=PICK, less=st.integers(0, 30))
    def record(self, pick: int, less: int) -> None:
        """Record what was agreed to, once its day has come."""
        one = self.agreed(pick)
        if one.id and (one.work_date - self.today).days <= 3:
            self.wait_until(one.work_date, 18)
        minutes = max((one.agreed_minutes or 60) - less, 1)
        self.attempt("record", partial(recording.record, self.own, one.id, minutes=minutes))

    @rule(pick=PICK, more=st.integers(1, TOLERANCE + 2))
    def record_longer(self, pick: int, more: int) -> None:
        """Record more than was agreed to (L17); at that moment it is within the cap (L3)."""
        one = self.agreed(pick)
        if one.id and (one.work_date - self.today).days <= 3:
            self.wait_until(one.work_date, 18)
        minutes = (one.agreed_minutes or 60) + more
        act = partial(recording.record, self.own, one.id, minutes=minutes)
        # Where the same was recorded before, nothing is recorded now, and the cap may be another one.
        is_new = one.state != State.RECORDED
        if self.attempt("record longer", act) is not None and one.counts and is_new:
            account = JournalEntry.get(JournalEntry.request == one.id).account
            assert account.used + account.reserved <= account.cap
            assert more <= TOLERANCE

    @rule(pick=PICK, refuse=st.booleans())
    def answer_supplement(self, pick: int, *, refuse: bool) -> None:
        """Accept or refuse what is beyond an agreement."""
        if not self.beyond():
            self.record_longer(pick, 1 + pick % TOLERANCE)
        found = self.beyond()
        one = found[pick % len(found)].id if found and pick % 8 else 0
        key, head = self.ledger.key(), self.by(self.head)
        if refuse:
            act = partial(supplementing.refuse, head, one, key=key, note="業務ではありません")
            self.attempt("refuse supplement", act)
        else:
            self.attempt("accept supplement", partial(supplementing.accept, head, one, key=key))

    def beyond(self) -> list[Supplement]:
        """Return the supplements that nobody has answered."""
        own = Request.select(Request.id).where(Request.person == self.person)
        waits = (Supplement.state == "pending") & Supplement.taken_back_at.is_null()
        return list(Supplement.select().where(waits & Supplement.request.in_(own)))

    @rule(pick=PICK, ahead=st.integers(0, 2), minutes=st.integers(15, 240), half=st.booleans())
    def call_off(self, pick: int, ahead: int, minutes: int, *, half: bool) -> None:
        """Shorten or call off what is agreed to, also while it runs (L4)."""
        one, key, head = self.agreed(pick), self.ledger.key(), self.by(self.head)
        if half:
            act = partial(revoking.shorten, head, one.id, key=key, minutes=minutes)
            self.attempt("shorten", act)
        else:
            self.wait_until(self.day(ahead), 15)
            head = self.by(self.head)
            self.attempt("revoke", partial(revoking.revoke, head, one.id, key=key))

    @rule(pick=PICK, days=st.integers(0, 3))
    def be_absent(self, pick: int, days: int) -> None:
        """Say to be absent from what is agreed to, once its day has come (L18)."""
        one = self.agreed(pick)
        if one.id and (one.work_date - self.today).days <= days:
            self.wait_until(one.work_date, 18)
        self.attempt("cancel", partial(absence.cancel, self.own, one.id))

    @rule(pick=PICK, days=st.integers(0, 3), there=st.booleans(), back=st.booleans())
    def be_seen(self, pick: int, days: int, *, there: bool, back: bool) -> None:
        """Let the host say who was there, or absent, and take an absence back (L14, L18)."""
        one = self.joined(pick)
        if one.id and (one.work_date - self.today).days <= days:
            self.wait_until(one.work_date, 18)
        self.mark(one.id, there=there)
        if back:
            self.mark(one.id, there=True)

    def mark(self, one: int, *, there: bool) -> None:
        """Let the host say it of one."""
        is_absent = one in [request.id for request in self.requests(State.CANCELLED)]
        name = "take absence back" if there and is_absent else "attended" if there else "absent"
        chosen = ([one], []) if there else ([], [one])
        self.attempt(name, partial(confirming_hosts.mark, self.by(self.host), self.offer, *chosen))

    def joined(self, pick: int) -> Request:
        """Choose what is asked for of the host; where there is nothing, ask, with an oral OK or without."""
        found = [one for one in self.requests(*LISTED) if one.source_kind is not None]
        if not found:
            self.ask("minutes", pick % 3, 60, 0, "general", oral=bool(pick % 3), joins=True)
            found = [one for one in self.requests(*LISTED) if one.source_kind is not None]
        return found[pick % len(found)] if found and pick % 8 else self.one(pick)

    @rule(pick=PICK, deny=st.booleans())
    def answer_oral(self, pick: int, *, deny: bool) -> None:
        """Say whether the OK was given (L1)."""
        if not self.waiting():
            self.ask("minutes", pick % 4, 15 + pick % 60, 0, "general", oral=True)
        oral = self.waiting()
        one = oral[pick % len(oral)].id if oral and pick % 8 else self.one(pick).id
        key, head = self.ledger.key(), self.by(self.head)
        if deny:
            act = partial(confirming.deny, head, one, key=key, note="言っていません")
            self.attempt("deny", act)
        else:
            self.attempt("confirm", partial(confirming.confirm, head, one, key=key))

    def waiting(self) -> list[Request]:
        """Return the requests whose oral OK nobody has confirmed or denied."""
        found = self.requests(*AGREED_STATES, State.RECORDED, State.SUSPENDED)
        return [one for one in found if one.oral_answer == "waiting"]

    @rule(pick=PICK, minutes=st.integers(0, 300))
    def correct(self, pick: int, minutes: int) -> None:
        """Put a record right, at once or by way of HR (L6, L7)."""
        if not self.recorded(closed=False):
            self.record(pick, 0)
        self.corrected(pick, minutes, closed=False)

    def corrected(self, pick: int, minutes: int, *, closed: bool) -> Any:
        """Correct a record whose period is closed, or is not; ``None`` where nothing came of it."""
        recorded = self.recorded(closed=closed)
        one = recorded[pick % len(recorded)] if recorded and pick % 8 else self.one(pick)
        minutes = min(minutes, (one.agreed_minutes or minutes) + pick % (TOLERANCE + 2))
        last = (
            JournalEntry.select()
            .where((JournalEntry.request == one.id) & (JournalEntry.kind == "record"))
            .where(JournalEntry.id.not_in(Supplement.select(Supplement.entry)))
            .order_by(JournalEntry.id.desc())
            .first()
        )
        wanted = Wanted(minutes, "数え間違い", self.ledger.key(), last.id if last else None)
        name = "ask correction" if closed else "correct"
        return self.attempt(name, partial(correcting.correct, self.own, one.id, wanted))

    def recorded(self, *, closed: bool) -> list[Request]:
        """Return the requests with records in periods that are closed, or are not."""
        found = []
        for one in self.requests():
            entries = [entry for entry in one.entries if entry.kind == "record"]
            if entries and (entries[0].account.closed_at is not None) == closed:
                found.append(one)
        return found

    @rule(days=st.integers(0, 3), hour=st.integers(7, 18))
    def let_time_go_by(self, days: int, hour: int) -> None:
        """Wait."""
        self.wait_until(self.day(days), hour)
