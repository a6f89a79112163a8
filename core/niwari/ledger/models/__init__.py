"""The ledger's tables: work time (patterns, leave, rates), and accounts with their journal."""

from niwari.ledger.models.accounts import (
    DISCREET_ACTIVITY,
    PLACES,
    STANDING,
    Account,
    JournalEntry,
    RateRow,
    Request,
    State,
)
from niwari.ledger.models.roster import RosterRow
from niwari.ledger.models.work_time import (
    LEAVE_KINDS,
    LeaveSpan,
    WorkPattern,
    read_week,
    week_text,
)

MODELS = (WorkPattern, LeaveSpan, RosterRow, RateRow, Account, Request, JournalEntry)

__all__ = [
    "DISCREET_ACTIVITY",
    "LEAVE_KINDS",
    "MODELS",
    "PLACES",
    "STANDING",
    "Account",
    "JournalEntry",
    "LeaveSpan",
    "RateRow",
    "Request",
    "RosterRow",
    "State",
    "WorkPattern",
    "read_week",
    "week_text",
]
