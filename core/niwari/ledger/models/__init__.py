"""The ledger's tables: work time, accounts with their journal, requests, and what is arranged."""

from niwari.ledger.models.accounts import Account, JournalEntry, RateRow
from niwari.ledger.models.arrangements import BASES, Avoidance, Basis, Freeze, PeriodChoice
from niwari.ledger.models.closing import Closing, Correction, LateBase, Supplement
from niwari.ledger.models.disposal import Disposal, DisposalRecord
from niwari.ledger.models.overtime import Overtime
from niwari.ledger.models.requests import (
    AGREED_STATES,
    DISCREET_ACTIVITY,
    PLACES,
    Request,
    State,
)
from niwari.ledger.models.roster import RosterRow
from niwari.ledger.models.standing import Standing
from niwari.ledger.models.work_time import (
    LEAVE_KINDS,
    LeaveSpan,
    WorkPattern,
    read_week,
    week_text,
)

MODELS = (
    WorkPattern,
    LeaveSpan,
    RosterRow,
    RateRow,
    Freeze,
    Avoidance,
    Basis,
    PeriodChoice,
    Standing,
    Request,
    Account,
    JournalEntry,
    Closing,
    LateBase,
    Correction,
    Supplement,
    Overtime,
    Disposal,
    DisposalRecord,
)

__all__ = [
    "AGREED_STATES",
    "BASES",
    "DISCREET_ACTIVITY",
    "LEAVE_KINDS",
    "MODELS",
    "PLACES",
    "Account",
    "Avoidance",
    "Basis",
    "Closing",
    "Correction",
    "Disposal",
    "DisposalRecord",
    "Freeze",
    "JournalEntry",
    "LateBase",
    "LeaveSpan",
    "Overtime",
    "PeriodChoice",
    "RateRow",
    "Request",
    "RosterRow",
    "Standing",
    "State",
    "Supplement",
    "WorkPattern",
    "read_week",
    "week_text",
]
