"""How the codes of standing agreements are called on screens."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.ledger.standing.planning import NotHeld
from niwari.specs.contributions import Label

NOT_HELD_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        NotHeld.PAST: Label("始まる前の了承が間に合いません", "It is over before the OK"),
        NotHeld.HOLIDAY: Label("祝日・閉庁日です", "A holiday, or closed"),
        NotHeld.NOT_APPOINTED: Label("在職していない日です", "Not in office on that day"),
        NotHeld.NO_BASE: Label(
            "この期間には勤務時間がありません", "No working hours in that period"
        ),
        NotHeld.LEAVE: Label("休暇が登録されています", "Leave is registered"),
        NotHeld.OUTSIDE_HOURS: Label(
            "勤務時間の外か、勤務時間より長い予定です",
            "Outside of, or longer than, working hours",
        ),
        NotHeld.OVERLAP: Label(
            "同じ時間に、ほかの申込みがあります", "Another request at that time"
        ),
        NotHeld.DAY_FULL: Label(
            "その日は、ほかの申込みでいっぱいです", "That day is full of other requests"
        ),
        NotHeld.OVER_FREE: Label("残りが足りません", "Too little is left"),
        NotHeld.CLOSED: Label("その月は、もう締まっています", "That month is closed"),
        NotHeld.FROZEN: Label(
            "災害などのため、20%の時間が止まっています", "20% time rests, as after a disaster"
        ),
    }
)

RHYTHM_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "WEEKLY;BYDAY=": Label("毎週", "Every"),
        "WEEKLY;INTERVAL=2;BYDAY=": Label("2週間ごとの", "Every second"),
        "MONTHLY;BYDAY=1": Label("毎月第1", "Every month on the first"),
        "MONTHLY;BYDAY=2": Label("毎月第2", "Every month on the second"),
        "MONTHLY;BYDAY=3": Label("毎月第3", "Every month on the third"),
        "MONTHLY;BYDAY=4": Label("毎月第4", "Every month on the fourth"),
        "MONTHLY;BYDAY=-1": Label("毎月最後の", "Every month on the last"),
    }
)
"""By the rule without FREQ= and the day of the week."""

WEEKDAY_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "MO": Label("月曜日", "Monday"),
        "TU": Label("火曜日", "Tuesday"),
        "WE": Label("水曜日", "Wednesday"),
        "TH": Label("木曜日", "Thursday"),
        "FR": Label("金曜日", "Friday"),
        "SA": Label("土曜日", "Saturday"),
        "SU": Label("日曜日", "Sunday"),
    }
)
