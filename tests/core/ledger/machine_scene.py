"""A municipality of its own in which anything is done in any order; for test_invariants.py."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine
from peewee import fn

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.context import Context
from niwari.db import prepared
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment, Municipality
from niwari.errors import DomainError
from niwari.events.models import Event
from niwari.ledger.arranging import rules
from niwari.ledger.errors import OverFree
from niwari.ledger.models import (
    Account,
    Closing,
    Correction,
    Freeze,
    JournalEntry,
    LateBase,
    LeaveSpan,
    RateRow,
    Request,
    Standing,
    State,
    Supplement,
)
from niwari.notices.models import Notice

from .conftest import Ledger, Town
from .machine_sums import base_and_cap, check_sums, rows_of

SECTION = "市民部/市民課"
NUMBERS = count(1)
TOLERANCE = 15
"""By how many minutes a record may exceed its agreement (L17)."""


class Scene(RuleBasedStateMachine):
    """One person, who asks, a head, who answers, HR and a host; ``done`` takes the names of what was done.

    ``of_world`` gives a class for a ledger. Every run has a municipality of its own.
    """

    ledger: Ledger
    done: set[str]

    @classmethod
    def of_world(cls, ledger: Ledger, done: set[str]) -> type["Scene"]:
        """Return the class whose runs happen in ``ledger``."""
        return type(cls.__name__, (cls,), {"ledger": ledger, "done": done})

    def __init__(self) -> None:
        super().__init__()
        number = next(NUMBERS)
        self.ledger.now(11, 10, 9)
        self.town: Any = Municipality.create(code=f"9{number:05}", name="ある市", kind="city")
        town = Town(self.town)
        self.login, self.head, self.hr, self.host = (
            f"{who}{number}@x" for who in ("any", "head", "hr", "host")
        )
        self.person: int = town.appoint(self.login, SECTION).person_id
        self.head_post: Appointment = town.appoint(self.head, SECTION, head=True)
        town.appoint(self.hr, SECTION)
        town.appoint(self.host, SECTION)
        choices = {"after_fact": True, "tolerance": TOLERANCE, "travel": True}
        rules.choose(self.by(self.hr), choices)
        self.offer = self.offered(number)
        self.closed: dict[int, tuple[Any, ...]] = {}

    def offered(self, number: int) -> Ref:
        """Let the host offer something that people join: a note of the dummy of tests/plugins."""
        import niwari_dummy.service

        code = str(self.town.code)
        self.ledger.world.switch(code, "dummy", on=True)
        note = niwari_dummy.service.write(
            self.by(self.host), title="集まり", body="", audience="region", form_key=f"{number}"
        )
        return Ref("dummy.note", note)

    # People and time

    def by(self, login: str) -> Context:
        """Return the context of one of them as it is by now."""
        return self.ledger.ctx(login)

    @property
    def own(self) -> Context:
        """The context of the person."""
        return self.by(self.login)

    @property
    def today(self) -> date:
        """The Tokyo day."""
        return self.ledger.world.clock().astimezone(TOKYO).date()

    def day(self, days: int) -> date:
        """Return the day that many days ahead, never in the year of which no holidays are known."""
        return self.today + timedelta(days=days)

    def wait_until(self, day: date, hour: int) -> None:
        """Let time go by until then, where it is not later already."""
        wanted = datetime.combine(day, time(hour), TOKYO)
        self.ledger.world.clock.set(max(self.ledger.world.clock().astimezone(TOKYO), wanted))

    # What is there

    def requests(self, *states: State) -> list[Request]:
        """Return the person's requests in some states, or all, in order."""
        own = rows_of(self.person, Request)
        return [one for one in own if not states or one.state in states]

    def one(self, pick: int, *states: State) -> Any:
        """Choose one of the fitting requests; now and then one that does not fit, or none that is there."""
        own = self.requests()
        fitting = [one for one in own if one.state in states]
        chosen = fitting if fitting and pick % 8 else own
        return chosen[pick % len(chosen)] if chosen else Request(id=0, minutes=60)

    def standing(self, pick: int, *states: State) -> int:
        """Choose a standing agreement, as ``one``; returns its id."""
        own = rows_of(self.person, Standing)
        fitting = [one for one in own if one.state in states]
        chosen = fitting if fitting and pick % 8 else own
        return chosen[pick % len(chosen)].id if chosen else 0

    # Doing it

    def attempt(self, name: str, act: Callable[[], Any], *, changes_cap: bool = True) -> Any:
        """Do it, and once more; returns what came of it, ``None`` for what a rule refuses.

        What is refused leaves no trace, what is done an audit row. Again, as after a double click, it
        changes nothing. Where something was agreed to, it is within the cap at this moment.
        """
        before, result, refusal = self.trace(), None, None
        try:
            result = act()
        except DomainError as error:
            refusal = error
        if refusal is not None:
            self.check_same(before, f"{name}: {refusal!r}")
            if isinstance(refusal, OverFree):
                self.done.add("over free")
            return None
        after = self.trace()
        if after != before:
            self.done.add(name)
            assert after["audit"] > before["audit"], name
            self.check_posted(before["journal"], changes_cap=changes_cap)
            act()
            self.check_same(after, name)
        return result

    def check_same(self, after: dict[str, Any], name: str) -> None:
        """See that nothing is other than in ``after``."""
        now = self.trace()
        assert now == after, (name, {key for key in now if now[key] != after[key]})

    def check_posted(self, since: int, *, changes_cap: bool) -> None:
        """See that the accounts moved by journal rows after ``since`` are as they may be (L2, L3)."""
        new = list(JournalEntry.select().where(JournalEntry.id > since))
        # What the worker does reaches the towns of earlier runs too; those are not this one's to judge.
        own = (Account.person == self.person) & Account.id.in_([one.account_id for one in new])
        for account in Account.select().where(own):
            posted = [one for one in new if one.account_id == account.id]
            if any(one.reserved_delta > 0 and one.kind == "agreement" for one in posted):
                assert account.used + account.reserved <= account.cap
            if changes_cap and account.closed_at is None:
                scratch = base_and_cap(self.person, self.town, account)
                assert (account.base, account.cap) == scratch

    def trace(self) -> dict[str, Any]:
        """Return all that there is of the person and the municipality, to compare."""
        of = {"person": self.person, "town": self.town.id}
        found: dict[str, Any] = {name: _all(of, name).rows() for name in TRACES}
        for name, model in NEWEST.items():
            found[name] = _last(of, model).rows()[0][0] or 0
        return found

    def check(self) -> None:
        """See that all sums hold, and that closed accounts keep their base (L7)."""
        check_sums(self.person, self.town)
        closed = [one for one in rows_of(self.person, Account) if one.closed_at is not None]
        for account in closed:
            now = (account.base, account.cap, account.closed_at, account.reserved)
            assert self.closed.setdefault(account.id, now) == now
            assert account.reserved == 0


NEWEST = {"journal": JournalEntry, "audit": AuditEntry, "event": Event, "notice": Notice}


@prepared
def _last(_of: Any, model: Any) -> Any:
    return model.select(fn.MAX(model.id))


def _accounts(of: Any) -> Any:
    return Account.select(Account.id).where(Account.person == of.person)


def _requests(of: Any) -> Any:
    return Request.select(Request.id).where(Request.person == of.person)


TRACES: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "request": (Request, lambda of: Request.person == of.person),
    "account": (Account, lambda of: Account.person == of.person),
    "standing": (Standing, lambda of: Standing.person == of.person),
    "supplement": (Supplement, lambda of: Supplement.request.in_(_requests(of))),
    "correction": (Correction, lambda of: Correction.request.in_(_requests(of))),
    "late": (LateBase, lambda of: LateBase.account.in_(_accounts(of))),
    "closing": (Closing, lambda of: Closing.municipality == of.town),
    "freeze": (Freeze, lambda of: Freeze.municipality == of.town),
    "leave": (LeaveSpan, lambda of: LeaveSpan.person == of.person),
    "rate": (RateRow, lambda of: RateRow.target_id == of.person),
}


@prepared
def _all(of: Any, name: str) -> Any:
    model, wanted = TRACES[name]
    return model.select().where(wanted(of)).order_by(model.id)
