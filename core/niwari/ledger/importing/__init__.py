"""Importing work time: patterns.csv, leave.csv, leave by units, roster.csv; and overtime.csv."""

from niwari.ledger.importing.leave import import_leave, plan_leave
from niwari.ledger.importing.leave_units import import_leave_units, plan_leave_units
from niwari.ledger.importing.overtime import import_overtime, plan_overtime
from niwari.ledger.importing.patterns import import_patterns, plan_patterns
from niwari.ledger.importing.people import ImportReport
from niwari.ledger.importing.roster import import_roster, plan_roster

__all__ = [
    "ImportReport",
    "import_leave",
    "import_leave_units",
    "import_overtime",
    "import_patterns",
    "import_roster",
    "plan_leave",
    "plan_leave_units",
    "plan_overtime",
    "plan_patterns",
    "plan_roster",
]
