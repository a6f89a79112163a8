"""Which rows are those of one fiscal year of one municipality: written out together, removed together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import Case

from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.models import (
    DISCREET_ACTIVITY,
    Account,
    Closing,
    Correction,
    JournalEntry,
    LateBase,
    LeaveSpan,
    Overtime,
    Request,
    RosterRow,
    Standing,
    Supplement,
)
from niwari.specs.contributions import Label


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of row: how it is called, its condition, and the columns of its file."""

    code: str
    label: Label
    model: Any
    of: Callable[[FiscalYear], Any]
    columns: tuple[tuple[Label, Any], ...]


_NUMBER = Label("番号", "Number")
_PERSON = Label("職員の番号", "Person")
_REQUEST = Label("申込みの番号", "Request")
_ACCOUNT = Label("枠の番号", "Account")
_MINUTES = Label("分", "Minutes")
_STATE = Label("状態", "State")
_STARTS, _ENDS = Label("始まり", "Start"), Label("終わり", "End")
_ACTIVITY, _PURPOSE = Label("活動の種類", "Class"), Label("すること", "Purpose")
_PLACE, _DAY = Label("場所", "Place"), Label("日にち", "Day")
_DECIDED = Label("答えた日時", "Answered at")


def _shown(model: Any, column: Any, instead: str) -> Any:
    """Return a column of what is not discreet: the file says no more than any page (rule L14)."""
    return Case(None, ((model.discreet, instead),), column)


PARTS: tuple[Part, ...] = (
    Part(
        "supplements",
        Label("追加の記録", "Supplements"),
        Supplement,
        lambda year: year.of_requests(Supplement.request),
        (
            (_NUMBER, Supplement.id),
            (_REQUEST, Supplement.request),
            (_MINUTES, Supplement.minutes),
            (_STATE, Supplement.state),
            (_DECIDED, Supplement.decided_at),
        ),
    ),
    Part(
        "corrections",
        Label("訂正", "Corrections"),
        Correction,
        lambda year: year.of_requests(Correction.request),
        (
            (_NUMBER, Correction.id),
            (_REQUEST, Correction.request),
            (Label("訂正前の分", "Minutes before"), Correction.former),
            (_MINUTES, Correction.minutes),
            (_STATE, Correction.state),
            (Label("頼んだ日時", "Asked at"), Correction.asked_at),
            (_DECIDED, Correction.decided_at),
        ),
    ),
    Part(
        "late_bases",
        Label("締めたあとに届いた休暇・勤務", "Hours after closing"),
        LateBase,
        lambda year: year.of_accounts(LateBase.account),
        (
            (_NUMBER, LateBase.id),
            (_ACCOUNT, LateBase.account),
            (Label("勤務時間（分）", "Base"), LateBase.base),
            (Label("届いた日時", "Noted at"), LateBase.noted_at),
            (Label("確認した日時", "Settled at"), LateBase.settled_at),
        ),
    ),
    Part(
        "entries",
        Label("台帳の記帳", "Postings"),
        JournalEntry,
        lambda year: year.of_accounts(JournalEntry.account),
        (
            (_NUMBER, JournalEntry.id),
            (_ACCOUNT, JournalEntry.account),
            (_REQUEST, JournalEntry.request),
            (Label("種類", "Kind"), JournalEntry.kind),
            (_DAY, JournalEntry.work_date),
            (_MINUTES, JournalEntry.minutes),
            (Label("使った分の増減", "Used"), JournalEntry.used_delta),
            (Label("予定の分の増減", "Reserved"), JournalEntry.reserved_delta),
            (Label("記帳した日時", "Posted at"), JournalEntry.posted_at),
            (Label("取り消した記帳の番号", "Reverses"), JournalEntry.reverses),
            (Label("置き換えた記帳の番号", "Replaces"), JournalEntry.replaces),
        ),
    ),
    Part(
        "requests",
        Label("申込み", "Requests"),
        Request,
        lambda year: year.requests,
        (
            (_NUMBER, Request.id),
            (_PERSON, Request.person),
            (_DAY, Request.work_date),
            (_STARTS, Request.starts_at),
            (_ENDS, Request.ends_at),
            (_MINUTES, Request.minutes),
            (Label("了承された分", "Agreed minutes"), Request.agreed_minutes),
            (_STATE, Request.state),
            (_ACTIVITY, _shown(Request, Request.activity, DISCREET_ACTIVITY)),
            (_PURPOSE, _shown(Request, Request.purpose, "")),
            (_PLACE, Request.place),
            (Label("申し込んだ日時", "Asked at"), Request.requested_at),
            (_DECIDED, Request.decided_at),
        ),
    ),
    Part(
        "standings",
        Label("包括了承", "Standing agreements"),
        Standing,
        lambda year: year.standings,
        (
            (_NUMBER, Standing.id),
            (_PERSON, Standing.person),
            (_STARTS, Standing.first_day),
            (_ENDS, Standing.last_day),
            (_MINUTES, Standing.minutes),
            (_STATE, Standing.state),
            (_ACTIVITY, _shown(Standing, Standing.activity, DISCREET_ACTIVITY)),
            (_PURPOSE, _shown(Standing, Standing.purpose, "")),
            (_PLACE, Standing.place),
            (_DECIDED, Standing.decided_at),
        ),
    ),
    Part(
        "leave",
        Label("休暇", "Leave"),
        LeaveSpan,
        lambda year: year.leave,
        (
            (_NUMBER, LeaveSpan.id),
            (_PERSON, LeaveSpan.person),
            (Label("種類", "Kind"), LeaveSpan.kind),
            (_STARTS, LeaveSpan.starts_at),
            (_ENDS, LeaveSpan.ends_at),
        ),
    ),
    Part(
        "rosters",
        Label("1日ごとの勤務", "Single days of work"),
        RosterRow,
        lambda year: year.rosters,
        (
            (_NUMBER, RosterRow.id),
            (_PERSON, RosterRow.person),
            (_DAY, RosterRow.day),
            (Label("勤務の時間", "Hours"), RosterRow.hours),
        ),
    ),
    Part(
        "overtime",
        Label("時間外勤務", "Overtime"),
        Overtime,
        lambda year: year.overtime,
        (
            (_NUMBER, Overtime.id),
            (_PERSON, Overtime.person),
            (Label("月", "Month"), Overtime.month),
            (_MINUTES, Overtime.minutes),
        ),
    ),
    Part(
        "accounts",
        Label("枠", "Allowances"),
        Account,
        lambda year: year.accounts,
        (
            (_NUMBER, Account.id),
            (_PERSON, Account.person),
            (_STARTS, Account.starts_on),
            (_ENDS, Account.ends_on),
            (Label("勤務時間（分）", "Base"), Account.base),
            (Label("枠（分）", "Allowance"), Account.cap),
            (Label("使った分", "Used"), Account.used),
            (Label("予定の分", "Reserved"), Account.reserved),
            (Label("締めた日時", "Closed at"), Account.closed_at),
            (Label("訂正した日時", "Corrected at"), Account.corrected_at),
        ),
    ),
    Part(
        "closings",
        Label("月の締め", "Closings"),
        Closing,
        lambda year: year.closings,
        (
            (_NUMBER, Closing.id),
            (_STARTS, Closing.starts_on),
            (_ENDS, Closing.ends_on),
            (Label("締めた日時", "Closed at"), Closing.closed_at),
            (Label("職員の数", "People"), Closing.people),
            (Label("記録なしで終了", "Lapsed"), Closing.lapsed),
        ),
    ),
)
"""In the order in which they are removed: what refers to others goes first."""
