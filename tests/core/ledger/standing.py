"""Standing agreements as the tests ask for them and agree to them."""

from datetime import date, time

from niwari.ledger.models import Request
from niwari.ledger.standing import asking, deciding, sight
from niwari.ledger.standing.asking import StandingWish
from niwari.ledger.standing.terms import Terms

from .conftest import OFFERED

STAFF, HEAD = "staff@koriyama", "head@koriyama"
THIRD_WEDNESDAYS = Terms(
    "dated",
    date(2026, 11, 10),
    date(2027, 3, 31),
    60,
    time(15),
    time(16),
    rule="FREQ=MONTHLY;BYDAY=3WE",
)
DAYS = [
    date(2026, 11, 18),
    date(2026, 12, 16),
    date(2027, 1, 20),
    date(2027, 2, 17),
    date(2027, 3, 17),
]


def wish(ledger, terms=THIRD_WEDNESDAYS, **changes):
    values = {"activity": "general", "purpose": "学び・相談", "place": "head_office"}
    return StandingWish(terms=terms, form_key=ledger.key(), **{**values, **changes})


def ask(ledger, terms=THIRD_WEDNESDAYS, *, by=STAFF, **changes):
    return asking.ask(ledger.ctx(by), wish(ledger, terms, **changes), OFFERED)


def plan_of(ledger, standing, by=HEAD):
    return sight.see(ledger.ctx(by), standing.id).plan


def agree(ledger, standing, *, by=HEAD, key=None, seen=None):
    seen = plan_of(ledger, standing).mark if seen is None else seen
    return deciding.agree(ledger.ctx(by), standing.id, key=key or ledger.key(), seen=seen)


def agreed(ledger, terms=THIRD_WEDNESDAYS, *, head=HEAD, **changes):
    standing = ask(ledger, terms, **changes)
    return agree(ledger, standing, by=head, seen=plan_of(ledger, standing, head).mark).standing


def occurrences(standing):
    return list(Request.select().where(Request.standing == standing.id).order_by(Request.work_date))


def reserved(ledger, *months, by=STAFF):
    days = [date(2026, month, 1) if month > 3 else date(2027, month, 1) for month in months]
    return [ledger.balance(by, day).reserved for day in days]


def why_not(plan):
    return [(one.day, one.reason) for one in plan.left_out]
