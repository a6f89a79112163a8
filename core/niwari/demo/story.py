"""When the demo's world begins."""

from datetime import date, datetime

from niwari.clock import TOKYO

BEGINNING = datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO)
"""Tuesday 10 November 2026, 9:00: the demo starts here, whatever the machine's clock says, and goes on."""

LAST_DAY = date(2030, 3, 31)
"""The demo's clock can be moved up to here: far enough for a year whose 保存年限 is over (L6)."""
