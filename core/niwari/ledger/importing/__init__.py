"""Importing work time: patterns.csv and leave.csv."""

from niwari.ledger.importing.leave import import_leave
from niwari.ledger.importing.patterns import import_patterns
from niwari.ledger.importing.people import ImportReport

__all__ = ["ImportReport", "import_leave", "import_patterns"]
