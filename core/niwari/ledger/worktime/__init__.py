"""Work time: which hours a person is scheduled for, and how many minutes the rule allows.

Pure functions over frozen dataclasses: no database, no clock, no request. Amounts are whole
minutes, rates basis points, wall time is Asia/Tokyo. Spans of time
are half-open; ranges of days include both ends, as in the directory. Source: the ledger
terms base, rate, cap and period, rules L10, L19, L21 and L23.
"""

from niwari.ledger.worktime.counting import Part, counting_minutes, counting_parts
from niwari.ledger.worktime.day_base import DayBase, base, cap, day_bases
from niwari.ledger.worktime.errors import CellError, CellProblem, PeriodError, WorkTimeError
from niwari.ledger.worktime.intervals import Hours, Interval, format_hours, parse_hours
from niwari.ledger.worktime.leave import LONG_LEAVE_KINDS, Leave, LeavePolicy
from niwari.ledger.worktime.patterns import (
    DEFAULT_PATTERN,
    DEFAULT_WEEK,
    NEW_YEAR,
    Closure,
    Employment,
    RosterDay,
    Week,
    WorkPattern,
    parse_week,
)
from niwari.ledger.worktime.periods import (
    Period,
    PeriodKind,
    fiscal_year_of,
    parse_period,
    period_of,
    period_spanning,
    periods_between,
)
from niwari.ledger.worktime.rates import REGION_RATE, Rate, RateLevels
from niwari.ledger.worktime.reasons import Reason, Why, reason_code
from niwari.ledger.worktime.schedule import WorkConditions, WorkDay, work_days

__all__ = [
    "DEFAULT_PATTERN",
    "DEFAULT_WEEK",
    "LONG_LEAVE_KINDS",
    "NEW_YEAR",
    "REGION_RATE",
    "CellError",
    "CellProblem",
    "Closure",
    "DayBase",
    "Employment",
    "Hours",
    "Interval",
    "Leave",
    "LeavePolicy",
    "Part",
    "Period",
    "PeriodError",
    "PeriodKind",
    "Rate",
    "RateLevels",
    "Reason",
    "RosterDay",
    "Week",
    "Why",
    "WorkConditions",
    "WorkDay",
    "WorkPattern",
    "WorkTimeError",
    "base",
    "cap",
    "counting_minutes",
    "counting_parts",
    "day_bases",
    "fiscal_year_of",
    "format_hours",
    "parse_hours",
    "parse_period",
    "parse_week",
    "period_of",
    "period_spanning",
    "periods_between",
    "reason_code",
    "work_days",
]
