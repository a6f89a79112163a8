"""What holds in a ledger at every moment, whatever was done (ledger.md, "Invariants")."""

from collections import Counter
from itertools import pairwise
from typing import Any

from niwari.db import prepared
from niwari.directory.models import Municipality
from niwari.directory.people import municipality_ref
from niwari.ledger.accounts import reserved_of
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import AGREED_STATES, Account, JournalEntry, Request, State, Supplement
from niwari.ledger.worktime import base, cap, day_bases


def check_sums(person: int, town: Municipality) -> None:
    """See that everything of a person adds up."""
    accounts = rows_of(person, Account)
    entries = _entries({"person": person}).objects()
    requests = rows_of(person, Request)
    _the_account_is_the_sum_of_its_journal(accounts, entries)
    _every_request_reserves_what_its_journal_says(requests, entries)
    _only_records_are_reversed_and_once(entries)
    _nobody_is_in_two_places(requests)
    _what_was_over_is_not_called_off(requests)
    for account in accounts:
        if account.closed_at is None:
            assert account.base == base_and_cap(person, town, account)[0]


def rows_of(person: int, model: Any) -> list[Any]:
    """Return what a person has of a model, in order."""
    return _rows({"person": person}, model).objects()


@prepared
def _rows(of: Any, model: Any) -> Any:
    return model.select().where(model.person == of.person).order_by(model.id)


@prepared
def _entries(of: Any) -> Any:
    own = JournalEntry.select().join(Account).where(Account.person == of.person)
    return own.order_by(JournalEntry.id)


def base_and_cap(person: int, town: Municipality, account: Account) -> tuple[int, int]:
    """Compute base and cap of an account's days from scratch."""
    first, last = account.starts_on, account.ends_on
    conditions = work_conditions([person], municipality_ref(town.id, first), first, last)[person]
    days = day_bases(conditions, first, last)
    return base(days), cap(days)


def _the_account_is_the_sum_of_its_journal(
    accounts: list[Account], entries: list[JournalEntry]
) -> None:
    used: Counter[int] = Counter()
    reserved: Counter[int] = Counter()
    for one in entries:
        used[one.account_id] += one.used_delta
        reserved[one.account_id] += one.reserved_delta
    for account in accounts:
        assert (account.used, account.reserved) == (used[account.id], reserved[account.id])


def _every_request_reserves_what_its_journal_says(
    requests: list[Request], entries: list[JournalEntry]
) -> None:
    """With the sum of the journal this says that reserved is the sum of what is agreed to."""
    reserved: Counter[int] = Counter()
    recorded: Counter[int] = Counter()
    for one in entries:
        reserved[one.request_id] += one.reserved_delta
        recorded[one.request_id] += one.minutes
    beyond = _beyond_that_holds(entries)
    for request in requests:
        done, held = recorded[request.id], reserved_of(request)
        assert reserved[request.id] == (held if request.counts else 0), (request.id, request.state)
        assert done >= 0
        most = (request.agreed_minutes or 0) + beyond[request.id]
        assert done + held <= most, (request.id, request.state)
        if request.state in AGREED_STATES and request.allowance:
            assert done + held == request.agreed_minutes
        if request.state in AGREED_STATES and not request.allowance:
            assert done == 0


def _beyond_that_holds(entries: list[JournalEntry]) -> Counter[int]:
    """Return by request what holds beyond its agreement: each an entry that is not reversed (L17)."""
    undone = {one.reverses_id for one in entries}
    minutes = {one.id: one.minutes for one in entries}
    beyond: Counter[int] = Counter()
    for one in Supplement.select().where(Supplement.entry.in_([*minutes, 0])):
        is_over = one.state == "refused" or one.taken_back_at is not None
        assert (one.entry_id in undone) == is_over
        assert minutes[one.entry_id] == one.minutes
        beyond[one.request_id] += 0 if is_over else one.minutes
    return beyond


def _only_records_are_reversed_and_once(entries: list[JournalEntry]) -> None:
    by_id: dict[int, Any] = {one.id: one for one in entries}
    reversals = [one for one in entries if one.kind == "reversal"]
    for one in reversals:
        undone = by_id[one.reverses_id]
        assert undone.kind == "record"
        assert (one.minutes, one.used_delta) == (-undone.minutes, -undone.used_delta)
        assert (one.work_date, one.request_id) == (undone.work_date, undone.request_id)
    assert len({one.reverses_id for one in reversals}) == len(reversals)


def _what_was_over_is_not_called_off(requests: list[Request]) -> None:
    ended = (State.SUSPENDED, State.REVOKED)
    assert not [one.id for one in requests if one.after_fact and one.state in ended]


def _nobody_is_in_two_places(requests: list[Request]) -> None:
    taken = sorted(
        (one.starts_at, one.ends_at)
        for one in requests
        if one.starts_at is not None
        and one.state in (State.REQUESTED, *AGREED_STATES, State.RECORDED)
    )
    assert all(one[1] <= other[0] for one, other in pairwise(taken))
