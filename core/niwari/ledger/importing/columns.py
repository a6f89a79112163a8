"""The columns of the files of work time."""

from niwari.directory.importing.columns import LOGIN, Columns, FileColumn
from niwari.ledger.models import LEAVE_KINDS
from niwari.ledger.words import LEAVE_LABELS
from niwari.specs.contributions import Label

_DAYS = {
    "mon": Label("月", "Monday"),
    "tue": Label("火", "Tuesday"),
    "wed": Label("水", "Wednesday"),
    "thu": Label("木", "Thursday"),
    "fri": Label("金", "Friday"),
    "sat": Label("土", "Saturday"),
    "sun": Label("日", "Sunday"),
}
_HOURS = Label("勤務の時間。勤務のない日は空欄", "Hours; empty on days without work")
_TIMES = "08:30-12:00 13:00-17:15"
_ONE_DAY = Label("対象の日。1行に1日", "One day on each line")
_FIRST = Label("休暇が始まる日時", "Day and time at which the leave begins")
_LAST = Label("休暇が終わる日時", "Day and time at which the leave ends")
_KIND_OF_LEAVE = FileColumn(
    "kind",
    Label("休暇の種類", "Kind of leave"),
    Label(
        "、".join(f"{kind}（{LEAVE_LABELS[kind].ja}）" for kind in LEAVE_KINDS) + "のどれか",
        "One of " + ", ".join(LEAVE_KINDS),
    ),
)

PATTERNS: Columns = (
    LOGIN,
    FileColumn(
        "from",
        Label("始まり", "From"),
        Label("この日から、次の型の前の日まで", "From this day until the person's next pattern"),
        "2026-04-01",
    ),
    *(FileColumn(name, label, _HOURS, _TIMES) for name, label in _DAYS.items()),
)
"""patterns.csv."""

ROSTER: Columns = (
    LOGIN,
    FileColumn("date", Label("日", "Day"), _ONE_DAY, "2026-11-04"),
    FileColumn("intervals", Label("勤務の時間", "Hours"), _HOURS, _TIMES),
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
    FileColumn("start", Label("始まり", "From"), _FIRST, "2026-11-04T08:30"),
    FileColumn("end", Label("終わり", "To"), _LAST, "2026-11-04T17:15"),
)
"""leave.csv."""

LEAVE_UNITS: Columns = (
    LOGIN,
    _KIND_OF_LEAVE,
    FileColumn("date", Label("日", "Day"), _ONE_DAY, "2026-11-04"),
    FileColumn(
        "unit",
        Label("単位", "Unit"),
        Label("1日、午前、午後、または時間数", "The day, the morning, the afternoon, or hours"),
        "1日, 午前, 午後, 2時間",
    ),
)
"""Leave by day and unit."""

OVERTIME: Columns = (
    LOGIN,
    FileColumn("month", Label("月", "Month"), Label("年と月", "Year and month"), "2026-11"),
    FileColumn(
        "minutes",
        Label("分", "Minutes"),
        Label("その月の時間外勤務の合計（分）", "Overtime of the month, in minutes"),
        "750",
    ),
)
"""overtime.csv."""
