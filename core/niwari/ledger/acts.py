"""What people call the acts of the ledger in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "ledger.ask": Label("20%の時間を申し込んだ", "Asked for 20% time"),
        "ledger.ask_again": Label("申込みを直して出し直した", "Changed a request and asked again"),
        "ledger.withdraw": Label("申込みを取り下げた", "Withdrew a request"),
        "ledger.agree": Label("申込みを了承した", "Agreed to a request"),
        "ledger.return": Label("申込みを「相談して直す」にした", "Answered a request: discuss"),
        "ledger.decline": Label(
            "申込みを「今回は見送り」にした", "Answered a request: not this time"
        ),
        "ledger.record": Label("使った時間を記録した", "Recorded the time used"),
        "ledger.set_rate": Label("使える割合を決めた", "Set the share of time"),
        "ledger.import_patterns": Label("勤務の型を取り込んだ", "Imported working patterns"),
        "ledger.import_roster": Label("1日ごとの勤務を取り込んだ", "Imported single days of work"),
        "ledger.import_leave": Label("休暇を取り込んだ", "Imported leave"),
    }
)
