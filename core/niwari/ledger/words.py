"""How the ledger's codes are called on screens."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.ledger.models import State
from niwari.specs.contributions import Label

PLACE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "head_office": Label("本庁舎", "Head office"),
        "branch": Label("支所・出先", "Branch office"),
        "home": Label("自宅", "Home"),
        "satellite": Label("サテライトオフィス", "Satellite office"),
        "other_municipality": Label("ほかの市町村", "Another municipality"),
    }
)

STATE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        State.REQUESTED: Label("了承を待っています", "Waiting for OK"),
        State.AGREED: Label("了承済み", "OK"),
        State.PARTLY_AGREED: Label("短くして了承", "OK for less"),
        State.RETURNED: Label("相談して直す", "To discuss"),
        State.DECLINED: Label("今回は見送り", "Not this time"),
        State.WITHDRAWN: Label("取下げ", "Withdrawn"),
        State.RECORDED: Label("記録済み", "Recorded"),
    }
)

LEAVE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "annual": Label("年次休暇", "Annual leave"),
        "sick": Label("病気休暇", "Sick leave"),
        "special": Label("特別休暇", "Special leave"),
        "maternity": Label("産前産後休暇", "Maternity leave"),
        "childcare": Label("育児休業", "Childcare leave"),
        "partial": Label("部分休業", "Partial leave"),
        "care": Label("介護休暇", "Care leave"),
        "study": Label("修学部分休業等", "Study leave"),
        "grandchild": Label("孫の休暇", "Grandchild leave"),
    }
)
