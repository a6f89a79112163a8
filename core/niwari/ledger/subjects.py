"""What the ledger keeps of a person or a municipality: handed out, and erased.

Of discreet activities an export says no more than any other page (ledger rule L14).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from niwari.context import Context
from niwari.directory.subjects import ERASED, left, people_of
from niwari.ledger.models import (
    DISCREET_ACTIVITY,
    Account,
    Correction,
    JournalEntry,
    LateBase,
    LeaveSpan,
    Overtime,
    RateRow,
    Request,
    RosterRow,
    Standing,
    Supplement,
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


_NO_WORDS = {
    "purpose": ERASED,
    "decision_note": "",
    "objection": "",
    "ended_reason": "",
    "brought_home": "",
}


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
    for row in _of(Standing, _mine(Standing, subject) & (Standing.purpose != ERASED)):
        yield Record("ledger.standing", row.id, _standing(row))
    own = Request.select(Request.id).where(_mine(Request, subject))
    for row in _of(Correction, Correction.request.in_(own) & (Correction.reason != ERASED)):
        data = {"minutes": row.minutes, "reason": row.reason, "state": row.state}
        yield Record("ledger.correction", row.id, {**data, "note": row.decision_note})
    for row in _of(Supplement, Supplement.request.in_(own) & (Supplement.decision_note != ERASED)):
        data = {"minutes": row.minutes, "state": row.state, "note": row.decision_note}
        yield Record("ledger.supplement", row.id, data)
    for row in _of(Overtime, _mine(Overtime, subject)):
        data = {"month": row.month.isoformat(), "minutes": row.minutes}
        yield Record("ledger.overtime", row.id, data)
    accounts = Account.select(Account.id).where(_mine(Account, subject))
    for row in _of(LateBase, LateBase.account.in_(accounts)):
        data = {"base": row.base, "noted_at": row.noted_at.isoformat()}
        yield Record("ledger.late_base", row.id, {**data, "settled_at": _instant(row.settled_at)})
    for row in _of(JournalEntry, JournalEntry.account.in_(accounts)):
        data = {"kind": row.kind, "work_date": row.work_date.isoformat(), "minutes": row.minutes}
        yield Record("ledger.journal_entry", row.id, data)


def erase(ctx: Context, subject: Subject) -> Receipt:
    """Erase hours, leave, overtime and own rates of those who have left, and the words of their requests.

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
            (Overtime, Overtime.person.in_(gone)),
            (LateBase, LateBase.account.in_(_accounts_of(gone))),
        )
    )
    requests = Request.select(Request.id).where(Request.person.in_(gone))
    redacted = sum(
        model.update(words).where(condition).execute()
        for model, words, condition in (
            (Request, _NO_WORDS, Request.person.in_(gone) & (Request.purpose != ERASED)),
            (
                Standing,
                {"purpose": ERASED, "decision_note": "", "ended_reason": "", "left_out": ""},
                Standing.person.in_(gone) & (Standing.purpose != ERASED),
            ),
            (
                Correction,
                {"reason": ERASED, "decision_note": ""},
                Correction.request.in_(requests) & (Correction.reason != ERASED),
            ),
            (
                Supplement,
                {"decision_note": ERASED},
                Supplement.request.in_(requests) & (Supplement.decision_note != ERASED),
            ),
        )
    )
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


def _accounts_of(people: Any) -> Any:
    return Account.select(Account.id).where(Account.person.in_(people))


def _own_rate(people: Any) -> Any:
    return (RateRow.level == "person") & RateRow.target_id.in_(people)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _request(row: Any) -> dict[str, Any]:
    return {
        "activity": DISCREET_ACTIVITY if row.discreet else row.activity,
        "purpose": row.purpose,
        "place": row.place,
        "work_date": row.work_date.isoformat(),
        "starts_at": _instant(row.starts_at),
        "ends_at": _instant(row.ends_at),
        "minutes": row.minutes,
        "agreed_minutes": row.agreed_minutes,
        "state": row.state,
        "note": row.decision_note,
        "requested_at": row.requested_at.isoformat(),
        "after_fact": row.after_fact,
        "oral_by": row.oral_by_id,
        "oral_at": _instant(row.oral_at),
        "oral_answer": row.oral_answer,
        "entered_by": row.entered_by_id,
        "attended_at": _instant(row.attended_at),
        "attended_minutes": row.attended_minutes,
        "reviewed_at": _instant(row.reviewed_at),
        "objection": row.objection,
        "ended_reason": row.ended_reason,
        "brought_home": row.brought_home,
        "travel": row.travel,
        "travel_for": row.travel_for_id,
        "source": f"{row.source_kind} {row.source_id}" if row.source_kind else None,
    }


def _standing(row: Any) -> dict[str, Any]:
    return {
        "activity": DISCREET_ACTIVITY if row.discreet else row.activity,
        "purpose": row.purpose,
        "place": row.place,
        "kind": row.kind,
        "rule": row.rule,
        "left_out": row.left_out,
        "starts": row.starts,
        "ends": row.ends,
        "minutes": row.minutes,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "state": row.state,
        "note": row.decision_note,
        "ended_reason": row.ended_reason,
    }
