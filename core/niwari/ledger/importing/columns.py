"""The columns of the files of work time."""

from niwari.directory.importing.columns import LOGIN, Columns, FileColumn
from niwari.ledger.models import LEAVE_KINDS
from niwari.specs.contributions import Label

_DAYS = (
    ("mon", "月", "Monday"),
    ("tue", "火", "Tuesday"),
    ("wed", "水", "Wednesday"),
    ("thu", "木", "Thursday"),
    ("fri", "金", "Friday"),
    ("sat", "土", "Saturday"),
    ("sun", "日", "Sunday"),
)
_HOURS = Label(
    "08:30-12:00 13:00-17:15 のように。勤務のない日は空に",
    "Like 08:30-12:00 13:00-17:15; empty where there is no work",
)
_DAY = Label("2026-11-04 のように", "A day like 2026-11-04")
_MOMENT = Label("2026-11-04T08:30 のように", "Local time, like 2026-11-04T08:30")
_KIND_OF_LEAVE = FileColumn(
    "kind",
    Label("休暇の種類", "Kind of leave"),
    Label(f"{'、'.join(LEAVE_KINDS)} のどれか", f"One of {', '.join(LEAVE_KINDS)}"),
)

PATTERNS: Columns = (
    LOGIN,
    FileColumn(
        "from",
        Label("はじまり", "From"),
        Label("この日から、次の型の前の日まで", "From this day until the person's next pattern"),
    ),
    *(FileColumn(name, Label(ja, en), _HOURS) for name, ja, en in _DAYS),
)
"""patterns.csv."""

ROSTER: Columns = (
    LOGIN,
    FileColumn("date", Label("日", "Day"), _DAY),
    FileColumn("intervals", Label("勤務の時間", "Hours"), _HOURS),
    FileColumn(
        "kind",
        Label("勤務か休みか", "Work or off"),
        Label("work（勤務）か off（休み）", "work, with intervals, or off, with none"),
    ),
)
"""roster.csv."""

LEAVE: Columns = (
    LOGIN,
    _KIND_OF_LEAVE,
    FileColumn("start", Label("はじまり", "From"), _MOMENT),
    FileColumn("end", Label("おわり", "To"), _MOMENT),
)
"""leave.csv."""

LEAVE_UNITS: Columns = (
    LOGIN,
    _KIND_OF_LEAVE,
    FileColumn("date", Label("日", "Day"), _DAY),
    FileColumn(
        "unit",
        Label("単位", "Unit"),
        Label(
            "1日、午前、午後、または 2時間 のような時間",
            "1日, 午前, 午後, or whole hours like 2時間",
        ),
    ),
)
"""Leave by day and unit."""
