"""What the ledger keeps of a person or a municipality: handed out, and erased.

Of discreet activities an export says no more than any other page (ledger rule L14).
"""

from collections.abc import Iterator
from typing import Any

from niwari.context import Context
from niwari.directory.subjects import ERASED, left, people_of
from niwari.ledger.models import (
    DISCREET_ACTIVITY,
    Account,
    JournalEntry,
    LeaveSpan,
    RateRow,
    Request,
    RosterRow,
    WorkPattern,
)
from niwari.specs.contributions import Label, Receipt, Record, Subject

KEPT = Label(
    "20%の時間の枠と記帳は、検算のため、氏名のない番号で残ります。"
    "勤務の予定、休暇、申込みの文章は、所属がすべて終わった職員について消します。",
    "Allowances and postings of 20% time remain, with numbers instead of names, so "
    "that sums can be checked. Hours, leave and the words of requests are erased for "
    "those whose posts have all ended.",
)


def records(subject: Subject) -> Iterator[Record]:
    """Yield what the ledger keeps of ``subject``."""
    people = people_of(subject)
    for row in _of(WorkPattern, WorkPattern.person.in_(people)):
        data = {"starts_on": row.starts_on.isoformat(), "week": row.week}
        yield Record("ledger.work_pattern", row.id, data)
    for row in _of(LeaveSpan, LeaveSpan.person.in_(people)):
        span = {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
        yield Record("ledger.leave_span", row.id, {"kind": row.kind, **span})
    for row in _of(RosterRow, RosterRow.person.in_(people)):
        yield Record("ledger.roster", row.id, {"day": row.day.isoformat(), "hours": row.hours})
    for row in _of(RateRow, _own_rate(people)):
        data = {"starts_on": row.starts_on.isoformat(), "basis_points": row.basis_points}
        yield Record("ledger.rate", row.id, data)
    for row in _of(Request, _mine(Request, subject) & (Request.purpose != ERASED)):
        yield Record("ledger.request", row.id, _request(row))
    for row in _of(Account, _mine(Account, subject)):
        names = ("base", "cap", "used", "reserved")
        data = {name: getattr(row, name) for name in names}
        yield Record("ledger.account", row.id, {"starts_on": row.starts_on.isoformat(), **data})
    accounts = Account.select(Account.id).where(_mine(Account, subject))
    for row in _of(JournalEntry, JournalEntry.account.in_(accounts)):
        data = {"kind": row.kind, "work_date": row.work_date.isoformat(), "minutes": row.minutes}
        yield Record("ledger.journal_entry", row.id, data)


def erase(ctx: Context, subject: Subject) -> Receipt:
    """Erase hours, leave and own rates of those who have left, and the words of their requests.

    In the caller's transaction. A journal is never changed.
    """
    gone = left(ctx, subject)
    erased = sum(
        model.delete().where(condition).execute()
        for model, condition in (
            (WorkPattern, WorkPattern.person.in_(gone)),
            (LeaveSpan, LeaveSpan.person.in_(gone)),
            (RosterRow, RosterRow.person.in_(gone)),
            (RateRow, _own_rate(gone)),
        )
    )
    words = Request.person.in_(gone) & (Request.purpose != ERASED)
    redacted = Request.update(purpose=ERASED, decision_note="").where(words).execute()
    kept = sum(1 for _ in records(subject))
    return Receipt(erased, redacted, kept, KEPT if kept else None)


def _of(model: Any, condition: Any) -> Iterator[Any]:
    return iter(model.select().where(condition).order_by(model.id).iterator())


def _mine(model: Any, subject: Subject) -> Any:
    """Return the condition for rows of a person in a municipality, which bear both."""
    person, town = subject.person_id, subject.municipality_id
    if person is None:
        return model.municipality == town
    mine = model.person == person
    return mine if town is None else mine & (model.municipality == town)


def _own_rate(people: Any) -> Any:
    return (RateRow.level == "person") & RateRow.target_id.in_(people)


def _request(row: Any) -> dict[str, Any]:
    return {
        "activity": DISCREET_ACTIVITY if row.discreet else row.activity,
        "purpose": row.purpose,
        "place": row.place,
        "work_date": row.work_date.isoformat(),
        "minutes": row.minutes,
        "agreed_minutes": row.agreed_minutes,
        "state": row.state,
        "note": row.decision_note,
        "requested_at": row.requested_at.isoformat(),
    }
